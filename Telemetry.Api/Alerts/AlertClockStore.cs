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

    readonly Lock _gate = new();
    HashSet<(int RuleId, int VehicleId)> _written = [];

    public bool IsDue(IReadOnlyList<AlertClock> clocks)
    {
        lock (_gate) return clocks.Count + _written.Count > 0;
    }

    public async Task<IReadOnlyList<AlertClock>> ReadAsync(DbTransaction transaction, string source)
    {
        var rows = (await transaction.Connection!.QueryAsync<AlertClock>($"""
            SELECT rule_id AS RuleId, vehicle_id AS VehicleId, {dialect.Microseconds("since")} AS Since, counted AS Counted FROM alert_clocks
            WHERE vehicle_id IN (SELECT vehicle_id FROM heard_vehicles WHERE source = @source)
            """, new { source }, transaction)).AsList();
        lock (_gate) _written.UnionWith(rows.Select(KeyOf));
        return rows;
    }

    /// <summary>Waits of some vehicles, which this server writes from now on. Thread-safe.</summary>
    public async Task<IReadOnlyList<AlertClock>> TakeOverAsync(DbConnection connection, IEnumerable<int> vehicleIds)
    {
        var taken = await connection.ReadAsync(
            $"SELECT rule_id, vehicle_id, {dialect.Microseconds("since")}, counted FROM alert_clocks WHERE {dialect.IsAnyOf("vehicle_id", "ids")}",
            [("ids", dialect.Set([.. vehicleIds]))],
            row => new AlertClock { RuleId = row.GetInt32(0), VehicleId = row.GetInt32(1), Since = row.GetInt64(2), Counted = row.GetDouble(3) }, transaction: null);
        lock (_gate) _written.UnionWith(taken.Select(KeyOf));
        return taken;
    }

    /// <summary>Replaces the waits written before; those of other servers stay. One statement writes many rows: each vehicle of an offline fleet waits.</summary>
    public async Task WriteAsync(DbTransaction transaction, IReadOnlyList<AlertClock> clocks, string source)
    {
        var connection = transaction.Connection!;
        List<(int RuleId, int VehicleId)> over;
        lock (_gate) over = [.. _written.Except(clocks.Select(KeyOf))];
        foreach (var gone in over.GroupBy(key => key.RuleId, key => key.VehicleId))
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

    public void SetWritten(IReadOnlyList<AlertClock> clocks)
    {
        lock (_gate) _written = [.. clocks.Select(KeyOf)];
    }

    static (int RuleId, int VehicleId) KeyOf(AlertClock clock) => (clock.RuleId, clock.VehicleId);
}
