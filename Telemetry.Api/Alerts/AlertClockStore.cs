using System.Data.Common;
using Dapper;
using Telemetry.Api.Store;

namespace Telemetry.Api.Alerts;

/// <summary>A wait that is not over. A class with setters, because rows and notes are deserialized into it.</summary>
sealed class AlertClock
{
    public int RuleId { get; set; }

    public int VehicleId { get; set; }

    /// <summary>Start of the wait, in microseconds since 1970.</summary>
    public long Since { get; set; }

    /// <summary>Judged seconds so far.</summary>
    public double Counted { get; set; }
}

/// <summary>Rows of <c>alert_clocks</c>. One caller at a time. Members throw <see cref="DbException"/> while the database is unavailable.</summary>
sealed class AlertClockStore(StoreDialect dialect)
{
    const int MaxRowsPerStatement = 200;

    HashSet<(int RuleId, int VehicleId)> _written = [];

    public bool IsDue(IReadOnlyList<AlertClock> clocks) => clocks.Count + _written.Count > 0;

    public async Task<IReadOnlyList<AlertClock>> ReadAsync(DbTransaction transaction, string source)
    {
        var rows = (await transaction.Connection!.QueryAsync<AlertClock>($"""
            SELECT rule_id AS RuleId, vehicle_id AS VehicleId, {dialect.Microseconds("since")} AS Since, counted AS Counted FROM alert_clocks
            WHERE vehicle_id IN (SELECT vehicle_id FROM heard_vehicles WHERE source = @source)
            """, new { source }, transaction)).AsList();
        _written = [.. rows.Select(row => (row.RuleId, row.VehicleId))];
        return rows;
    }

    /// <summary>Replaces the waits written before; those of other servers stay. One statement writes many rows: each vehicle of an offline fleet waits.</summary>
    public async Task WriteAsync(DbTransaction transaction, IReadOnlyList<AlertClock> clocks, string source)
    {
        var connection = transaction.Connection!;
        foreach (var gone in _written.Except(clocks.Select(KeyOf)).GroupBy(key => key.RuleId, key => key.VehicleId))
        {
            foreach (var vehicleIds in gone.Chunk(MaxRowsPerStatement))
            {
                await connection.ExecuteAsync($"""
                DELETE FROM alert_clocks
                WHERE rule_id = @Key AND vehicle_id IN ({string.Join(", ", vehicleIds)}) AND vehicle_id NOT IN (SELECT vehicle_id FROM heard_vehicles WHERE source <> @source)
                """, new { gone.Key, source }, transaction);
            }
        }

        foreach (var rows in clocks.Chunk(MaxRowsPerStatement))
        {
            var values = rows.SelectMany((row, i) => new (string, object?)[]
            {
                ($"rule{i}", row.RuleId), ($"vehicle{i}", row.VehicleId), ($"since{i}", dialect.Time(DateTime.UnixEpoch.AddMicroseconds(row.Since))), ($"counted{i}", row.Counted),
            });
            await transaction.RunAsync($"""
                INSERT INTO alert_clocks (rule_id, vehicle_id, since, counted) VALUES {string.Join(", ", rows.Select((_, i) => $"(@rule{i}, @vehicle{i}, @since{i}, @counted{i})"))}
                ON CONFLICT (rule_id, vehicle_id) DO UPDATE SET since = excluded.since, counted = excluded.counted
                """, [.. values]);
        }
    }

    public void SetWritten(IReadOnlyList<AlertClock> clocks) => _written = [.. clocks.Select(KeyOf)];

    static (int RuleId, int VehicleId) KeyOf(AlertClock clock) => (clock.RuleId, clock.VehicleId);
}
