using System.Data.Common;
using Dapper;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Store;

/// <summary>A vehicle's signals as the store knows them: by its own ids, in the order that it came to know them.</summary>
sealed class RecordedSignals(IReadOnlyDictionary<int, Signal> byId)
{
    /// <summary>All of them.</summary>
    public int[] Ids { get; } = [.. byId.Keys];

    /// <summary>The signal of an id.</summary>
    public Signal this[int id] => byId[id];

    /// <summary>Some of them.</summary>
    public RecordedSignals Only(IReadOnlyCollection<Signal> signals) => new(byId.Where(pair => signals.Contains(pair.Value)).ToDictionary());

    /// <summary>The id of a signal; null where the vehicle has never sent it.</summary>
    public int? IdOf(Signal signal) => byId.Where(pair => pair.Value == signal).Select(pair => (int?)pair.Key).FirstOrDefault();
}

/// <summary>Reads recordings from the store. Thread-safe.</summary>
/// <remarks>
/// Everything is found through the primary key, each signal by itself: what it costs does not hang on how much the store holds.
/// However many play, few read at once: those who write share the database. Every member throws <see cref="DbException"/> while
/// it is not to be used, <see cref="TimeoutException"/> while too many use it.
/// </remarks>
sealed class RecordingQueries(StoreDialect dialect, SignalCatalog catalog) : IDisposable
{
    readonly ReadLimit _limit = new(dialect);
    long _readings;

    /// <summary>Readings read so far.</summary>
    public long Readings => Volatile.Read(ref _readings);

    /// <summary>The signals that a vehicle has sent.</summary>
    public Task<RecordedSignals> SignalsAsync(Vehicle vehicle, CancellationToken cancelled) => ReadAsync(async connection =>
    {
        var rows = await connection.QueryAsync<(int Id, string Name)>(new CommandDefinition(
            "SELECT s.signal_id, s.name FROM last_values l JOIN signals s ON s.signal_id = l.signal_id WHERE l.vehicle_id = @Id ORDER BY 1", new { vehicle.Id }, cancellationToken: cancelled));
        var byId = new Dictionary<int, Signal>();
        foreach (var (id, name) in rows)
            if (catalog.TryNamed(name, out var signal) && signal is not null) byId[id] = signal;
        return new RecordedSignals(byId);
    }, cancelled);

    /// <summary>Each signal's last reading at or before a time.</summary>
    /// <param name="vehicle">Whose.</param>
    /// <param name="signals">Its signals; those that have none are left out.</param>
    /// <param name="time">UTC.</param>
    /// <param name="skip">Leaves out so many of each signal and takes the one before them.</param>
    /// <param name="cancelled">Nobody waits any more.</param>
    public Task<Reading[]> LastValuesAsync(Vehicle vehicle, RecordedSignals signals, DateTime time, int skip, CancellationToken cancelled) => ReadAsync(async connection =>
    {
        var rows = await connection.QueryAsync<(int SignalId, long At, double Value)>(new CommandDefinition($"""
            SELECT r.signal_id, {dialect.Microseconds("r.recorded_at")}, r.value
            FROM (SELECT l.signal_id, (
                      SELECT x.recorded_at FROM readings x
                      WHERE x.vehicle_id = @Id AND x.signal_id = l.signal_id AND x.recorded_at <= @Time
                      ORDER BY x.recorded_at DESC LIMIT 1 OFFSET @skip) AS recorded_at
                  FROM last_values l
                  WHERE l.vehicle_id = @Id AND {dialect.IsAnyOf("l.signal_id", "Ids")}) last
            CROSS JOIN readings r -- In this order: SQLite, which keeps no statistics, would look through all readings first.
            WHERE r.vehicle_id = @Id AND r.signal_id = last.signal_id AND r.recorded_at = last.recorded_at
            ORDER BY 1
            """, new { vehicle.Id, signals.Ids, Time = dialect.Time(time), skip }, cancellationToken: cancelled));
        return rows.Select(row => new Reading(signals[row.SignalId], row.Value, Moment(row.At))).ToArray();
    }, cancelled);

    /// <summary>The readings between two times, page by page.</summary>
    public ReadingPages Pages(Vehicle vehicle, RecordedSignals signals, DateTime after, DateTime until) => new(dialect, _limit, vehicle, signals.Ids, after, until);

    /// <summary>The messages between two times, merged from a cursor a signal: for whoever reads all of a long range.</summary>
    public MergedReadings Merged(Vehicle vehicle, RecordedSignals signals, DateTime after, DateTime until, CancellationToken cancelled) => new(dialect, _limit, vehicle, signals, after, until, cancelled);

    /// <summary>Counts readings of a page.</summary>
    public void Count(int readings) => Interlocked.Add(ref _readings, readings);

    public void Dispose() => _limit.Dispose();

    Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancelled) => _limit.ReadAsync(read, cancelled);

    static DateTime Moment(long microseconds) => DateTime.UnixEpoch.AddMicroseconds(microseconds);
}
