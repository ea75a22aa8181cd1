using System.Data.Common;
using System.Globalization;
using System.Reflection;
using Dapper;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Store;

/// <summary>The durable store: vehicles, signals and readings. One caller at a time.</summary>
/// <remarks>Every member throws <see cref="DbException"/> while the database is not to be used; none leaves half a change behind.</remarks>
sealed class ReadingStore(StoreDialect dialect, SignalCatalog signals, VehicleRegistry vehicles)
{
    // Seconds. A script may have to go through years of readings.
    const int ScriptTimeout = 3600;
    const int ProbeTimeout = 3;

    readonly Dictionary<Signal, short> _signalIds = [];
    readonly HashSet<Vehicle> _known = [];

    /// <summary>Whether an error is about what was written rather than about the database's health.</summary>
    public bool IsAboutContent(DbException error) => dialect.IsAboutContent(error);

    /// <summary>Which database it is.</summary>
    public string Name => dialect.Name;

    /// <summary>Brings the schema forward: every numbered script that has not run yet, in one transaction, one server at a time.</summary>
    public Task Prepare() => InTransaction(async transaction =>
    {
        var connection = transaction.Connection!;
        await dialect.LockSchema(transaction);
        await connection.ExecuteAsync("CREATE TABLE IF NOT EXISTS schema_version (version integer PRIMARY KEY)", transaction: transaction);
        var applied = await connection.ExecuteScalarAsync<int>("SELECT coalesce(max(version), 0) FROM schema_version", transaction: transaction);
        foreach (var (version, sql) in Scripts().Where(script => script.Version > applied))
        {
            await connection.ExecuteAsync(sql, transaction: transaction, commandTimeout: ScriptTimeout);
            await connection.ExecuteAsync("INSERT INTO schema_version (version) VALUES (@version)", new { version }, transaction);
        }

        await dialect.MakeRoom(transaction, DateTime.UtcNow);
    });

    /// <summary>Takes the vehicles over into the registry.</summary>
    /// <returns>Each stored vehicle with the last value of each of its signals.</returns>
    public async Task<IReadOnlyList<(Vehicle Vehicle, Reading[] LastValues)>> Load()
    {
        await using var connection = await Open();
        var stored = await connection.QueryAsync<(int Id, string Device, string? Name, double? OfflineAfter)>(
            "SELECT vehicle_id, device, name, offline_after_seconds FROM vehicles");
        foreach (var (id, device, name, offlineAfter) in stored)
            _known.Add(vehicles.Restore(id, device, name, offlineAfter is >= 1 and <= 86_400 ? TimeSpan.FromSeconds(offlineAfter.Value) : null));
        foreach (var (device, id) in await connection.QueryAsync<(string, int?)>("SELECT device, vehicle_id FROM assignments ORDER BY device"))
            vehicles.Assign(device, id is { } known ? vehicles.Find(known) : null);

        var last = await connection.QueryAsync<(int VehicleId, string Signal, long Microseconds, double Value)>($"""
            SELECT l.vehicle_id, s.name, {dialect.Microseconds("l.recorded_at")}, l.value
            FROM last_values l JOIN signals s ON s.signal_id = l.signal_id
            """);
        var lastValues = last.ToLookup(row => row.VehicleId, row => (row.Signal, row.Microseconds, row.Value));
        return [.. _known.Select(vehicle => (vehicle, lastValues[vehicle.Id].SelectMany(AsReading).ToArray()))];
    }

    /// <summary>Asks whether the database answers.</summary>
    public async Task Probe()
    {
        await using var connection = await Open();
        await connection.ExecuteScalarAsync("SELECT 1", commandTimeout: ProbeTimeout);
    }

    /// <summary>Writes readings, all or none of them. Written again, they change nothing.</summary>
    public Task Write(IReadOnlyList<HistoryEntry> entries) => InTransaction(async transaction =>
    {
        foreach (var vehicle in entries.Select(entry => entry.Vehicle?.Current).OfType<Vehicle>().Distinct())
            if (!_known.Contains(vehicle)) await Register(vehicle, transaction);
        foreach (var signal in entries.SelectMany(entry => entry.Readings).Select(reading => reading.Signal).Distinct())
            if (!_signalIds.ContainsKey(signal)) await Register(signal, transaction);
        await dialect.Insert(transaction, Rows(entries));
    });

