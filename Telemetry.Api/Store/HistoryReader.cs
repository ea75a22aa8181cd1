using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Store;

enum Grain
{
    Reading,

    Minute,

    Hour,
}

/// <summary>A time range (UTC) divided into buckets of equal length; the last one may be shorter.</summary>
sealed record Buckets(DateTime From, DateTime To, TimeSpan Bucket, int Count, Grain Grain)
{
    // Up to this length single readings are read: about 100,000 of a signal at most.
    static readonly TimeSpan LongestOfReadings = TimeSpan.FromHours(8);

    /// <summary>At most this many buckets for a range. For long ranges they consist of whole minutes or hours, and start with one.</summary>
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

/// <summary>Minimum, maximum and mean of a signal per bucket; null in buckets without a reading.</summary>
sealed record Series(double?[] Min, double?[] Max, double?[] Avg);

/// <summary>Reads charts and exports from the store. Thread-safe. Members throw <see cref="DbException"/> while the database is unavailable, <see cref="TimeoutException"/> while too many reads are in progress.</summary>
sealed class HistoryReader(StoreDialect dialect, LongReads longReads) : IDisposable
{
    // An export occupies a turn while a page is read, not while its client receives it.
    readonly ReadLimit _exports = new(dialect);

    // The two databases add in different order, so means may differ in the last bits.
    const int MeanDecimals = 6;

    public async Task<Dictionary<Signal, Series>> ReadAsync(Vehicle vehicle, IReadOnlyList<Signal> signals, Buckets buckets, CancellationToken cancelled)
    {
        var series = signals.ToDictionary(signal => signal, _ => new Series(new double?[buckets.Count], new double?[buckets.Count], new double?[buckets.Count]));
        var byName = signals.ToDictionary(signal => signal.Name);
        var (table, time) = buckets.Grain switch { Grain.Hour => ("hours", "hour"), Grain.Minute => ("minutes", "minute"), _ => ("readings", "recorded_at") };
        var columns = buckets.Grain == Grain.Reading
            ? "min(value) AS lowest, max(value) AS highest, avg(value) AS mean"
            : "min(lowest) AS lowest, max(highest) AS highest, sum(total) / sum(readings) AS mean";
        var rows = await longReads.ReadAsync(async connection => await connection.ReadAsync($"""
            {dialect.ReadAhead}
            SELECT s.name, {dialect.Microseconds("b.start")}, b.lowest, b.highest, b.mean
            FROM (SELECT signal_id, {dialect.BucketStart(time)} AS start, {columns}
                  FROM {table}
                  WHERE vehicle_id = @Id AND {dialect.IsAnyOf("signal_id", "Signals")} AND {time} >= @From AND {time} < @To
                  GROUP BY 1, 2) b
            JOIN signals s ON s.signal_id = b.signal_id
            """,
            [
                ("Id", vehicle.Id),
                ("Signals", dialect.Set(await SignalIdsAsync(connection, [.. byName.Keys], cancelled))),
                ("From", dialect.Time(buckets.From)),
                ("To", dialect.Time(buckets.To)),
                ("Bucket", dialect.Length(buckets.Bucket)),
            ],
            row => (row.GetString(0), row.GetInt64(1), row.Double(2), row.Double(3), row.Double(4)), cancelled), cancelled);
        foreach (var (name, start, lowest, highest, mean) in rows)
        {
            var bucket = (int)((DateTime.UnixEpoch.AddMicroseconds(start) - buckets.From) / buckets.Bucket);
            var (min, max, avg) = series[byName[name]];
            (min[bucket], max[bucket], avg[bucket]) = (Finite(lowest), Finite(highest), Finite(mean is { } known ? Math.Round(known, MeanDecimals) : null));
        }

        return series;
    }

    public async IAsyncEnumerable<List<(DateTime At, string Signal, double Value)>> Export(
        Vehicle vehicle, DateTime from, DateTime to, [EnumeratorCancellation] CancellationToken cancelled)
    {
        var signals = await _exports.ReadAsync(async connection => (await connection.QueryAsync<SignalNameRow>(
            "SELECT s.signal_id AS Id, s.name FROM last_values l JOIN signals s ON s.signal_id = l.signal_id WHERE l.vehicle_id = @Id", new { vehicle.Id, cancelled }))
            .ToDictionary(row => row.Id, row => row.Name), cancelled);
        var pages = new ReadingPages(dialect, _exports, vehicle, [.. signals.Keys], from.AddTicks(-TimeSpan.TicksPerMicrosecond), to);
        while (await pages.NextAsync(cancelled) is { Count: > 0 } page)
            yield return page.ConvertAll(row => (row.Place.At, signals[row.Place.SignalId], row.Value));
    }

    public void Dispose() => _exports.Dispose();

    // Another program may have stored values that JSON cannot represent.
    static double? Finite(double? value) => value is { } known && double.IsFinite(known) ? known : null;

    async Task<int[]> SignalIdsAsync(DbConnection connection, string[] names, CancellationToken cancelled) =>
        [.. await connection.ReadAsync($"SELECT signal_id FROM signals WHERE {dialect.IsAnyOf("name", "names")}", [("names", dialect.Set(names))], row => row.GetInt32(0), cancelled)];
}
