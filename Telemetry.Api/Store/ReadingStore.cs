using System.Data.Common;
using System.Globalization;
using System.Reactive.Concurrency;
using System.Reflection;
using Dapper;
using Telemetry.Core.Alerts;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Store;

/// <summary>The durable store. One caller at a time. Members throw <see cref="DbException"/> while the database is unavailable, and then leave nothing half changed.</summary>
sealed class ReadingStore(StoreDialect dialect, SignalCatalog signals, VehicleRegistry vehicles, VehicleOwnership ownership, IScheduler clock)
{
    // Seconds. A migration may have to process years of readings.
    const int ScriptTimeout = 3600;
    const int ProbeTimeout = 3;

    readonly StoreIds _ids = new(dialect, vehicles);
    readonly AlertTable _alerts = new(dialect, vehicles, signals);

    public bool IsDataError(DbException error) => dialect.IsDataError(error);

    public string Name => dialect.Name;

    public string Location => dialect.Location;

    /// <summary>Migrates the schema: runs each new numbered script, in one transaction, on one server at a time.</summary>
    public Task PrepareAsync() => ForgettingAsync(() =>
    {
        dialect.Open();
        return InTransactionAsync(BringForwardAsync);
    });

    async Task BringForwardAsync(DbTransaction transaction)
    {
        var connection = transaction.Connection!;
        await dialect.LockSchemaAsync(transaction);
        await connection.ExecuteAsync("CREATE TABLE IF NOT EXISTS schema_version (version integer PRIMARY KEY)", transaction: transaction);
        var applied = await connection.ExecuteScalarAsync<int>("SELECT coalesce(max(version), 0) FROM schema_version", transaction: transaction);
        foreach (var (version, sql) in Scripts().Where(script => script.Version > applied))
        {
            await connection.ExecuteAsync(sql, transaction: transaction, commandTimeout: ScriptTimeout);
            await connection.ExecuteAsync("INSERT INTO schema_version (version) VALUES (@version)", new { version }, transaction);
        }

        await dialect.EnsurePartitionsAsync(transaction, DateTime.UtcNow);
    }

    public IReadOnlyDictionary<string, long> LoadedChanges { get; private set; } = new Dictionary<string, long>();

    public Task<IReadOnlyList<Vehicle>> LoadAsync() => dialect.WriteAsync(async () =>
    {
        _ids.Clear();
        await using var connection = await OpenAsync();
        LoadedChanges = await ChangeCounter.ReadAsync(connection); // First: what changes meanwhile is found later.
        var restored = new List<Vehicle>();
        foreach (var row in await connection.QueryAsync<StoredVehicle>(StoredVehicle.Select))
        {
            var vehicle = vehicles.Restore(row.VehicleId, row.Device, row.Name, row.OfflineAfter);
            restored.Add(vehicle);
            _ids.Add(vehicle, row.VehicleId);
        }

        foreach (var (id, profile) in await VehicleProfiles.LoadAsync(connection))
            if (vehicles.Find(id) is { } vehicle) vehicle.Profile = profile;

        foreach (var (id, device) in await connection.QueryAsync<VehicleKeyRow>("SELECT vehicle_id, device FROM merged_vehicles"))
            if (vehicles.Find(id) is { } into) vehicles.RestoreMerged(device, into);
        vehicles.LastId = await connection.ExecuteScalarAsync<int>("SELECT last_id FROM last_ids WHERE kind = 'vehicle'");
        foreach (var (device, id) in await connection.QueryAsync<AssignmentRow>("SELECT device, vehicle_id FROM assignments ORDER BY device"))
            vehicles.Assign(device, id is { } known ? vehicles.Find(known) : null);
        return (IReadOnlyList<Vehicle>)restored;
    });

    public Task<IReadOnlyList<VehicleValues>> LoadLastValuesAsync(IReadOnlyList<Vehicle> someVehicles) => dialect.WriteAsync(async () =>
    {
        await using var connection = await OpenAsync();
        var last = await connection.ReadAsync($"""
            SELECT l.vehicle_id, s.name, {dialect.Microseconds("l.recorded_at")}, l.value
            FROM last_values l JOIN signals s ON s.signal_id = l.signal_id
            WHERE {dialect.IsAnyOf("l.vehicle_id", "ids")}
            """, [("ids", dialect.Set([.. someVehicles.Select(vehicle => vehicle.Id)]))],
            row => new LastValueRow { VehicleId = row.GetInt32(0), Signal = row.GetString(1), Microseconds = row.GetInt64(2), Value = row.GetDouble(3) }, transaction: null);
        var lastValues = last.ToLookup(row => row.VehicleId);
        return (IReadOnlyList<VehicleValues>)[.. someVehicles.Select(vehicle => new VehicleValues(vehicle, [.. lastValues[vehicle.Id].SelectMany(AsReading)]))];
    });

