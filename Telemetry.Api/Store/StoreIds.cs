using System.Data.Common;
using Dapper;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Store;

/// <summary>Ids of vehicles and signals in the store. <c>last_ids</c> has the highest of each kind: its row is locked while names are registered and is rolled back with them, so ids are neither skipped nor given again after a merge. One caller at a time.</summary>
sealed class StoreIds(StoreDialect dialect, VehicleRegistry vehicles)
{
    const string SignalsByName = "SELECT name, signal_id FROM signals WHERE ";
    const string VehiclesByKey = "SELECT device, vehicle_id FROM (SELECT device, vehicle_id FROM vehicles UNION ALL SELECT device, vehicle_id FROM merged_vehicles) known WHERE ";

    readonly Dictionary<Signal, int> _signals = [];
    readonly Dictionary<Vehicle, int> _vehicles = [];
    int _merges = -1;

    public int this[Vehicle vehicle] => _vehicles[vehicle];

    public int this[Signal signal] => _signals[signal];

    public void Clear()
    {
        _signals.Clear();
        _vehicles.Clear();
    }

    public void Add(Vehicle vehicle, int id) => _vehicles[vehicle] = id;

    /// <summary>False if the cached ids were outdated and have been cleared. True holds until the end of the transaction. A merge excludes all other transactions that use ids.</summary>
    public async Task<bool> AreCurrentAsync(DbTransaction transaction, bool isMerge)
    {
        await dialect.LockIdsAsync(transaction, isMerge);
        var merges = await transaction.Connection!.ExecuteScalarAsync<int>("SELECT last_id FROM last_ids WHERE kind = 'merge'", transaction: transaction);
        if (merges == _merges) return true;
        Clear();
        _merges = merges;
        return false;
    }

    public async Task RegisterAsync(IReadOnlyCollection<Vehicle> someVehicles, IReadOnlyCollection<Signal> someSignals, Func<Task<DbConnection>> open)
    {
        var newVehicles = someVehicles.Where(vehicle => !_vehicles.ContainsKey(vehicle)).OrderBy(vehicle => vehicle.Id).ToList();
        var newSignals = someSignals.Where(signal => !_signals.ContainsKey(signal)).ToList();
        if (newVehicles.Count + newSignals.Count == 0) return;

        await using var connection = await open();
        var vehicleIds = await KnownAsync(VehiclesByKey, "device", newVehicles.Select(vehicle => vehicle.Key), connection, null);
        var signalIds = await KnownAsync(SignalsByName, "name", newSignals.Select(signal => signal.Name), connection, null);
        if (!newVehicles.All(vehicle => vehicleIds.ContainsKey(vehicle.Key)) || !newSignals.All(signal => signalIds.ContainsKey(signal.Name)))
        {
            // Includes all vehicles before the newest one, so that each keeps the id of its first message, whichever has readings first.
            if (newVehicles.Count > 0) newVehicles = [.. newVehicles.Union(vehicles.ProvisionalUpTo(newVehicles[^1].Id)).OrderBy(vehicle => vehicle.Id)];
            await using var transaction = await connection.BeginTransactionAsync();
            vehicleIds = await RegisteredAsync(newVehicles, transaction);
            signalIds = await RegisteredAsync(newSignals, transaction);
            await transaction.CommitAsync();
        }

        foreach (var signal in newSignals) _signals[signal] = signalIds[signal.Name];
        foreach (var vehicle in newVehicles)
        {
            var id = _vehicles[vehicle] = vehicleIds[vehicle.Key];
            if (vehicles.Find(id) is not { } holder || holder == vehicle || !await IsMergedAsync(vehicle, connection)) vehicles.Confirm(vehicle, id);
        }
    }

    async Task<Dictionary<string, int>> RegisteredAsync(List<Vehicle> newVehicles, DbTransaction transaction)
    {
        var last = await LastAsync("vehicle", "SELECT coalesce(max(vehicle_id), 0) FROM vehicles", transaction);
        var ids = await KnownAsync(VehiclesByKey, "device", newVehicles.Select(vehicle => vehicle.Key), transaction.Connection!, transaction);
        foreach (var vehicle in newVehicles.Where(vehicle => !ids.ContainsKey(vehicle.Key)))
        {
            // The provisional id if it was never used, so that clients see no change; otherwise the next one.
            var id = vehicle == vehicles.Default ? vehicle.Id : last = vehicle.Id > last ? vehicle.Id : last + 1;
            await transaction.Connection!.ExecuteAsync("INSERT INTO vehicles (vehicle_id, device) VALUES (@id, @Key)", new { id, vehicle.Key }, transaction);
            if (vehicle.Device is { } device) await AssignAsync(device, vehicle.Key, id, transaction);
            ids[vehicle.Key] = id;
        }

        await SetLastAsync("vehicle", last, transaction);
        return ids;
    }

    async Task<Dictionary<string, int>> RegisteredAsync(List<Signal> newSignals, DbTransaction transaction)
    {
        var last = await LastAsync("signal", "SELECT coalesce(max(signal_id), 0) FROM signals", transaction);
        var ids = await KnownAsync(SignalsByName, "name", newSignals.Select(signal => signal.Name), transaction.Connection!, transaction);
        foreach (var signal in newSignals.Where(signal => !ids.ContainsKey(signal.Name)))
        {
            await dialect.MakeRoomForSignalAsync(transaction, ++last);
            await transaction.Connection!.ExecuteAsync("INSERT INTO signals (signal_id, name) VALUES (@last, @Name)", new { last, signal.Name }, transaction);
            ids[signal.Name] = last;
        }

        await SetLastAsync("signal", last, transaction);
        return ids;
    }

    public static async Task AssignAsync(string device, string? key, int? vehicleId, DbTransaction transaction)
    {
        await transaction.Connection!.ExecuteAsync("DELETE FROM assignments WHERE device = @device", new { device }, transaction);
        if (key == device) return;
        await transaction.Connection!.ExecuteAsync("INSERT INTO assignments (device, vehicle_id) VALUES (@device, @vehicleId)", new { device, vehicleId }, transaction);
    }

    // An update without a change locks the row in both databases.
    static async Task<int> LastAsync(string kind, string highest, DbTransaction transaction)
    {
        var last = await transaction.Connection!.ExecuteScalarAsync<int>("UPDATE last_ids SET last_id = last_id WHERE kind = @kind RETURNING last_id", new { kind }, transaction);
        return Math.Max(last, await transaction.Connection!.ExecuteScalarAsync<int>(highest, transaction: transaction)); // Rows that others have inserted.
    }

    static async Task SetLastAsync(string kind, int last, DbTransaction transaction) =>
        await transaction.Connection!.ExecuteAsync("UPDATE last_ids SET last_id = @last WHERE kind = @kind AND last_id <> @last", new { kind, last }, transaction);

    // The key of a vehicle merged by another server has that other vehicle's id. Here it remains a vehicle until the next start.
    static Task<bool> IsMergedAsync(Vehicle vehicle, DbConnection connection) =>
        connection.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM merged_vehicles WHERE device = @Key)", new { vehicle.Key });

    async Task<Dictionary<string, int>> KnownAsync(string select, string column, IEnumerable<string> names, DbConnection connection, DbTransaction? transaction)
    {
        var wanted = names.ToArray();
        if (wanted.Length == 0) return [];
        var rows = await connection.ReadAsync(select + dialect.IsAnyOf(column, nameof(wanted)), [(nameof(wanted), dialect.Set(wanted))], row => (Name: row.GetString(0), Id: row.GetInt32(1)), transaction);
        return rows.ToDictionary(row => row.Name, row => row.Id);
    }
}
