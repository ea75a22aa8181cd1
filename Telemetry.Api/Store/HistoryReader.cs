using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Store;

/// <summary>What the store keeps, from fine to coarse.</summary>
enum Grain
{
    /// <summary>Every reading.</summary>
    Reading,

    /// <summary>Whole minutes, summed up.</summary>
    Minute,

    /// <summary>Whole hours, summed up.</summary>
    Hour,
}

/// <summary>A span of time cut into buckets of equal length.</summary>
/// <param name="From">Start of the first bucket, UTC.</param>
/// <param name="To">End of the last, which may be cut short.</param>
/// <param name="Bucket">Length of each.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Grain">What they are made of.</param>
sealed record Buckets(DateTime From, DateTime To, TimeSpan Bucket, int Count, Grain Grain)
{
    // Up to this, single readings are read: about 100,000 of a signal at most.
    static readonly TimeSpan LongestOfReadings = TimeSpan.FromHours(8);

    /// <summary>At most so many buckets over a range. Over a long one they are of whole minutes or hours, and begin with one.</summary>
    public static Buckets Over(DateTime from, DateTime to, int points)
    {
        var bucket = (to - from) / points;
        if (to - from <= LongestOfReadings && bucket < TimeSpan.FromMinutes(1))
        {
            bucket = Whole(bucket, TimeSpan.FromMicroseconds(1));
            return new Buckets(from, to, bucket, (int)Math.Ceiling((to - from) / bucket), Grain.Reading);
        }

        var minutes = Of(TimeSpan.FromMinutes(1), Grain.Minute);
        return minutes.Bucket < TimeSpan.FromHours(1) ? minutes : Of(TimeSpan.FromHours(1), Grain.Hour);

        Buckets Of(TimeSpan unit, Grain grain)
        {
            var start = from.AddTicks(-(from.Ticks % unit.Ticks));
            var length = Whole((to - start) / points, unit);
            var count = (int)Math.Ceiling((to - start) / length);
            return new Buckets(start, start + length * count, length, count, grain);
        }
    }

    static TimeSpan Whole(TimeSpan length, TimeSpan unit) => TimeSpan.FromTicks(Math.Max(1, (length.Ticks + unit.Ticks - 1) / unit.Ticks) * unit.Ticks);
}

/// <summary>A signal's lowest, highest and mean value of each bucket; null where a bucket holds no reading.</summary>
sealed record Series(double?[] Min, double?[] Max, double?[] Avg);

/// <summary>Reads what the store holds. Thread-safe.</summary>
/// <remarks>Every member throws <see cref="DbException"/> while the database is not to be used, <see cref="TimeoutException"/> while too many use it.</remarks>
sealed class HistoryReader(StoreDialect dialect) : IDisposable
{
    // Each holds a connection, an export for as long as its client takes to read: the writer's must not be among those they wait for.
    readonly Turns _charts = new(8, TimeSpan.FromSeconds(5));
    readonly Turns _exports = new(4, TimeSpan.Zero);

    // Means of the two stores may differ in the last bits, as they add up in another order.
    const int MeanDecimals = 6;

    /// <summary>Each signal's series over the buckets. The database does the summing up.</summary>
    public async Task<Dictionary<Signal, Series>> Read(Vehicle vehicle, IReadOnlyList<Signal> signals, Buckets buckets, CancellationToken cancelled)
    {
        var series = signals.ToDictionary(signal => signal, _ => new Series(new double?[buckets.Count], new double?[buckets.Count], new double?[buckets.Count]));
        var byName = signals.ToDictionary(signal => signal.Name);
        var (table, time) = buckets.Grain switch { Grain.Hour => ("hours", "hour"), Grain.Minute => ("minutes", "minute"), _ => ("readings", "recorded_at") };
        var columns = buckets.Grain == Grain.Reading
            ? "min(value) AS lowest, max(value) AS highest, avg(value) AS mean"
            : "min(lowest) AS lowest, max(highest) AS highest, sum(total) / sum(readings) AS mean";
        using var turn = await _charts.Take(cancelled);
        await using var connection = await Open(cancelled);
        var rows = await connection.QueryAsync<(string Signal, long Start, double Lowest, double Highest, double Mean)>(new CommandDefinition($"""
            {dialect.ReadAhead}
            SELECT s.name, {dialect.Microseconds("b.start")}, b.lowest, b.highest, b.mean
            FROM (SELECT signal_id, {dialect.BucketStart(time)} AS start, {columns}
                  FROM {table}
                  WHERE vehicle_id = @Id AND {dialect.IsAnyOf("signal_id", "Signals")} AND {time} >= @From AND {time} < @To
                  GROUP BY 1, 2) b
            JOIN signals s ON s.signal_id = b.signal_id
            """, new
        {
            vehicle.Id,
            Signals = await SignalIds(connection, [.. byName.Keys]),
            From = dialect.Time(buckets.From),
            To = dialect.Time(buckets.To),
            Bucket = dialect.Length(buckets.Bucket),
        }, cancellationToken: cancelled));
        foreach (var (name, start, lowest, highest, mean) in rows)
        {
            var bucket = (int)((DateTime.UnixEpoch.AddMicroseconds(start) - buckets.From) / buckets.Bucket);
            var (min, max, avg) = series[byName[name]];
            (min[bucket], max[bucket], avg[bucket]) = (lowest, highest, Math.Round(mean, MeanDecimals));
        }

        return series;
    }

    /// <summary>Every reading of a vehicle in a range, in the order of time. Read as it is asked for, a day at a time.</summary>
    public async IAsyncEnumerable<(DateTime At, string Signal, double Value)> Export(
        Vehicle vehicle, DateTime from, DateTime to, [EnumeratorCancellation] CancellationToken cancelled)
    {
        using var turn = await _exports.Take(cancelled);
        await using var connection = await Open(cancelled);
        var ids = (await connection.QueryAsync<int>(new CommandDefinition("SELECT signal_id FROM last_values WHERE vehicle_id = @Id", new { vehicle.Id }, cancellationToken: cancelled))).ToArray();
        for (var day = from; day < to; day = day.Date.AddDays(1))
        {
            var end = day.Date.AddDays(1) < to ? day.Date.AddDays(1) : to;
            var rows = connection.QueryUnbufferedAsync<(long At, string Signal, double Value)>($"""
                SELECT {dialect.Microseconds("r.recorded_at")}, s.name, r.value
                FROM readings r JOIN signals s ON s.signal_id = r.signal_id
                WHERE r.vehicle_id = @Id AND {dialect.IsAnyOf("r.signal_id", "Ids")} AND r.recorded_at >= @From AND r.recorded_at < @To
                ORDER BY r.recorded_at, r.signal_id
                """, new { vehicle.Id, Ids = ids, From = dialect.Time(day), To = dialect.Time(end) });
            await foreach (var (at, signal, value) in rows.WithCancellation(cancelled)) yield return (DateTime.UnixEpoch.AddMicroseconds(at), signal, value);
        }
    }

    public void Dispose()
    {
        _charts.Dispose();
        _exports.Dispose();
    }

    async Task<int[]> SignalIds(DbConnection connection, string[] names) =>
        [.. await connection.QueryAsync<int>($"SELECT signal_id FROM signals WHERE {dialect.IsAnyOf("name", "names")}", new { names })];

    async Task<DbConnection> Open(CancellationToken cancelled)
    {
        var connection = dialect.Connect();
        await connection.OpenAsync(cancelled);
        return connection;
    }
}
