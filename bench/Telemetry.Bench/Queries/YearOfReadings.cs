using System.Data;
using System.Diagnostics;
using System.Globalization;
using Dapper;
using Telemetry.Bench.Rig;

namespace Telemetry.Bench.Queries;

/// <summary>A store of months of readings, filled by the database itself.</summary>
sealed record YearOfReadings(DateTime From, int Cars, int Days, long Rows, long Minutes, long Hours, double Period, long Bytes, double Seconds)
{
    /// <summary>Store filled by an earlier run; null if there is none.</summary>
    public static async Task<YearOfReadings?> Filled(string store, CancellationToken cancel)
    {
        await using var connection = Postgres.Connect(store);
        await connection.OpenAsync(cancel);
        if (await connection.ExecuteScalarAsync<bool>("SELECT to_regclass('filled') IS NOT NULL")) return await connection.QuerySingleAsync<YearOfReadings>("SELECT * FROM filled");
        if (await connection.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT FROM vehicles WHERE device = 'car2')"))
            throw new BenchmarkException("The store was not filled to its end: remove its folder.");
        return null;
    }

    public static async Task<YearOfReadings> Fill(string store, string[] signals, int fleetSize, long rows, int cars, int days, CancellationToken cancel)
    {
        var begin = Stopwatch.GetTimestamp();
        var to = DateTime.UtcNow.Date;
        var from = to.AddDays(-days);
        var period = days * 86400.0 * cars * signals.Length / rows;
        await using var connection = Postgres.Connect(store);
        await connection.OpenAsync(cancel);
        await connection.ExecuteAsync("""
            INSERT INTO vehicles (vehicle_id, device) SELECT n, 'car' || n FROM generate_series(2, @FleetSize) n;
            INSERT INTO signals (signal_id, name) SELECT n, (@Signals)[n] FROM generate_series(1, array_length(@Signals, 1)) n;
            INSERT INTO last_values SELECT v, s, @from, v % 100 FROM generate_series(@cars + 2, @FleetSize) v, generate_series(1, array_length(@Signals, 1)) s;
            ALTER TABLE readings DISABLE TRIGGER USER;
            """, new { FleetSize = fleetSize, Signals = signals, cars, from });
        for (var month = new DateTime(from.Year, from.Month, 1, 0, 0, 0, DateTimeKind.Utc); month < to; month = month.AddMonths(1))
        {
            var (start, end) = (month > from ? month : from, month.AddMonths(1) < to ? month.AddMonths(1) : to);
            var name = month.ToString("'readings_'yyyy_MM", CultureInfo.InvariantCulture);
            if (await connection.ExecuteScalarAsync<bool>("SELECT to_regclass(@name) IS NULL", new { name }))
                await connection.ExecuteAsync($"CREATE TABLE {name} PARTITION OF readings FOR VALUES FROM ('{QueriesBenchmark.Iso(month)}') TO ('{QueriesBenchmark.Iso(month.AddMonths(1))}')");
            // In the order of time, as they come from a fleet; the summaries made in one go, as the trigger would make them.
            await connection.ExecuteAsync(new CommandDefinition("""
                INSERT INTO readings (vehicle_id, signal_id, recorded_at, value)
                SELECT v, s, t + v * interval '1 millisecond', round((50 + 40 * sin(extract(epoch FROM t) / 900 + v + s) + 5 * random())::numeric, 2)
                FROM generate_series(@start, @end - interval '1 second', make_interval(secs => @period)) t, generate_series(2, @cars + 1) v, generate_series(1, array_length(@Signals, 1)) s
                """, new { start, end, period, cars, Signals = signals }, commandTimeout: 600, cancellationToken: cancel));
            await connection.ExecuteAsync(new CommandDefinition("""
                INSERT INTO minutes
                SELECT vehicle_id, signal_id, date_trunc('minute', recorded_at, 'UTC') AS minute, count(*), min(value), max(value), sum(value)
                FROM readings WHERE recorded_at >= @start AND recorded_at < @end GROUP BY 1, 2, 3 ORDER BY 3, 1, 2
                """, new { start, end }, commandTimeout: 600, cancellationToken: cancel));
        }

        await connection.ExecuteAsync("""
            INSERT INTO last_values
            SELECT v, s, r.recorded_at, r.value
            FROM generate_series(2, @cars + 1) v, generate_series(1, array_length(@Signals, 1)) s,
                 LATERAL (SELECT recorded_at, value FROM readings WHERE vehicle_id = v AND signal_id = s ORDER BY recorded_at DESC LIMIT 1) r;
            INSERT INTO closed_hours
            SELECT vehicle_id, signal_id, date_trunc('hour', minute, 'UTC') AS hour, sum(readings), min(lowest), max(highest), sum(total)
            FROM minutes GROUP BY 1, 2, 3 ORDER BY 3, 1, 2;
            ALTER TABLE readings ENABLE TRIGGER USER;
            """, new { cars, Signals = signals }, commandTimeout: 600);
        // As autovacuum and the checkpointer would have done in a year: neither is to work beside what is measured.
        foreach (var care in new[] { "VACUUM (ANALYZE)", "CHECKPOINT" }) await connection.ExecuteAsync(new CommandDefinition(care, commandTimeout: 600, commandType: CommandType.Text, cancellationToken: cancel));
        await connection.ExecuteAsync(new CommandDefinition("""
            CREATE TABLE filled AS
            SELECT @from AT TIME ZONE 'UTC' AS "from", @cars AS cars, @days AS days, (SELECT sum(readings) FROM minutes)::bigint AS rows, (SELECT count(*) FROM minutes) AS minutes,
                   (SELECT count(*) FROM hours) AS hours, @period AS period, pg_database_size(current_database()) AS bytes, @seconds AS seconds
            """, new { from, cars, days, period, seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds }, commandTimeout: 600, cancellationToken: cancel));
        return await connection.QuerySingleAsync<YearOfReadings>("SELECT * FROM filled");
    }
}
