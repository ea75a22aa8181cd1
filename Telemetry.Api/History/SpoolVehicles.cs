using Dapper;
using Telemetry.Api.Store;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

/// <summary>Vehicle ids, merges and dongles in the spool, for a start without the store. Thread-safe. Members throw a <see cref="System.Data.Common.DbException"/> while the spool is unavailable.</summary>
sealed class SpoolVehicles(Spool spool)
{
    public void Save(RegistryChanges changes) => spool.Use(connection =>
    {
        using var transaction = connection.BeginTransaction();
        connection.Execute("INSERT INTO vehicles (vehicle_id, device) VALUES (@Id, @Key) ON CONFLICT (device) DO UPDATE SET vehicle_id = excluded.vehicle_id", changes.Vehicles, transaction);
        connection.Execute("""
            DELETE FROM vehicles WHERE device = @Key;
            INSERT INTO merged (device, into_device) VALUES (@Key, @Into) ON CONFLICT (device) DO UPDATE SET into_device = excluded.into_device;
            """, changes.Merged.Select(pair => new { pair.Key, Into = pair.Value.Key }), transaction);
        connection.Execute("DELETE FROM assignments WHERE device = @device", changes.Devices.Select(device => new { device }), transaction);
        connection.Execute("INSERT INTO assignments (device, vehicle_id) VALUES (@Key, @Id)", changes.Assignments.Select(pair => new { pair.Key, pair.Value?.Id }), transaction);
        connection.Execute("INSERT INTO last_ids VALUES ('vehicle', @LastId) ON CONFLICT (kind) DO UPDATE SET last_id = excluded.last_id", new { changes.LastId }, transaction);
        transaction.Commit();
        return true;
    });

    public IReadOnlyList<(int Id, string Key)> Vehicles() =>
        spool.Use(connection => connection.Query<VehicleKeyRow>("SELECT vehicle_id, device FROM vehicles ORDER BY vehicle_id").Select(row => (row.VehicleId, row.Device)).ToList());

    public IReadOnlyList<(string Device, int? VehicleId)> Assignments() =>
        spool.Use(connection => connection.Query<AssignmentRow>("SELECT device, vehicle_id FROM assignments ORDER BY device").Select(row => (row.Device, row.VehicleId)).ToList());

    public IReadOnlyList<(string Key, string Into)> Merged() => spool.Use(connection => connection.Query<MergedRow>("SELECT device, into_device FROM merged").Select(row => (row.Device, row.IntoDevice)).ToList());

    public int LastId() => spool.Use(connection => connection.ExecuteScalar<int>("SELECT coalesce(max(last_id), 0) FROM last_ids WHERE kind = 'vehicle'"));

    internal sealed record MergedRow(string Device, string IntoDevice);
}