    /// <summary>For rows that other servers may have changed. May run in parallel to other calls.</summary>
    public Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read) => dialect.WriteAsync(async () =>
    {
        await using var connection = await OpenAsync();
        return await read(connection);
    });

    /// <summary>Checks that the database answers and is still the one that was opened. A nearly full disk always checks writing too.</summary>
    public Task ProbeAsync(bool writes = false) => dialect.WriteAsync(async () =>
    {
        dialect.EnsureInPlace();
        await using var connection = await OpenAsync();
        if (!writes && !dialect.IsShortOfRoom) return await connection.ExecuteScalarAsync("SELECT 1", commandTimeout: ProbeTimeout);
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(dialect.WriteProbe, transaction: transaction, commandTimeout: ProbeTimeout);
        await transaction.CommitAsync();
        return null;
    });

    public Task TrimAsync() => dialect.TrimAsync();

    /// <summary>Writes all entries or none. Writing them again changes nothing. New vehicles and signals are registered first.</summary>
    public async Task WriteAsync(IReadOnlyList<HistoryEntry> entries)
    {
        for (var isDone = false; !isDone;)
        {
            try
            {
                await WriteOwnedAsync(HistoryEntry.OfExisting(ownership.Owned(entries)));
                isDone = true;
            }
            catch (NotOwnerException)
            {
                // Nothing was written: again, without the entries of another instance.
            }
        }
    }

    async Task WriteOwnedAsync(IReadOnlyList<HistoryEntry> entries)
    {
        // Looked up once: a vehicle may be merged meanwhile.
        IReadOnlyDictionary<Guid, Alert> instead = new Dictionary<Guid, Alert>();
        var owners = entries.Select(entry => entry.Vehicle?.Current).ToArray();
        var signalsOfEntries = entries.SelectMany(entry => entry.Readings).Select(reading => reading.Signal).Distinct().ToList();
        await UseIdsAsync(owners.OfType<Vehicle>().Distinct().ToList(), signalsOfEntries, isMerge: false, async transaction =>
        {
            if (signalsOfEntries.Count > 0) await dialect.InsertAsync(transaction, Rows(entries, owners), clock.Now.UtcDateTime);
            var changed = entries.Index().Where(entry => entry.Item.Alert is not null);
            instead = await _alerts.WriteAsync(transaction, [.. changed.Select(entry => new AlertOfVehicle(entry.Item.Alert!, owners[entry.Index] is { } owner ? _ids[owner] : AlertTable.NoVehicle))]);
            await ownership.ConfirmAsync(transaction, entries);
        });
        if (instead.Count == 0) return;
        foreach (var entry in entries)
            if (entry.Alert is { } alert && instead.TryGetValue(alert.Id, out var stored)) entry.InFlight?.OnStored(stored);
    }

    public Task ChangeAsync(IReadOnlyList<Vehicle> changed, Func<DbTransaction, Task> change, bool isMerge = false) => UseIdsAsync(changed, [], isMerge, change);

    /// <summary>True if the vehicle's id is current and it was not merged. For <see cref="ChangeAsync"/>.</summary>
    public bool Knows(Vehicle vehicle) => _ids[vehicle] == vehicle.Id;

    Task<bool> UseIdsAsync(IReadOnlyCollection<Vehicle> someVehicles, IReadOnlyCollection<Signal> someSignals, bool isMerge, Func<DbTransaction, Task> work) => ForgettingAsync(async () =>
    {
        for (var isDone = false; !isDone;)
        {
            dialect.EnsureInPlace();
            await _ids.RegisterAsync(someVehicles, someSignals, OpenAsync);
            await InTransactionAsync(async transaction =>
            {
                isDone = await _ids.AreCurrentAsync(transaction, isMerge);
                if (isDone) await work(transaction);
            });
        }
    });

    ReadingRows Rows(IReadOnlyList<HistoryEntry> entries, Vehicle?[] owners)
    {
        var count = entries.Sum(entry => entry.Readings.Length);
        var rows = new ReadingRows(new int[count], new int[count], new DateTime[count], new double[count], new bool[count]);
        var row = 0;
        for (var i = 0; i < owners.Length; i++)
        {
            if (owners[i] is not { } owner) continue;
            var vehicleId = _ids[owner];
            foreach (var reading in entries[i].Readings)
            {
                rows.VehicleIds[row] = vehicleId;
                rows.SignalIds[row] = _ids[reading.Signal];
                rows.RecordedAt[row] = reading.At;
                rows.AreNew[row] = entries[i].ArrivedAt != 0;
                rows.Values[row++] = reading.Value;
            }
        }

        return rows;
    }

    async Task InTransactionAsync(Func<DbTransaction, Task> work)
    {
        dialect.EnsureInPlace();
        await using var connection = await OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await work(transaction);
        await transaction.CommitAsync();
        dialect.EnsureInPlace(); // Otherwise the data went to a deleted file.
    }

    // After an error it may be another database: forget the cached ids.
    Task<bool> ForgettingAsync(Func<Task> work) => dialect.WriteAsync(async () =>
    {
        try
        {
            await work();
            return true;
        }
        catch
        {
            _ids.Clear();
            throw;
        }
    });

    async Task<DbConnection> OpenAsync()
    {
        var connection = dialect.Connect();
        await connection.OpenAsync();
        return connection;
    }

    IEnumerable<Reading> AsReading(LastValueRow row) =>
        signals.TryNamed(row.Signal, out var signal) && signal is not null
            ? [new Reading(signal, row.Value, DateTime.UnixEpoch.AddMicroseconds(row.Microseconds))]
            : [];

    IEnumerable<(int Version, string Sql)> Scripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var folder = $"{dialect.Name}/";
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (int.Parse(resource.AsSpan(folder.Length, 3), CultureInfo.InvariantCulture), reader.ReadToEnd());
        }
    }

}

sealed record VehicleKeyRow(int VehicleId, string Device);

sealed record AssignmentRow(string Device, int? VehicleId);
