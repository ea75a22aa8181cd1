using System.Data.Common;
using Telemetry.Api.Http;
using Telemetry.Api.Queries;
using Telemetry.Api.Store;
using Telemetry.Core.Live;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Drives;

/// <summary>Finds a vehicle's drives: readings without a long pause between them. Thread-safe. The store's totals per minute show where pauses can be; single readings are read only there. Throws <see cref="DbException"/> while the database is unavailable, <see cref="TimeoutException"/> while too many reads are in progress.</summary>
sealed class DriveFinder(StoreDialect dialect, RecordingQueries reader, LongReads longReads, Pacing pacing, DrivesSettings settings)
{
    const int DistanceDecimals = 3; // The two databases add in different order, so the last digits differ.
    const int PeriodSample = 1000;

    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    static readonly TimeSpan Microsecond = TimeSpan.FromMicroseconds(1);

    /// <summary>In order of time. The range is widened to whole minutes; a drive that crosses its ends is cut there.</summary>
    public async Task<IReadOnlyList<Drive>> FindAsync(Vehicle vehicle, TimeRange range, CancellationToken cancelled)
    {
        var signals = await reader.SignalsAsync(vehicle, cancelled);
        var (from, to) = (range.From.AddTicks(-(range.From.Ticks % Minute.Ticks)), range.To.AddTicks(Minute.Ticks - 1));
        to = to.AddTicks(-(to.Ticks % Minute.Ticks));
        return await longReads.ReadAsync(connection => FindAsync(connection, vehicle, signals, from, to, cancelled), cancelled);
    }

    /// <summary>Without distances, so that a range of years is read quickly. The range is widened to whole minutes.</summary>
    public async Task<IReadOnlyList<DriveSpan>> SpansAsync(Vehicle vehicle, DateTime from, DateTime to, CancellationToken cancelled)
    {
        var parameters = Parameters(vehicle, await reader.SignalsAsync(vehicle, cancelled), from.AddTicks(-(from.Ticks % Minute.Ticks)), to);
        var stretches = await longReads.ReadAsync(connection => StretchesAsync(connection, parameters, cancelled), cancelled);
        return [.. stretches.Select(stretch => stretch.Span)];
    }

    /// <summary>Longest time between two readings of the speed over which it is summed, if it does not depend on the drive.</summary>
    public TimeSpan? FixedMaxStep(Vehicle vehicle) => (vehicle.OfflineAfter ?? pacing.Presence.OfflineAfter) is null ? null : WithinPause(pacing.Presence.OfflineAfterOf(vehicle));

    /// <summary>The same of one drive.</summary>
    public async Task<TimeSpan> MaxStepAsync(Vehicle vehicle, RecordedSignals signals, DriveSpan span, CancellationToken cancelled) => FixedMaxStep(vehicle)
        ?? await longReads.ReadAsync(connection => LearnedMaxStepAsync(connection, vehicle, Parameters(vehicle, signals, span.Start, span.End.AddMicroseconds(1)), cancelled), cancelled);

    (string, object?)[] Parameters(Vehicle vehicle, RecordedSignals signals, DateTime from, DateTime to) =>
    [
        ("Id", vehicle.Id),
        ("Ids", dialect.Set(signals.Ids)),
        ("Speed", signals.IdOf(Signal.VehicleSpeed) ?? -1),
        ("From", dialect.Time(from)),
        ("To", dialect.Time(to)),
        ("Bucket", dialect.Length(Minute)),
        ("MaxGap", dialect.Length(settings.Pause - Minute)),
    ];

    async Task<List<Stretch>> StretchesAsync(DbConnection connection, (string, object?)[] parameters, CancellationToken cancelled) =>
        Join(await connection.ReadAsync(Stretches, parameters, row => new Stretch(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.Double(3)), cancelled));

    async Task<IReadOnlyList<Drive>> FindAsync(DbConnection connection, Vehicle vehicle, RecordedSignals signals, DateTime from, DateTime to, CancellationToken cancelled)
    {
        var parameters = Parameters(vehicle, signals, from, to);
        var stretches = await StretchesAsync(connection, parameters, cancelled);
        if (!stretches.Exists(stretch => stretch.Speed is not null)) return [.. stretches.Select(stretch => AsDrive(vehicle, stretch, null))];

        var maxStep = (long)(FixedMaxStep(vehicle) ?? await LearnedMaxStepAsync(connection, vehicle, parameters, cancelled)).TotalMicroseconds;
        var steps = new Queue<(long Minute, double Kilometres)>(await connection.ReadAsync(Distances, [.. parameters, ("MaxStep", maxStep)], row => (row.GetInt64(0), row.GetDouble(1)), cancelled));
        return [.. stretches.Select(stretch => AsDrive(vehicle, stretch, stretch.Speed is null ? null : Distance(stretch, steps)))];
    }

