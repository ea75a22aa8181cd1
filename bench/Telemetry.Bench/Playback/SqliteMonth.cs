using Dapper;
using Microsoft.Data.Sqlite;

namespace Telemetry.Bench.Playback;

/// <summary>A month of readings of vehicle 2 in an SQLite file that the server has made, filled by SQLite itself.</summary>
static class SqliteMonth
{
    public static async Task<DateTime> Fill(string path, string[] signals, long rows, int days, CancellationToken cancel)
    {
        var from = DateTime.UtcNow.Date.AddDays(-days);
        var start = (from - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        var period = days * 86_400_000_000L * signals.Length / rows;
        await using var connection = new SqliteConnection($"Data Source={path};Pooling=false");
        await connection.OpenAsync(cancel);
        // The summaries are made in one go, as the triggers would make them.
        var triggers = (await connection.QueryAsync<(string Name, string Sql)>("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).ToList();
        foreach (var (name, _) in triggers) await connection.ExecuteAsync($"DROP TRIGGER {name}");
        await connection.ExecuteAsync("INSERT INTO vehicles (vehicle_id, device) VALUES (2, 'car2')");
        for (var signal = 0; signal < signals.Length; signal++)
        {
            await connection.ExecuteAsync("INSERT INTO signals (signal_id, name) VALUES (@id, @name)", new { id = signal + 1, name = signals[signal] });
            await connection.ExecuteAsync(new CommandDefinition("""
                WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < @count)
                INSERT INTO readings SELECT 2, @signal, @start + i * @period, round(50 + 40 * sin(i / 400.0) + abs(random() % 500) / 100.0, 2) FROM n
                """, new { count = rows / signals.Length, signal = signal + 1, start, period }, commandTimeout: 600, cancellationToken: cancel));
        }

        await connection.ExecuteAsync(new CommandDefinition("""
            INSERT INTO minutes SELECT vehicle_id, signal_id, recorded_at - recorded_at % 60000000, count(*), min(value), max(value), sum(value) FROM readings GROUP BY 1, 2, 3;
            INSERT INTO closed_hours SELECT vehicle_id, signal_id, minute - minute % 3600000000, sum(readings), min(lowest), max(highest), sum(total) FROM minutes GROUP BY 1, 2, 3;
            INSERT INTO last_values SELECT vehicle_id, signal_id, max(recorded_at), value FROM readings GROUP BY 1, 2;
            """, commandTimeout: 600, cancellationToken: cancel));
        foreach (var (_, sql) in triggers) await connection.ExecuteAsync(sql);
        return from;
    }
}
