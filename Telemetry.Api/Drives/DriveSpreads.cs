using System.Data.Common;
using Telemetry.Api.History;
using Telemetry.Api.Http;
using Telemetry.Api.Queries;
using Telemetry.Api.Store;
using Telemetry.Core.Signals;
using Telemetry.Core.Trips;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Drives;

/// <summary>Signals whose spread each drive gets; none if not asked for.</summary>
sealed record SpreadSignals(IReadOnlyList<Signal> Signals) : IRequestPart<SpreadSignals>
{
    // All readings of the drives are read.
    const int MaxDays = 32;

    static readonly Text Parameter = new("signal", $"At most {ChartedSignals.MaxSignals} comma-separated names, whose spread in each drive is added; over at most {MaxDays} days");

    public static IReadOnlyList<Parameter> Parameters => [Parameter];

    public static SpreadSignals Read(HttpContext http) => new(Parameter.Read(http) is { } names ? ChartedSignals.Named(names, Parameter, http) : []);

    /// <summary>Throws <see cref="ProblemException"/> if the range is too long.</summary>
    public void Check(TimeRange range)
    {
        if (Signals.Count > 0 && (range.To - range.From).TotalDays > MaxDays) throw Parameter.Wrong($"names with a range of at most {MaxDays} days");
    }
}

/// <summary>Finds drives with the spread of their signals. Thread-safe. Throws <see cref="DbException"/> while the database is unavailable, <see cref="TimeoutException"/> while too many reads are in progress.</summary>
sealed class DriveSpreads(DriveFinder finder, StoreDialect dialect, RecordingQueries queries, LongReads longReads)
{
    public async Task<IReadOnlyList<Drive>> FindAsync(Vehicle vehicle, TimeRange range, IReadOnlyCollection<Signal> wanted, CancellationToken cancelled)
    {
        var drives = await finder.FindAsync(vehicle, range, cancelled);
        var signals = (await queries.SignalsAsync(vehicle, cancelled)).Only(wanted);
        var found = new List<Drive>(drives.Count);
        foreach (var drive in drives) // One turn each: others may read between.
            found.Add(drive with { Signals = await longReads.ReadAsync(connection => ReadAsync(connection, vehicle, signals, drive.Span, cancelled), cancelled) });
        return found;
    }

    async Task<IReadOnlyDictionary<string, Spread>> ReadAsync(DbConnection connection, Vehicle vehicle, RecordedSignals signals, DriveSpan span, CancellationToken cancelled)
    {
        var meters = signals.Ids.ToDictionary(id => id, _ => new SpreadMeter());
        await connection.ScanAsync($"""
            SELECT signal_id, value FROM readings
            WHERE vehicle_id = @Id AND {dialect.IsAnyOf("signal_id", "Ids")} AND recorded_at >= @From AND recorded_at <= @To
            """,
            [("Id", vehicle.Id), ("Ids", dialect.Set(signals.Ids)), ("From", dialect.Time(span.Start)), ("To", dialect.Time(span.End))],
            row => meters[row.GetInt32(0)].Add(row.GetDouble(1)), null, cancelled);
        var spreads = new OrderedDictionary<string, Spread>();
        foreach (var (id, meter) in meters)
            if (meter.Result() is { } spread) spreads.Add(signals[id].Name, spread);
        return spreads;
    }
}
