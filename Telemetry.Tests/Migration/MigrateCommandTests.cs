using System.Globalization;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Migration;

/// <summary>The command that copies an SQLite store into PostgreSQL.</summary>
public sealed class MigrateCommandTests(PostgresServer postgres) : IAsyncLifetime
{
    const string Export = "/telemetry/export?vehicle_id=2&from=2025-01-01&to=2026-12-01";

    static readonly string[] Answers =
    [
        "/vehicles", "/telemetry/latest", "/alerts/rules", "/alerts?from=2025-01-01&to=2026-12-01", "/telemetry/export?vehicle_id=2&from=2001-01-01&to=2002-01-01", Export, "/telemetry/export?vehicle_id=3&from=2025-01-01&to=2026-12-01", "/drives?vehicle_id=2&from=2026-10-01&to=2026-11-02",
        "/telemetry/history?vehicle_id=2&signals=rpm,coolant_temperature&from=2026-10-01&to=2026-11-02&points=100", "/telemetry/history?vehicle_id=2&signals=rpm&from=2026-10-31T23:50:00Z&to=2026-11-01&points=50",
    ];

    // A server writes hours of the days before, and none of the answers may depend on the time of the test.
    static readonly DateTime Start = new(2026, 10, 31, 23, 30, 0, DateTimeKind.Utc);

    static readonly Regex TimesOfNow = new("\"state_since\":\"[^\"]*\",|,\"age_seconds\":[0-9.]+");

    readonly TempFolder _folder = new();

    string Sqlite => $"Data Source={_folder["process.db"]};Pooling=False";

