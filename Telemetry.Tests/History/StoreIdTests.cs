using System.Net;
using System.Text.Json;
using Dapper;
using Npgsql;
using Telemetry.Tests.Support;
using Telemetry.Tests.Vehicles;

namespace Telemetry.Tests.History;

/// <summary>Ids of vehicles and signals come from the store, once, and do not run out.</summary>
public sealed class StoreIdTests(PostgresServer postgres) : IDisposable
{
    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    Task<Server> Start(string connectionString, params string[] settings) =>
        Server.Start([$"ConnectionStrings:Telemetry={connectionString}", $"History:SpoolPath={_folder["spool.db"]}", .. settings]);

    static async Task<T?> Scalar<T>(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        return await connection.ExecuteScalarAsync<T>(sql);
    }

    static Task Holds(string connectionString, string sql, long count) =>
        Eventually.Holds($"{sql} is {count}", async () => await Scalar<long>(connectionString, sql) == count);

    [Fact]
    public async Task Known_names_and_failed_writes_spend_no_id()
    {
        var database = await postgres.CreateDatabase();
        for (var start = 0; start < 3; start++)
        {
            await using var server = await Start(database);
            await server.StoreIs("direct");
            await server.Publish([.. Enumerable.Range(0, 20).Select(i => ("wican/car1/rpm", "1")), .. Enumerable.Range(0, 20).Select(i => ($"wican/car1/sig_{i}", "1"))]);
            await server.Import((Cars.Noon, "car1", "sig_3", start));
        }

        await Scalar<int>(database, "ALTER TABLE readings ADD CHECK (value <> 13)");
        await using (var server = await Start(database))
        {
            await server.Publish([.. Enumerable.Range(0, 10).Select(i => ("wican/car1/sig_3", "13")), ("wican/car2/new_one", "13"), ("wican/car2/new_one", "14")]);
            await Holds(database, "SELECT count(*) FROM readings WHERE value = 14", 1);
        }

        (await Scalar<int>(database, "SELECT max(signal_id) FROM signals")).Should().Be(22);
        (await Scalar<int>(database, "SELECT count(*) FROM signals")).Should().Be(22);
        (await Scalar<int>(database, "SELECT last_id FROM last_ids WHERE kind = 'signal'")).Should().Be(22);
        (await Scalar<int>(database, "SELECT max(vehicle_id) FROM vehicles")).Should().Be(3);
        (await Scalar<int>(database, "SELECT count(*) FROM pg_sequences WHERE sequencename ~ '^(vehicles|signals)_'")).Should().Be(0);
    }

    /// <summary>A database as an earlier version left it.</summary>
    async Task<string> Before(int lastScript, params string[] sql)
    {
        var database = await postgres.CreateDatabase();
        await using var connection = new NpgsqlConnection(database);
        await connection.ExecuteAsync("CREATE TABLE schema_version (version integer PRIMARY KEY)");
        for (var version = 1; version <= lastScript; version++)
        {
            var script = Directory.GetFiles(Path.Combine(Repository.Top, "Telemetry.Api/Store/Schema/Postgres"), $"{version:000}_*.sql").Single();
            await connection.ExecuteAsync(await File.ReadAllTextAsync(script));
            await connection.ExecuteAsync("INSERT INTO schema_version VALUES (@version)", new { version });
        }

        foreach (var each in sql) await connection.ExecuteAsync(each);
        return database;
    }

    [Fact]
    public async Task A_store_whose_ids_are_spent_is_healed()
    {
        var database = await Before(4,
            "INSERT INTO signals (signal_id, name) VALUES (1, 'rpm'), (32767, 'soc')",
            "SELECT setval(pg_get_serial_sequence('signals', 'signal_id'), 32767)",
            "INSERT INTO readings VALUES (1, 32767, '2026-01-05 10:00:00+00', 50)");
        await using var server = await Start(database);
        await server.StoreIs("direct");
        await server.Publish(("wican/rpm", "900"), ("wican/soc", "51"), ("wican/brand_new", "1"), ("wican/another", "2"));
        await Holds(database, "SELECT count(*) FROM readings", 5);
        (await Scalar<string>(database, "SELECT string_agg(name || ' ' || signal_id, ', ' ORDER BY signal_id) FROM signals")).Should().Be("rpm 1, soc 32767, brand_new 32768, another 32769");
        (await server.Ready()).GetProperty("status").GetString().Should().Be("healthy");
        (await server.Http.GetStringAsync("/telemetry/history?signal=brand_new,soc")).Should().Contain(",51]").And.Contain(",1]");
        (await server.Http.GetStringAsync("/telemetry/export?from=2026-01-01")).Should().Contain("soc,50").And.Contain("another,2");
    }