    /// <summary>Changes something of vehicles; all or nothing.</summary>
    /// <param name="changed">The store knows them then in any case.</param>
    /// <param name="change">Does it.</param>
    public Task Change(IReadOnlyList<Vehicle> changed, Func<DbTransaction, Task> change) => InTransaction(async transaction =>
    {
        foreach (var vehicle in changed)
            if (!_known.Contains(vehicle)) await Register(vehicle, transaction);
        await change(transaction);
    });

    ReadingRows Rows(IReadOnlyList<HistoryEntry> entries)
    {
        var count = entries.Sum(entry => entry.Readings.Length);
        var rows = new ReadingRows(new int[count], new short[count], new DateTime[count], new double[count]);
        var row = 0;
        foreach (var entry in entries)
        {
            foreach (var reading in entry.Readings)
            {
                rows.VehicleIds[row] = entry.Vehicle!.Current.Id;
                rows.SignalIds[row] = _signalIds[reading.Signal];
                rows.RecordedAt[row] = reading.At;
                rows.Values[row++] = reading.Value;
            }
        }

        return rows;
    }

    // Another server, or this one while the store was away, may have given the id to another device: then the next free one counts.
    async Task Register(Vehicle vehicle, DbTransaction transaction)
    {
        var connection = transaction.Connection!;
        await connection.ExecuteAsync("INSERT INTO vehicles (vehicle_id, device) VALUES (@Id, @Key) ON CONFLICT DO NOTHING",
            new { vehicle.Id, vehicle.Key }, transaction);
        await connection.ExecuteAsync("""
            INSERT INTO vehicles (vehicle_id, device) SELECT max(vehicle_id) + 1, CAST(@Key AS text) FROM vehicles
            HAVING NOT EXISTS (SELECT 1 FROM vehicles WHERE device = @Key) ON CONFLICT DO NOTHING
            """, new { vehicle.Key }, transaction);
        var id = await connection.ExecuteScalarAsync<int>("SELECT vehicle_id FROM vehicles WHERE device = @Key", new { vehicle.Key }, transaction);
        if (id != vehicle.Id) vehicles.Restore(id, vehicle.Key, vehicle.Name, vehicle.OfflineAfter);
        if (vehicle.Device is { } device && device != vehicle.Key) await Assign(device, vehicle, transaction);
        _known.Add(vehicle);
    }

    /// <summary>Notes which vehicle a dongle feeds; null: the next, on first sight.</summary>
    public static async Task Assign(string device, Vehicle? vehicle, DbTransaction transaction)
    {
        await transaction.Connection!.ExecuteAsync("DELETE FROM assignments WHERE device = @device", new { device }, transaction);
        if (vehicle?.Key == device) return;
        await transaction.Connection!.ExecuteAsync("INSERT INTO assignments (device, vehicle_id) VALUES (@device, @Id)", new { device, vehicle?.Id }, transaction);
    }

    async Task Register(Signal signal, DbTransaction transaction)
    {
        var connection = transaction.Connection!;
        await connection.ExecuteAsync("INSERT INTO signals (name) VALUES (@Name) ON CONFLICT DO NOTHING", new { signal.Name }, transaction);
        _signalIds[signal] = await connection.ExecuteScalarAsync<short>("SELECT signal_id FROM signals WHERE name = @Name", new { signal.Name }, transaction);
    }

    async Task InTransaction(Func<DbTransaction, Task> work)
    {
        await using var connection = await Open();
        await using var transaction = await connection.BeginTransactionAsync();
        try
        {
            await work(transaction);
            await transaction.CommitAsync();
        }
        catch
        {
            // What was registered in it is rolled back as well: ask again next time.
            _signalIds.Clear();
            _known.Clear();
            throw;
        }
    }

    async Task<DbConnection> Open()
    {
        var connection = dialect.Connect();
        await connection.OpenAsync();
        return connection;
    }

    IEnumerable<Reading> AsReading((string Signal, long Microseconds, double Value) row) =>
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
