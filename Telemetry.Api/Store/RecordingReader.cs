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

    /// <summary>The id of a signal; null where the vehicle has never sent it.</summary>
    public int? IdOf(Signal signal) => byId.Where(pair => pair.Value == signal).Select(pair => (int?)pair.Key).FirstOrDefault();
}

/// <summary>Where a page of a recording begins: behind this reading.</summary>
/// <param name="At">Its time, UTC.</param>
/// <param name="SignalId">Its signal's id in the store; the highest: behind all readings of that time.</param>
readonly record struct Bookmark(DateTime At, int SignalId)
{
    /// <summary>Behind all readings of a time.</summary>
    public static Bookmark Behind(DateTime time) => new(time, int.MaxValue);
}

/// <summary>Reads recordings from the store. Thread-safe.</summary>
/// <remarks>
/// Everything is found through the primary key, each signal by itself: what it costs does not hang on how much the store holds.
/// However many play, few read at once: those who write share the database. Every member throws <see cref="DbException"/> while
/// it is not to be used, <see cref="TimeoutException"/> while too many use it.
/// </remarks>
sealed class RecordingReader(StoreDialect dialect, SignalCatalog catalog) : IDisposable
{
    readonly Turns _turns = new(4, TimeSpan.FromSeconds(10));
    long _readings;

    /// <summary>Readings read so far.</summary>
    public long Readings => Volatile.Read(ref _readings);

    /// <summary>The signals that a vehicle has sent.</summary>
    public Task<RecordedSignals> Signals(Vehicle vehicle, CancellationToken cancelled) => Read(async connection =>
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
    public Task<Reading[]> LastValues(Vehicle vehicle, RecordedSignals signals, DateTime time, int skip, CancellationToken cancelled) => Read(async connection =>
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

    /// <summary>The time of the first reading behind a bookmark; null where there is none before an end.</summary>
    public Task<DateTime?> Next(Vehicle vehicle, RecordedSignals signals, DateTime after, DateTime until, CancellationToken cancelled) => Read(async connection =>
    {
        var at = await connection.ExecuteScalarAsync<long?>(new CommandDefinition($"""
            SELECT {dialect.Microseconds("min(recorded_at)")}
            FROM (SELECT (
                      SELECT min(x.recorded_at) FROM readings x
                      WHERE x.vehicle_id = @Id AND x.signal_id = l.signal_id AND x.recorded_at > @After AND x.recorded_at < @Until) AS recorded_at
                  FROM last_values l
                  WHERE l.vehicle_id = @Id AND {dialect.IsAnyOf("l.signal_id", "Ids")}) next
            """, new { vehicle.Id, signals.Ids, After = dialect.Time(after), Until = dialect.Time(until) }, cancellationToken: cancelled));
        return at is { } microseconds ? Moment(microseconds) : (DateTime?)null;
    }, cancelled);

    /// <summary>The readings behind a bookmark and before an end, in the order of time, so many at most.</summary>
    public Task<List<(Bookmark Place, double Value)>> Page(
        Vehicle vehicle, RecordedSignals signals, Bookmark behind, DateTime until, int most, CancellationToken cancelled) => Read(async connection =>
    {
        var rows = await connection.QueryAsync<(long At, int SignalId, double Value)>(new CommandDefinition($"""
            SELECT {dialect.Microseconds("recorded_at")}, signal_id, value
            FROM readings
            WHERE vehicle_id = @Id AND {dialect.IsAnyOf("signal_id", "Ids")} AND recorded_at >= @At AND recorded_at < @Until AND (recorded_at > @At OR signal_id > @SignalId)
            ORDER BY recorded_at, signal_id
            LIMIT @most
            """, new { vehicle.Id, signals.Ids, At = dialect.Time(behind.At), behind.SignalId, Until = dialect.Time(until), most }, cancellationToken: cancelled));
        var page = rows.Select(row => (new Bookmark(Moment(row.At), row.SignalId), row.Value)).ToList();
        Interlocked.Add(ref _readings, page.Count);
        return page;
    }, cancelled);

    public void Dispose() => _turns.Dispose();

    async Task<T> Read<T>(Func<DbConnection, Task<T>> read, CancellationToken cancelled)
    {
        using var turn = await _turns.Take(cancelled);
        await using var connection = dialect.Connect();
        await connection.OpenAsync(cancelled);
        return await read(connection);
    }

    static DateTime Moment(long microseconds) => DateTime.UnixEpoch.AddMicroseconds(microseconds);
}