    // From the median interval of the first speed readings in the range.
    async Task<TimeSpan> LearnedMaxStepAsync(DbConnection connection, Vehicle vehicle, (string, object?)[] parameters, CancellationToken cancelled)
    {
        var times = await connection.ReadAsync(FirstTimes, parameters, row => row.GetInt64(0), cancelled);
        var steps = times.Zip(times.Skip(1), (one, next) => next - one).Order().ToList();
        return WithinPause(pacing.Presence.OfflineAfterOf(vehicle, steps.Count > 0 ? TimeSpan.FromMicroseconds(steps[(steps.Count - 1) / 2]) : null));
    }

    TimeSpan WithinPause(TimeSpan step) => step < settings.Pause ? step : settings.Pause - Microsecond;

    // Two minutes belong to two stretches if there may be a pause between the last reading of one and the first of the next.
    string Stretches => $"""
        WITH occupied AS (
            SELECT minute, sum(readings) AS readings, max(CASE WHEN signal_id = @Speed THEN highest END) AS speed
            FROM minutes
            WHERE vehicle_id = @Id AND {dialect.IsAnyOf("signal_id", "Ids")} AND minute >= @From AND minute < @To
            GROUP BY minute),
        marked AS (
            SELECT minute, readings, speed, CASE WHEN minute - lag(minute) OVER (ORDER BY minute) <= @MaxGap THEN 0 ELSE 1 END AS begins FROM occupied),
        numbered AS (
            SELECT minute, readings, speed, sum(begins) OVER (ORDER BY minute) AS number FROM marked),
        stretches AS (
            SELECT min(minute) AS first, max(minute) AS last, sum(readings) AS readings, max(speed) AS speed FROM numbered GROUP BY number)
        SELECT {dialect.Microseconds($"(SELECT min(recorded_at) {ReadingsOf("s.first")})")},
               {dialect.Microseconds($"(SELECT max(recorded_at) {ReadingsOf("s.last")})")},
               CAST(s.readings AS bigint), s.speed
        FROM stretches s ORDER BY s.first
        """;

    // Kilometres per minute, by the minute of the later of two readings: it is never in another drive than the earlier one.
    string Distances => $"""
        SELECT {dialect.Microseconds("minute")}, sum(speeds / 2 * step) / 3600000000.0
        FROM (SELECT {dialect.BucketStart("recorded_at")} AS minute,
                     value + lag(value) OVER (ORDER BY recorded_at) AS speeds,
                     {dialect.Microseconds("recorded_at")} - lag({dialect.Microseconds("recorded_at")}) OVER (ORDER BY recorded_at) AS step
              FROM readings
              WHERE vehicle_id = @Id AND signal_id = @Speed AND recorded_at >= @From AND recorded_at < @To) steps
        WHERE step <= @MaxStep
        GROUP BY 1 ORDER BY 1
        """;

    string FirstTimes => $"""
        SELECT {dialect.Microseconds("recorded_at")} FROM readings
        WHERE vehicle_id = @Id AND signal_id = @Speed AND recorded_at >= @From AND recorded_at < @To
        ORDER BY recorded_at LIMIT {PeriodSample}
        """;

    string ReadingsOf(string minute) =>
        $"FROM readings WHERE vehicle_id = @Id AND {dialect.IsAnyOf("signal_id", "Ids")} AND recorded_at >= {minute} AND recorded_at < {minute} + @Bucket";

    List<Stretch> Join(IEnumerable<Stretch> stretches)
    {
        var joined = new List<Stretch>();
        foreach (var stretch in stretches)
        {
            if (joined.Count > 0 && stretch.Start - joined[^1].End < settings.Pause.TotalMicroseconds) joined[^1] = joined[^1].And(stretch);
            else joined.Add(stretch);
        }

        return joined;
    }

    static double Distance(Stretch stretch, Queue<(long Minute, double Kilometres)> steps)
    {
        var kilometres = 0.0;
        while (steps.TryPeek(out var step) && step.Minute <= stretch.End) kilometres += steps.Dequeue().Kilometres;
        return Math.Round(kilometres, DistanceDecimals);
    }

    static Drive AsDrive(Vehicle vehicle, Stretch stretch, double? kilometres)
    {
        var span = stretch.Span;
        return new Drive(vehicle.Id, Timestamps.Text(span.Start), Timestamps.Text(span.End), (span.End - span.Start).TotalSeconds, kilometres, stretch.Speed, stretch.Readings) { Span = span };
    }

    // Times in microseconds since 1970, UTC.
    sealed record Stretch(long Start, long End, long Readings, double? Speed)
    {
        public DriveSpan Span => new(DateTime.UnixEpoch.AddMicroseconds(Start), DateTime.UnixEpoch.AddMicroseconds(End), Readings);

        public Stretch And(Stretch next) => new(Start, next.End, Readings + next.Readings, Speed > next.Speed || next.Speed is null ? Speed : next.Speed);
    }
}
