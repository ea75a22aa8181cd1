using System.Data.Common;
using Dapper;
using Telemetry.Api.Store;

namespace Telemetry.Api.Alerts;

/// <summary>A wait that is not over.</summary>
/// <remarks>A class with setters: rows and notes are read into it.</remarks>
sealed class AlertClock
{
    public int RuleId { get; set; }

    public int VehicleId { get; set; }

    /// <summary>Start of the wait, in microseconds since 1970.</summary>
    public long Since { get; set; }

    /// <summary>Judged seconds so far.</summary>
    public double Counted { get; set; }
}

/// <summary>Rows of <c>alert_clocks</c>. One caller at a time.</summary>
/// <remarks>Every member throws <see cref="DbException"/> while the database is not to be used.</remarks>
sealed class AlertClockStore(StoreDialect dialect)
{
    HashSet<(int RuleId, int VehicleId)> _written = [];

    /// <summary>True if writing would change anything.</summary>
    public bool IsDue(IReadOnlyList<AlertClock> clocks) => clocks.Count + _written.Count > 0;

    /// <summary>All waits.</summary>
    public async Task<IReadOnlyList<AlertClock>> ReadAsync(DbTransaction transaction)
    {
        var rows = (await transaction.Connection!.QueryAsync<AlertClock>(
            $"SELECT rule_id AS RuleId, vehicle_id AS VehicleId, {dialect.Microseconds("since")} AS Since, counted AS Counted FROM alert_clocks", transaction: transaction)).AsList();
        _written = [.. rows.Select(row => (row.RuleId, row.VehicleId))];
        return rows;
    }

    /// <summary>Puts waits in the place of those that were written before. Those of other servers stay.</summary>
    public async Task WriteAsync(DbTransaction transaction, IReadOnlyList<AlertClock> clocks)
    {
        HashSet<(int RuleId, int VehicleId)> now = [.. clocks.Select(clock => (clock.RuleId, clock.VehicleId))];
        foreach (var (ruleId, vehicleId) in _written.Except(now))
            await transaction.Connection!.ExecuteAsync("DELETE FROM alert_clocks WHERE rule_id = @ruleId AND vehicle_id = @vehicleId", new { ruleId, vehicleId }, transaction);
        foreach (var clock in clocks)
        {
            await transaction.Connection!.ExecuteAsync("""
                INSERT INTO alert_clocks (rule_id, vehicle_id, since, counted) VALUES (@RuleId, @VehicleId, @Since, @Counted)
                ON CONFLICT (rule_id, vehicle_id) DO UPDATE SET since = excluded.since, counted = excluded.counted
                """, new { clock.RuleId, clock.VehicleId, Since = dialect.Time(DateTime.UnixEpoch.AddMicroseconds(clock.Since)), clock.Counted }, transaction);
        }

        _written = now;
    }
}
