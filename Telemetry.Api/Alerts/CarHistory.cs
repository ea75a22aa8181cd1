using System.Data.Common;
using Telemetry.Api.Drives;
using Telemetry.Api.Store;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Alerts;

/// <summary>Range of one signal over the drives in which it was sent: from the lowest to the highest of each drive's lowest, and of each drive's highest value.</summary>
sealed record SignalBand(int Drives, (double From, double To) Lowest, (double From, double To) Highest);

/// <summary>A vehicle's last 30 days, as presets need them. The lowest voltage is that of minutes above 1000 rpm; null without any.</summary>
sealed record CarHistory(Vehicle Vehicle, IReadOnlyCollection<Signal> Sent, IReadOnlyDictionary<Signal, SignalBand> Bands, double? LowestChargingVoltage)
{
    static readonly string[] Fuels = ["fuel_tank_level", "fuel_tank", "fuel_level", "fuel", "tank_level", "fuel_percent", "fuel_percentage"];
    static readonly string[] Charges = ["soc", "state_of_charge", "battery_charge_level", "charge_level"];
    static readonly string[] Voltages = [Signal.ControlModuleVoltage.Name, "battery_voltage", "obd_adapter_voltage"];

    public Signal? First(params string[] names) => names.Select(name => Sent.FirstOrDefault(signal => signal.Name == name)).FirstOrDefault(signal => signal is not null);

    public Signal? Voltage => First(Voltages);

    public Signal? Fuel => First(Fuels);

    public Signal? Charge => First(Charges);

    public IReadOnlyDictionary<Signal, double> DailyFalls { get; init; } = new Dictionary<Signal, double>();
}

/// <summary>Histories from the store's minute summaries. Thread-safe. Throws <see cref="DbException"/> while the database is unavailable, <see cref="TimeoutException"/> while too many reads are in progress.</summary>
sealed class CarHistories(RecordingQueries queries, StoreDialect dialect, LongReads longReads, DrivesSettings drives)
{
    const int Days = 30;
    const int FastRpm = 1000;

    static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public async Task<CarHistory> ReadAsync(Vehicle vehicle, CancellationToken cancelled)
    {
        var signals = await queries.SignalsAsync(vehicle, cancelled);
        var history = new CarHistory(vehicle, [.. signals.Ids.Select(id => signals[id])], new Dictionary<Signal, SignalBand>(), null);
        (string, object?)[] parameters =
        [
            ("Id", vehicle.Id),
            ("Ids", dialect.Set(signals.Ids)),
            ("From", dialect.Time(DateTime.UtcNow.AddDays(-Days))),
            ("Pause", dialect.Length(drives.Pause)),
            ("Rpm", signals.IdOf(Signal.Rpm) ?? -1),
            ("Voltage", IdOf(history.Voltage)),
            ("Fuel", IdOf(history.Fuel)),
            ("Charge", IdOf(history.Charge)),
        ];
        var (bands, lowest, levels) = await longReads.ReadAsync(async connection => (
            await connection.ReadAsync(Bands, parameters, AsBand, cancelled),
            await connection.ReadAsync(VoltageAtSpeed, parameters, row => row.Double(0), cancelled),
            await connection.ReadAsync(Levels, parameters, row => (SignalId: row.GetInt32(0), Minute: DateTime.UnixEpoch.AddMicroseconds(row.GetInt64(1)), Lowest: row.GetDouble(2), Highest: row.GetDouble(3)), cancelled)), cancelled);
        return history with
        {
            Bands = bands.ToDictionary(row => signals[row.SignalId], row => row.Band),
            LowestChargingVoltage = lowest[0],
            DailyFalls = levels.GroupBy(row => row.SignalId).ToDictionary(rows => signals[rows.Key], rows => LargestFall(rows.Select(row => (row.Minute, row.Lowest, row.Highest)))),
        };

        int IdOf(Signal? signal) => signal is null ? -1 : signals.IdOf(signal) ?? -1;
    }

    // The order of the readings in a minute is not known: minutes are compared with earlier ones.
    static double LargestFall(IEnumerable<(DateTime Minute, double Lowest, double Highest)> minutes)
    {
        var peaks = new LinkedList<(DateTime Minute, double Highest)>();
        var largest = 0.0;
        foreach (var (minute, lowest, highest) in minutes)
        {
            while (peaks.First is { } old && minute - old.Value.Minute > Day) peaks.RemoveFirst();
            if (peaks.First is { } peak) largest = Math.Max(largest, peak.Value.Highest - lowest);
            while (peaks.Last is { } lower && lower.Value.Highest <= highest) peaks.RemoveLast();
            peaks.AddLast((minute, highest));
        }

        return largest;
    }

    string Bands => $"""
        WITH occupied AS (
            SELECT minute FROM minutes WHERE vehicle_id = @Id AND {dialect.IsAnyOf("signal_id", "Ids")} AND minute >= @From GROUP BY minute),
        marked AS (
            SELECT minute, CASE WHEN minute - lag(minute) OVER (ORDER BY minute) < @Pause THEN 0 ELSE 1 END AS begins FROM occupied),
        numbered AS (
            SELECT minute, sum(begins) OVER (ORDER BY minute) AS drive FROM marked),
        extremes AS (
            SELECT m.signal_id, n.drive, min(m.lowest) AS lowest, max(m.highest) AS highest
            FROM minutes m JOIN numbered n ON n.minute = m.minute
            WHERE m.vehicle_id = @Id AND {dialect.IsAnyOf("m.signal_id", "Ids")} AND m.minute >= @From
            GROUP BY 1, 2)
        SELECT signal_id, count(*), min(lowest), max(lowest), min(highest), max(highest) FROM extremes GROUP BY signal_id
        """;

    static string VoltageAtSpeed => $"""
        SELECT min(v.lowest)
        FROM minutes r JOIN minutes v ON v.vehicle_id = r.vehicle_id AND v.signal_id = @Voltage AND v.minute = r.minute
        WHERE r.vehicle_id = @Id AND r.signal_id = @Rpm AND r.minute >= @From AND r.lowest > {FastRpm}
        """;

    string Levels => $"""
        SELECT signal_id, {dialect.Microseconds("minute")}, lowest, highest FROM minutes
        WHERE vehicle_id = @Id AND signal_id IN (@Fuel, @Charge) AND minute >= @From
        ORDER BY signal_id, minute
        """;

    static (int SignalId, SignalBand Band) AsBand(DbDataReader row) =>
        (row.GetInt32(0), new SignalBand((int)row.GetInt64(1), (row.GetDouble(2), row.GetDouble(3)), (row.GetDouble(4), row.GetDouble(5))));
}