    public async ValueTask InitializeAsync()
    {
        await using var server = await Server.Start($"History:SqlitePath={_folder["process.db"]}", $"History:SpoolPath={_folder["process-spool.db"]}");
        await server.Import([.. Enumerable.Range(0, 3000).SelectMany(i => ((DateTime, string, string, double)[])[
            (Start.AddSeconds(i), "car2", "rpm", 800 + (i * 7 % 3000) + 0.1), (Start.AddSeconds(i), "car3", "rpm", i), (Start.AddSeconds(i).AddMicroseconds(i), "car2", "coolant_temperature", Math.Min(90, i / 10.0)),
        ])]);
        await server.Import((new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc), "car2", "rpm", 1), (Start.AddDays(-400), "gone", "rpm", 2));
        await server.StoreIs("direct");
        (await server.Http.PatchAsJsonAsync("/vehicles/2", new { name = "Élodie's \"car\" 🚗", kind = "electric", battery_kwh = 42.2 })).EnsureSuccessStatusCode();
        (await server.Http.PatchAsJsonAsync("/vehicles/4", new { merge_into = 3 })).EnsureSuccessStatusCode();
        (await server.Http.PostAsJsonAsync("/alerts/rules", new { name = "Fast", severity = "info", when = new[] { new { signal = "rpm", above = 6000 } } })).EnsureSuccessStatusCode();
        await server.Stop();
        await FillEveryTable();
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Everything_is_in_the_database_and_a_server_on_it_answers_the_same()
    {
        var database = await postgres.CreateDatabase();
        var (code, output) = await Migrate(database);
        code.Should().Be(0, output);
        output.Should().Contain("vehicles: 3 rows").And.Contain("Set ConnectionStrings:Telemetry");
        await using var connection = new NpgsqlConnection(database);
        foreach (var table in await Tables())
            (await connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM {table}")).Should().BePositive($"{table} had rows");
        (await connection.ExecuteScalarAsync<int>("INSERT INTO alert_rules (version, name, enabled, rule, changed_at) VALUES (1, 'next', true, '{}', now()) RETURNING rule_id")).Should().Be(
            await Number("SELECT max(rule_id) + 1 FROM alert_rules"), "ids go on after those that were copied");
        (await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM readings_2026_10")).Should().BePositive("past months have partitions too");

        var before = await AnswersOf($"History:SqlitePath={_folder["process.db"]}");
        var after = await AnswersOf($"ConnectionStrings:Telemetry={database}");
        foreach (var path in Answers) after[path].Should().Be(before[path], path);
        before[Export].Split('\n').Should().HaveCount(6002);
    }

    [Fact]
    public async Task An_interrupted_copy_goes_on_and_a_finished_one_changes_nothing()
    {
        var database = await postgres.CreateDatabase();
        await using var connection = new NpgsqlConnection(database);
        await using (var server = await Server.Start($"ConnectionStrings:Telemetry={database}")) await server.StoreIs("direct");
        // As after a kill within a signal that has since got an older reading.
        foreach (var (at, value) in await Readings(601)) await connection.ExecuteAsync("INSERT INTO readings VALUES (2, 1, @at, @value)", new { at = DateTime.UnixEpoch.AddMicroseconds(at), value });
        await Execute("INSERT INTO readings VALUES (2, 1, @at, 5)", new { at = (Start.AddMinutes(5).AddMicroseconds(3) - DateTime.UnixEpoch).Ticks / 10 });

        var (code, output) = await Migrate(database);
        code.Should().Be(0, output);
        (await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM readings")).Should().Be(await Number("SELECT count(*) FROM readings"));
        (await connection.ExecuteScalarAsync<double>("SELECT sum(total) FROM minutes")).Should().BeApproximately(await connection.ExecuteScalarAsync<double>("SELECT sum(value) FROM readings"), 1e-3);

        (await Migrate(database)).Code.Should().Be(0);
        await connection.ExecuteAsync("UPDATE vehicles SET name = 'kept' WHERE vehicle_id = 2; INSERT INTO readings VALUES (2, 1, now(), 1)");
        (code, output) = await Migrate(database);
        code.Should().Be(1);
        output.Should().Contain("already has vehicles or alerts of its own");
        (await connection.ExecuteScalarAsync<string>("SELECT name FROM vehicles WHERE vehicle_id = 2")).Should().Be("kept");
    }

    [Fact]
    public async Task A_database_with_readings_of_another_store_is_refused()
    {
        var database = await postgres.CreateDatabase();
        await using (var server = await Server.Start($"ConnectionStrings:Telemetry={database}")) await server.StoreIs("direct");
        await using var connection = new NpgsqlConnection(database);
        await connection.ExecuteAsync("INSERT INTO readings VALUES (2, 1, @at, 999)", new { at = Start.AddHours(3) });
        var (code, output) = await Migrate(database);
        code.Should().Be(1);
        output.Should().Contain("The readings of vehicle 2, signal 1 differ");
    }

    [Fact]
    public async Task Each_error_of_the_command_is_one_line()
    {
        (await Migrate("postgresql://localhost/telemetry")).Should().Match<(int Code, string Output)>(end => end.Code == 1 && end.Output.StartsWith("--migrate-to takes an Npgsql connection string"));
        (await Migrate($"Host=127.0.0.1;Port={Ports.Free()};Username=telemetry")).Should().Match<(int Code, string Output)>(end => end.Code == 1 && end.Output.StartsWith("The copy has stopped ("));
        await using (await Server.Start($"History:SqlitePath={_folder["process.db"]}", $"History:SpoolPath={_folder["process-spool.db"]}"))
            (await Migrate(await postgres.CreateDatabase())).Output.Should().Be("--migrate-to: a server runs with this spool. Stop it first.");
        using var empty = new TempFolder();
        using var process = ServerProcess.Start(empty, null, "--migrate-to", "Host=127.0.0.1");
        (await process.WaitForExit()).Should().Be(1);
        process.Output.Should().StartWith("--migrate-to: there is no SQLite store at History:SqlitePath");
    }

    async Task<(int Code, string Output)> Migrate(string database)
    {
        using var process = ServerProcess.Start(_folder, null, "--migrate-to", database);
        return (await process.WaitForExit(), process.Output);
    }

    static async Task<Dictionary<string, string>> AnswersOf(string setting)
    {
        await using var server = await Server.Start(setting);
        await server.StoreIs("direct");
        var answers = new Dictionary<string, string>();
        foreach (var path in Answers)
        {
            using var answer = await server.Http.GetAsync(path);
            answers[path] = TimesOfNow.Replace(await answer.Content.ReadAsStringAsync(), "");
            answer.IsSuccessStatusCode.Should().BeTrue(answers[path]);
        }

        return answers;
    }

    // A table that a later schema script adds is in this test by itself, whatever types it has.
    async Task FillEveryTable()
    {
        await using var connection = new SqliteConnection(Sqlite);
        foreach (var table in await Tables())
        {
            if (await connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM {table}") > 0) continue;
            var columns = (await connection.QueryAsync<(string Name, string Type)>("SELECT name, type FROM pragma_table_info(@table)", new { table })).ToList();
            var values = columns.Select(column => column switch
            {
                ("alert_id", _) => $"'{Guid.CreateVersion7()}'",
                ("id", _) => "1",
                (_, "TEXT") => "'a text of \"é\", 🚗'",
                (_, "BLOB") => "x'00ff01'",
                (_, "REAL") => 1.5.ToString(CultureInfo.InvariantCulture),
                _ => "1",
            });
            await connection.ExecuteAsync($"INSERT INTO {table} ({string.Join(", ", columns.Select(column => column.Name))}) VALUES ({string.Join(", ", values)})");
        }
    }

    async Task<IEnumerable<(long At, double Value)>> Readings(int count)
    {
        await using var connection = new SqliteConnection(Sqlite);
        return await connection.QueryAsync<(long, double)>("SELECT recorded_at, value FROM readings WHERE vehicle_id = 2 AND signal_id = 1 ORDER BY recorded_at LIMIT @count", new { count });
    }

    async Task<IReadOnlyList<string>> Tables()
    {
        await using var connection = new SqliteConnection(Sqlite);
        return [.. await connection.QueryAsync<string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")];
    }

    async Task<int> Number(string sql)
    {
        await using var connection = new SqliteConnection(Sqlite);
        return await connection.ExecuteScalarAsync<int>(sql);
    }

    async Task Execute(string sql, object parameters)
    {
        await using var connection = new SqliteConnection(Sqlite);
        await connection.ExecuteAsync(sql, parameters);
    }
}
