using Telemetry.Api.Store;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

/// <summary>Loads which vehicles were heard in earlier runs.</summary>
sealed class HeardVehicleLoader(HeardVehicles heard, HeardVehicleTable table, ReadingStore store, Spool spool, WriterLease lease, VehicleRegistry vehicles)
{
    const string Note = "source";

    readonly SpoolNotes _notes = new(spool);

    /// <summary>Loads them. With another broker than before, this server goes on with the vehicles that it heard through that one.</summary>
    /// <exception cref="System.Data.Common.DbException">Store or spool are unavailable.</exception>
    public async Task LoadAsync()
    {
        if (_notes.Find(Note) is { } before && before != heard.Source) await store.ChangeAsync([], transaction => table.RenameAsync(transaction, before, heard.Source, lease.ServerId));
        _notes.Save(Note, heard.Source);
        foreach (var row in await table.ReadAsync(0))
            if (vehicles.Find(row.VehicleId) is { } vehicle) heard.Restore(vehicle, row);
    }
}
