using Telemetry.Api.Store;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

sealed class HeardVehicleLoader(HeardVehicles heard, HeardVehicleTable table, ReadingStore store, Spool spool, WriterLease lease, VehicleRegistry vehicles)
{
    const string Note = "source";

    readonly SpoolNotes _notes = new(spool);

    /// <summary>After a change of broker, this server keeps the vehicles that it heard through the earlier one. Throws <see cref="System.Data.Common.DbException"/> while store or spool are unavailable.</summary>
    public async Task LoadAsync()
    {
        if (_notes.Find(Note) is { } before && before != heard.Source) await store.ChangeAsync([], transaction => table.RenameAsync(transaction, before, heard.Source, lease.ServerId));
        _notes.Save(Note, heard.Source);
        foreach (var row in await table.ReadAsync(0))
            if (vehicles.Find(row.VehicleId) is { } vehicle) heard.Restore(vehicle, row);
    }
}
