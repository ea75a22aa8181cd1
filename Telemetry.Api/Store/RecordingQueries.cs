using System.Data.Common;
using Dapper;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Store;

sealed class RecordedSignals(IReadOnlyDictionary<int, Signal> byId)
{
    public int[] Ids { get; } = [.. byId.Keys];

    public Signal this[int id] => byId[id];

    public RecordedSignals Only(IReadOnlyCollection<Signal> signals) => new(byId.Where(pair => signals.Contains(pair.Value)).ToDictionary());

    public int? IdOf(Signal signal) => byId.Where(pair => pair.Value == signal).Select(pair => (int?)pair.Key).FirstOrDefault();
}

/// <summary>Reads recordings, by the primary key, so the cost does not depend on the size of the store. Few reads run at once, because writers share the database. Thread-safe. Members throw <see cref="DbException"/> while it is unavailable, <see cref="TimeoutException"/> while too many reads are in progress.</summary>
sealed class RecordingQueries(StoreDialect dialect, SignalCatalog catalog) : IDisposable
{
    readonly ReadLimit _limit = new(dialect);
    long _readings;

    public long Readings => Volatile.Read(ref _readings);

    public Task<RecordedSignals> SignalsAsync(Vehicle vehicle, CancellationToken cancelled) => ReadAsync(async connection =>
    {
        var rows = await connection.QueryAsync<SignalNameRow>(
            "SELECT s.signal_id AS Id, s.name FROM last_values l JOIN signals s ON s.signal_id = l.signal_id WHERE l.vehicle_id = @Id ORDER BY 1", new { vehicle.Id, cancelled });
        var byId = new Dictionary<int, Signal>();
        foreach (var (id, name) in rows)
            if (catalog.TryNamed(name, out var signal) && signal is not null) byId[id] = signal;
        return new RecordedSignals(byId);
    }, cancelled);

    /// <summary>Last reading of each signal at or before a time (UTC); signals without one are left out. <paramref name="skip"/> counts newer readings of each signal.</summary>
    public Task<Reading[]> LastValuesAsync(Vehicle vehicle, RecordedSignals signals, DateTime time, int skip, CancellationToken cancelled) => ReadAsync(async connection =>
    {
        var rows = await connection.ReadAsync($"""
            SELECT r.signal_id, r.recorded_at, r.value
            FROM (SELECT l.signal_id, (
                      SELECT x.recorded_at FROM readings x
                      WHERE x.vehicle_id = @Id AND x.signal_id = l.signal_id AND x.recorded_at <= @Time
                      ORDER BY x.recorded_at DESC LIMIT 1 OFFSET @skip) AS recorded_at
                  FROM last_values l
                  WHERE l.vehicle_id = @Id AND {dialect.IsAnyOf("l.signal_id", "Ids")}) last
            CROSS JOIN readings r -- In this order: SQLite, which keeps no statistics, would look through all readings first.
            WHERE r.vehicle_id = @Id AND r.signal_id = last.signal_id AND r.recorded_at = last.recorded_at
            ORDER BY 1
            """, [("Id", vehicle.Id), ("Ids", dialect.Set(signals.Ids)), ("Time", dialect.Time(time)), ("skip", skip)],
            row => new Reading(signals[row.GetInt32(0)], row.GetDouble(2), dialect.ReadTime(row, 1)), cancelled);
        return rows.ToArray();
    }, cancelled);

    public ReadingPages Pages(Vehicle vehicle, RecordedSignals signals, DateTime after, DateTime until) => new(dialect, _limit, vehicle, signals.Ids, after, until);

    public MergedReadings Merged(Vehicle vehicle, RecordedSignals signals, DateTime after, DateTime until, CancellationToken cancelled) => new(dialect, _limit, vehicle, signals, after, until, cancelled);

    public void Count(int readings) => Interlocked.Add(ref _readings, readings);

    public void Dispose() => _limit.Dispose();

    Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancelled) => _limit.ReadAsync(read, cancelled);
}

sealed record SignalNameRow(int Id, string Name);
