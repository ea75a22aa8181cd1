using Telemetry.Api.Queries;
using Telemetry.Api.Store;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Alerts;

/// <summary>Lowest and highest values of signals in a range, from the store's minute summaries. Thread-safe. Throws <see cref="System.Data.Common.DbException"/> while the database is unavailable, <see cref="TimeoutException"/> while too many reads are in progress.</summary>
sealed class RangeExtremes(StoreDialect dialect, LongReads longReads)
{
    static readonly long Minute = TimeSpan.TicksPerMinute;

    public async Task<Dictionary<Signal, (double Lowest, double Highest)>> ReadAsync(Vehicle vehicle, RecordedSignals signals, TimeRange range, CancellationToken cancelled)
    {
        // Whole minutes come from the summaries, the parts at both ends from single readings.
        var first = range.From.AddTicks((Minute - range.From.Ticks % Minute) % Minute);
        var head = first < range.To ? first : range.To;
        var last = range.To.AddTicks(-(range.To.Ticks % Minute));
        var tail = last > head ? last : head;
        var rows = await longReads.ReadAsync(async connection => await connection.ReadAsync($"""
            SELECT signal_id, min(lowest), max(highest)
            FROM (SELECT signal_id, lowest, highest FROM minutes
                  WHERE vehicle_id = @Id AND {dialect.IsAnyOf("signal_id", "Ids")} AND minute >= @Head AND minute < @Tail
                  UNION ALL
                  SELECT signal_id, value, value FROM readings
                  WHERE vehicle_id = @Id AND {dialect.IsAnyOf("signal_id", "Ids")} AND recorded_at >= @From AND recorded_at < @Head
                  UNION ALL
                  SELECT signal_id, value, value FROM readings
                  WHERE vehicle_id = @Id AND {dialect.IsAnyOf("signal_id", "Ids")} AND recorded_at >= @Tail AND recorded_at < @To) parts
            GROUP BY signal_id
            """,
            [("Id", vehicle.Id), ("Ids", dialect.Set(signals.Ids)), ("From", dialect.Time(range.From)), ("Head", dialect.Time(head)), ("Tail", dialect.Time(tail)), ("To", dialect.Time(range.To))],
            row => (SignalId: row.GetInt32(0), Lowest: row.GetDouble(1), Highest: row.GetDouble(2)), cancelled), cancelled);
        return rows.ToDictionary(row => signals[row.SignalId], row => (row.Lowest, row.Highest));
    }
}
