using System.Data.Common;
using Telemetry.Api.Store;
using Telemetry.Core.Ingest;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

sealed partial class OfflineBootstrap(Spool spool, VehicleRegistry vehicles, SignalCatalog signals, LiveInput intake, ILogger<OfflineBootstrap> log)
{
    const int RecentBatches = 200;

    readonly Lock _gate = new();
    readonly SpoolVehicles _saved = new(spool);

    /// <summary>Restores vehicle ids and the newest unstored readings. Nothing from an unreadable spool: the store has the data when it is open.</summary>
    public void Restore()
    {
        try
        {
            RestoreAll();
        }
        catch (DbException error)
        {
            Log.NotRecalled(log, DbErrorText.Summarize(error));
        }
    }

    void RestoreAll()
    {
        foreach (var (id, key) in _saved.Vehicles()) intake.Restore(vehicles.Restore(id, key), []);
        foreach (var (key, into) in _saved.Merged())
            if (vehicles.KnownByKey(into) is { } other) vehicles.RestoreMerged(key, other);
        vehicles.LastId = _saved.LastId();
        foreach (var (device, id) in _saved.Assignments()) vehicles.Assign(device, id is { } known ? vehicles.Find(known) : null);
        vehicles.TakeChanges(); // These are in the spool already.
        var last = new Dictionary<(Vehicle, Signal), Reading>();
        foreach (var entry in spool.Newest(RecentBatches).SelectMany(content => BatchFormat.Read(content, vehicles, signals)))
            foreach (var reading in entry.Readings) last[(entry.Vehicle!, reading.Signal)] = reading;
        foreach (var vehicle in last.GroupBy(pair => pair.Key.Item1, pair => pair.Value)) intake.Restore(vehicle.Key, [.. vehicle]);
    }

    /// <summary>Saves changed vehicles. Thread-safe. A failed save is repeated the next time and never stops a write to the store.</summary>
    public void SaveVehicles()
    {
        lock (_gate)
        {
            var changes = vehicles.TakeChanges();
            if (changes.IsEmpty) return;
            try
            {
                _saved.Save(changes);
            }
            catch (DbException error)
            {
                vehicles.ReturnChanges(changes);
                Log.NotNoted(log, DbErrorText.Summarize(error));
            }
        }
    }

    static partial class Log
    {
        [LoggerMessage(420, LogLevel.Warning, "The spool cannot be read ({Problem}): vehicles and last values come from the store when it is open")]
        public static partial void NotRecalled(ILogger log, string problem);

        [LoggerMessage(406, LogLevel.Debug, "The vehicles' ids could not be saved in the spool ({Problem})")]
        public static partial void NotNoted(ILogger log, string problem);
    }
}