    [Fact]
    public async Task A_table_that_was_too_large_to_be_written_anew_is_widened_before_an_id_needs_it()
    {
        var database = await postgres.CreateDatabase();
        await using (var server = await Start(database)) await server.Publish(("wican/rpm", "1"));
        await using (var connection = new NpgsqlConnection(database))
        {
            await connection.ExecuteAsync("DROP VIEW hours");
            foreach (var table in (string[])["readings", "minutes", "last_values", "closed_hours"])
                await connection.ExecuteAsync($"ALTER TABLE {table} ALTER COLUMN signal_id TYPE smallint");
            await connection.ExecuteAsync("CREATE VIEW hours AS SELECT * FROM closed_hours UNION ALL SELECT vehicle_id, signal_id, minute, readings, lowest, highest, total FROM minutes");
        }

        await using var again = await Start(database);
        await again.Publish(("wican/rpm", "2"), ("wican/soc", "50"));
        await Holds(database, "SELECT count(*) FROM readings", 3);
        (await Scalar<string>(database, TypeOfId)).Should().Be("smallint", "it has room enough");
        await Scalar<int>(database, "UPDATE last_ids SET last_id = 32766 WHERE kind = 'signal'");
        await again.Publish(("wican/first", "1"), ("wican/second", "2"), ("wican/third", "3"), ("wican/rpm", "3"));
        await Holds(database, "SELECT count(*) FROM readings", 7);
        (await Scalar<string>(database, TypeOfId)).Should().Be("integer");
        (await Scalar<int>(database, "SELECT max(signal_id) FROM readings")).Should().Be(32769);
        await again.StoreIs("direct");
        (await again.Http.GetStringAsync("/telemetry/history?signal=third")).Should().Contain(",3]");
    }

    const string TypeOfId = "SELECT data_type FROM information_schema.columns WHERE table_name = 'readings' AND column_name = 'signal_id'";

    [Fact]
    public async Task Two_servers_that_meet_new_devices_at_once_agree_about_every_one()
    {
        var database = await postgres.CreateDatabase();
        await using var one = await Start(database);
        await using var two = await Server.Start($"ConnectionStrings:Telemetry={database}");
        Server[] servers = [one, two];
        await Task.WhenAll(servers.Select((server, s) => server.Publish([.. Enumerable.Range(0, 60).SelectMany(i =>
            ((string, string)[])[($"wican/s{s}d{i}/rpm", "1"), ($"wican/both{i}/soc", $"{s}"), ($"wican/s{s}d{i}/sig_{i}", "2")])])));
        await Holds(database, "SELECT count(*) FROM readings", 2 * 3 * 60);
        (await Scalar<int>(database, "SELECT count(*) FROM vehicles WHERE device ~ '^s[01]d|^both'")).Should().Be(2 * 60 + 60);
        (await Scalar<int>(database, "SELECT count(*) FROM readings WHERE vehicle_id NOT IN (SELECT vehicle_id FROM vehicles) OR signal_id NOT IN (SELECT signal_id FROM signals)")).Should().Be(0);
        (await Scalar<int>(database, "SELECT max(signal_id) FROM signals")).Should().Be(62);
        await using var connection = new NpgsqlConnection(database);
        var ids = (await connection.QueryAsync<(string Device, int Id)>("SELECT device, vehicle_id FROM vehicles")).ToDictionary(row => row.Device, row => row.Id);
        foreach (var server in servers)
        {
            foreach (var row in JsonSerializer.Deserialize<JsonElement[]>(await server.Http.GetStringAsync("/vehicles"))!)
                row.GetProperty("vehicle_id").GetInt32().Should().Be(ids[row.GetProperty("device").GetString()!]);
            await using var page = await server.Listen();
            // In whatever order they come.
            var missing = ids.Where(pair => pair.Key.StartsWith(server == one ? "s0" : "s1", StringComparison.Ordinal)).Select(pair => pair.Value).ToHashSet();
            await page.Next("each vehicle under the id of the store", text => missing.RemoveWhere(id => text.Contains($"\"vehicle_id\":{id},\"rpm\":1,")) > 0 && missing.Count == 0);
        }
    }

