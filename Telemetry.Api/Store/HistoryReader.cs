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
sealed class HistoryReader(StoreDialect dialect, LongReads longReads) : IDisposable
{
    // An export has a turn for as long as a page is read, not for as long as its client takes to read it.
    readonly ReadLimit _exports = new(dialect);

    // Means of the two stores may differ in the last bits, as they add up in another order.
    const int MeanDecimals = 6;

    /// <summary>Each signal's series over the buckets. The database does the summing up.</summary>
    public async Task<Dictionary<Signal, Series>> ReadAsync(Vehicle vehicle, IReadOnlyList<Signal> signals, Buckets buckets, CancellationToken cancelled)
    {
        var series = signals.ToDictionary(signal => signal, _ => new Series(new double?[buckets.Count], new double?[buckets.Count], new double?[buckets.Count]));
        var byName = signals.ToDictionary(signal => signal.Name);
        var (table, time) = buckets.Grain switch { Grain.Hour => ("hours", "hour"), Grain.Minute => ("minutes", "minute"), _ => ("readings", "recorded_at") };
        var columns = buckets.Grain == Grain.Reading
            ? "min(value) AS lowest, max(value) AS highest, avg(value) AS mean"
            : "min(lowest) AS lowest, max(highest) AS highest, sum(total) / sum(readings) AS mean";
        var rows = await longReads.ReadAsync(async connection => await connection.QueryAsync<(string Signal, long Start, double Lowest, double Highest, double Mean)>(new CommandDefinition($"""
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
            Signals = await SignalIdsAsync(connection, [.. byName.Keys]),
            From = dialect.Time(buckets.From),
            To = dialect.Time(buckets.To),
            Bucket = dialect.Length(buckets.Bucket),
        }, cancellationToken: cancelled)), cancelled);
        foreach (var (name, start, lowest, highest, mean) in rows)
        {
            var bucket = (int)((DateTime.UnixEpoch.AddMicroseconds(start) - buckets.From) / buckets.Bucket);
            var (min, max, avg) = series[byName[name]];
            (min[bucket], max[bucket], avg[bucket]) = (Finite(lowest), Finite(highest), Finite(Math.Round(mean, MeanDecimals)));
        }

        return series;
    }

    /// <summary>Every reading of a vehicle in a range, in the order of time, read a page at a time as it is asked for.</summary>
    public async IAsyncEnumerable<List<(DateTime At, string Signal, double Value)>> Export(
        Vehicle vehicle, DateTime from, DateTime to, [EnumeratorCancellation] CancellationToken cancelled)
    {
        var signals = await _exports.ReadAsync(async connection => (await connection.QueryAsync<(int Id, string Name)>(new CommandDefinition(
            "SELECT s.signal_id, s.name FROM last_values l JOIN signals s ON s.signal_id = l.signal_id WHERE l.vehicle_id = @Id", new { vehicle.Id }, cancellationToken: cancelled)))
            .ToDictionary(row => row.Id, row => row.Name), cancelled);
        var pages = new ReadingPages(dialect, _exports, vehicle, [.. signals.Keys], from.AddTicks(-TimeSpan.TicksPerMicrosecond), to);
        while (await pages.NextAsync(cancelled) is { Count: > 0 } page)
            yield return page.ConvertAll(row => (row.Place.At, signals[row.Place.SignalId], row.Value));
    }

    public void Dispose() => _exports.Dispose();

    // A store that others have written to may hold what JSON has no number for.
    static double? Finite(double value) => double.IsFinite(value) ? value : null;

    async Task<int[]> SignalIdsAsync(DbConnection connection, string[] names) =>
        [.. await connection.QueryAsync<int>($"SELECT signal_id FROM signals WHERE {dialect.IsAnyOf("name", "names")}", new { names })];
}
