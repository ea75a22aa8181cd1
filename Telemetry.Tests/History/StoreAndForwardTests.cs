using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.History;

/// <summary>A PostgreSQL that crashes, hangs, objects: nothing accepted is lost, and the live path does not notice.</summary>
public sealed class StoreAndForwardTests(CrashingPostgres postgres) : IAsyncLifetime, IClassFixture<CrashingPostgres>
{
    readonly TempFolder _folder = new();
    string _connectionString = "";

    public async ValueTask InitializeAsync() => _connectionString = await postgres.CreateDatabase();

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    Task<Server> StartServer(params string[] settings) =>
        Server.Start([$"ConnectionStrings:Telemetry={_connectionString};Command Timeout=2;Timeout=2", $"History:SpoolPath={_folder["spool.db"]}", .. settings]);

    async Task<List<double>> Rows()
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        return [.. await connection.QueryAsync<double>("SELECT value FROM readings ORDER BY recorded_at")];
    }

    static async Task<JsonElement> Store(Server server) => (await server.Ready()).GetProperty("checks").GetProperty("store");

    static async Task Publish(Server server, int from, int count) =>
        await server.Publish([.. Enumerable.Range(from, count).Select(i => ("wican/rpm", $"{i}"))]);

    [Fact]
    public async Task Readings_during_a_crash_are_spooled_and_moved_over_in_order()
    {
        await using var server = await StartServer();
        await using var page = await server.Listen();
        await Publish(server, 0, 50);
        await postgres.Crash();
        await Publish(server, 50, 50);
        await page.Next("live goes on", text => text.Contains("\"rpm\":99,"));
        await server.StoreIs("spooling");
        (await server.Ready()).GetProperty("status").GetString().Should().Be("degraded");
        (await Store(server)).GetProperty("spooled").GetInt32().Should().BeGreaterThan(0);
        await postgres.Resume();
        await server.StoreIs("direct");
        await Publish(server, 100, 50);
        await Eventually.Holds("all are rows", async () => (await Rows()).Count == 150);
        (await Rows()).Should().Equal(Enumerable.Range(0, 150).Select(i => (double)i));
        (await Store(server)).GetProperty("spooled").GetInt32().Should().Be(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_dead_database_is_detected_while_nothing_is_written(bool hangs)
    {
        await using var server = await StartServer();
        await Publish(server, 0, 1);
        await server.StoreIs("direct");
        await (hangs ? postgres.Signal("STOP") : postgres.Crash());
        await server.StoreIs("spooling");
        (await Store(server)).GetProperty("spooled").GetInt32().Should().Be(0);
        (await Store(server)).GetProperty("problem").GetString().Should().NotBeNullOrEmpty();
        await (hangs ? postgres.Signal("CONT") : postgres.Resume());
        await server.StoreIs("direct");
        await Publish(server, 1, 1);
        (await Rows()).Should().Equal(0, 1);
    }

    [Fact]
    public async Task A_database_that_hangs_does_not_hold_up_acknowledgements()
    {
        await using var server = await StartServer();
        await Publish(server, 0, 10);
        await postgres.Signal("STOP");
        // Each message at QoS 1 waits for the one before it to be durable.
        await Publish(server, 10, 40).WaitAsync(TimeSpan.FromSeconds(20));
        await server.StoreIs("spooling");
        await postgres.Signal("CONT");
        await server.StoreIs("direct");
        (await Rows()).Should().Equal(Enumerable.Range(0, 50).Select(i => (double)i));
    }

    [Fact]
    public async Task What_is_spooled_when_the_server_stops_is_moved_over_by_the_next_one()
    {
        string before;
        await using (var server = await StartServer())
        {
            await server.Publish(("wican/car7/rpm", "1"), ("wican/car8/rpm", "2"));
            await server.StoreIs("direct");
            await postgres.Crash();
            await server.Publish(("wican/car8/rpm", "3"));
            await server.StoreIs("spooling");
            before = await server.Latest(3);
        }

        await using var again = await StartServer();
        (await again.Latest(3)).Should().Be(before.Replace("\"running\"", "\"offline\""), "numbers and last values are known without the store");
        await again.Publish(("wican/car8/rpm", "4"));
        await postgres.Resume();
        await again.StoreIs("direct");
        (await Rows()).Should().Equal(1, 2, 3, 4);
    }

    [Fact]
    public async Task A_reading_that_the_database_objects_to_is_set_aside_and_the_others_are_kept()
    {
        await using var server = await StartServer();
        await using (var connection = new NpgsqlConnection(_connectionString)) await connection.ExecuteAsync("ALTER TABLE readings ADD CHECK (value <> 13)");
        await Publish(server, 0, 30);
        await server.Publish(("wican/default/x", """{"RPM":100,"SPEED":13,"ODOMETER":101}"""));
        await Publish(server, 102, 3);
        await Eventually.Holds("the rest are rows", async () => (await Rows()).Count == 29 + 2 + 3);
        (await Rows()).Should().NotContain(13);
        (await Store(server)).GetProperty("set_aside").GetInt32().Should().Be(2);
        (await Store(server)).GetProperty("mode").GetString().Should().Be("direct");
        (await Store(server)).GetProperty("status").GetString().Should().Be("degraded", "they are acknowledged, and no rows");
        (await Store(server)).GetProperty("problem").GetString().Should().StartWith("2 readings are quarantined").And.Contain("readings_value_check");

        // Somebody has looked at them.
        await using var spool = new SqliteConnection($"Data Source={_folder["spool.db"]};Pooling=False");
        await spool.ExecuteAsync("DELETE FROM set_aside");
        await Eventually.Holds("the spool has been asked again", async () => (await Store(server)).GetProperty("status").GetString() == "healthy");
        (await Store(server)).GetProperty("set_aside").GetInt32().Should().Be(0);
    }

    [Theory]
    [InlineData("ALTER TABLE readings ADD COLUMN driver text NOT NULL DEFAULT ''; ALTER TABLE readings ALTER COLUMN driver DROP DEFAULT", "ALTER TABLE readings DROP COLUMN driver")]
    [InlineData("ALTER TABLE readings DETACH PARTITION readings_default; DO $$ BEGIN EXECUTE 'ALTER TABLE readings DETACH PARTITION readings_' || to_char(now() AT TIME ZONE 'UTC', 'YYYY_MM'); END $$", "ALTER TABLE readings ATTACH PARTITION readings_default DEFAULT")]
    [InlineData("ALTER TABLE signals ADD COLUMN nr integer; ALTER TABLE signals ALTER COLUMN nr SET DEFAULT 1 / (random() * 0)::integer", "ALTER TABLE signals DROP COLUMN nr")]
    public async Task What_is_wrong_with_the_tables_sets_no_reading_aside(string spoil, string mend)
    {
        await using var server = await StartServer();
        await Publish(server, 0, 1);
        await server.StoreIs("direct");
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.ExecuteAsync(spoil);
        await server.Publish(("wican/rpm", "1"), ("wican/soc", "2"));
        await server.StoreIs("spooling");
        await Eventually.Holds("the reason is told", async () => (await Store(server)).GetProperty("problem").GetString() is not ("the store is slow" or null));
        (await Store(server)).GetProperty("set_aside").GetInt32().Should().Be(0);
        await connection.ExecuteAsync(mend);
        await server.StoreIs("direct");
        (await Rows()).Should().Contain([1, 2]);
    }

    [Fact]
    public async Task A_store_that_is_back_takes_what_a_full_disk_could_not()
    {
        await using var server = await StartServer();
        await Publish(server, 0, 1);
        await server.StoreIs("direct");
        // As a full disk does: nothing can be added to the spool, neither readings nor the number of the new vehicle.
        await using var spool = new SqliteConnection($"Data Source={_folder["spool.db"]};Pooling=False");
        foreach (var table in (string[])["batches", "vehicles"])
            await spool.ExecuteAsync($"CREATE TRIGGER full_{table} BEFORE INSERT ON {table} BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END");
        await postgres.Crash();
        var publishing = server.Publish(("wican/car7/rpm", "1"), ("wican/rpm", "2"));
        await server.StoreIs("waiting");
        (await Store(server)).GetProperty("problem").GetString().Should().Contain("; the spool: ").And.Contain("database or disk is full");
        publishing.IsCompleted.Should().BeFalse("what is kept nowhere is not acknowledged");
        await postgres.Resume();
        await server.StoreIs("direct");
        await publishing;
        (await Rows()).Should().Equal(0, 1, 2);
        (await Store(server)).GetProperty("status").GetString().Should().Be("healthy");
    }

    [Fact]
    public async Task A_full_spool_drops_the_oldest_and_counts_them()
    {
        await using var server = await StartServer("History:SpoolLimit=1048576");
        await postgres.Crash();
        var message = "{" + string.Join(',', Enumerable.Range(0, 500).Select(i => $"\"cell_{i}\":{i}")) + "}";
        await server.Publish([.. Enumerable.Repeat(("wican/pack/can/rx", message), 200)]);
        await Eventually.Holds("some are dropped", async () => (await Store(server)).GetProperty("dropped").GetInt32() > 0);
        (await Store(server)).GetProperty("spooled").GetInt32().Should().BeInRange(30_000, 65_000);
    }
}