    [Fact]
    public async Task A_vehicle_that_another_server_has_merged_gets_no_rows_any_more()
    {
        var database = await postgres.CreateDatabase();
        await using var one = await Start(database);
        await one.Publish(("wican/a/rpm", "1"), ("wican/b/rpm", "2"));
        await Holds(database, "SELECT count(*) FROM readings", 2);
        await using var two = await Server.Start($"ConnectionStrings:Telemetry={database}");
        await two.StoreIs("direct");
        await two.Publish(("wican/a/rpm", "3"));
        await Holds(database, "SELECT count(*) FROM readings", 3);
        (await one.Patch(2, """{"merge_into":3}""")).EnsureSuccessStatusCode();
        await two.Publish(("wican/a/rpm", "4"), ("wican/b/rpm", "5"));
        await Holds(database, "SELECT count(*) FROM readings WHERE vehicle_id = 3", 5);
        // Whether it knows of the merge yet or not.
        HttpStatusCode[] refused = [HttpStatusCode.Conflict, HttpStatusCode.NotFound, HttpStatusCode.BadRequest];
        refused.Should().Contain((await two.Patch(2, """{"merge_into":3}""")).StatusCode).And.Contain((await two.Patch(3, """{"merge_into":2}""")).StatusCode);
        (await Scalar<int>(database, "SELECT count(*) FROM readings WHERE vehicle_id <> 3")).Should().Be(0);
    }

    [Fact]
    public async Task A_live_message_needs_no_store_and_its_id_is_confirmed_when_there_is_one()
    {
        using var own = new PostgresServer();
        var database = await own.CreateDatabase();
        await using var one = await Start(database);
        await one.Publish(("wican/a/rpm", "1"));
        await Holds(database, "SELECT count(*) FROM readings", 1);
        await using var two = await Server.Start($"ConnectionStrings:Telemetry={database}");
        await two.StoreIs("direct");
        await own.Crash();
        (Server Server, string Device)[] servers = [(one, "of_one"), (two, "of_two")];
        foreach (var (server, device) in servers)
        {
            await using var page = await server.Listen();
            await server.Publish(($"wican/{device}/rpm", "11"));
            await page.Next("the newcomer at once", text => text.Contains("\"vehicle_id\":3,\"rpm\":11,"));
        }

        await own.Resume();
        await Eventually.Holds("both newcomers are in the store", async () =>
        {
            try
            {
                return await Scalar<long>(database, "SELECT count(*) FROM readings JOIN vehicles USING (vehicle_id) WHERE device LIKE 'of%'") == 2;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        }, TimeSpan.FromSeconds(60));
        foreach (var (server, device) in servers)
        {
            var id = await Scalar<int>(database, $"SELECT vehicle_id FROM vehicles WHERE device = '{device}'");
            await Eventually.Holds("it goes by the id of the store", async () => $"{await server.Vehicles()}, ".Contains($", {id} {device}, ", StringComparison.Ordinal));
            await using var page = await server.Listen();
            await page.Next("so do its messages", text => text.Contains($"\"vehicle_id\":{id},\"rpm\":11,"));
            var other = servers.Single(pair => pair.Device != device).Device;
            await Eventually.Holds("the other id is that of the other one", async () => $"{await server.Vehicles()}, ".Contains($", {7 - id} {other}, ", StringComparison.Ordinal));
        }

        (await Scalar<int>(database, "SELECT count(DISTINCT vehicle_id) FROM readings")).Should().Be(3);
    }
}
