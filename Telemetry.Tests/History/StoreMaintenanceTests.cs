using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
using Telemetry.Api.History;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.History;

public sealed class StoreMaintenanceTests(PostgresServer postgres)
{
    [Fact]
    public async Task Months_are_made_ahead_and_readings_that_came_too_early_move_in()
    {
        var database = await postgres.CreateDatabase();
        await using var server = await Server.Start($"ConnectionStrings:Telemetry={database}");
        await using var connection = new NpgsqlConnection(database);
        var later = DateTime.UtcNow.AddMonths(5);
        await connection.ExecuteAsync("INSERT INTO signals (name) VALUES ('rpm'); INSERT INTO readings VALUES (1, 1, @later, 900)", new { later });
        (await Partition(connection)).Should().Be("readings_default");
        await server.Service<StoreMaintenance>().MaintainAsync(later.AddMonths(-1));
        (await Partition(connection)).Should().Be(later.ToString("'readings_'yyyy_MM", CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Months_older_than_the_retention_are_dropped_whole()
    {
        var database = await postgres.CreateDatabase();
        await using var server = await Server.Start($"ConnectionStrings:Telemetry={database}", "History:Retention=60.00:00:00");
        await using var connection = new NpgsqlConnection(database);
        var now = DateTime.UtcNow;
        await connection.ExecuteAsync("INSERT INTO signals (name) VALUES ('rpm'); INSERT INTO readings VALUES (1, 1, @now, 900), (1, 1, @old, 800)", new { now, old = now.AddDays(-100) });
        await server.Service<StoreMaintenance>().MaintainAsync(now);
        (await connection.QueryAsync<double>("SELECT value FROM readings")).Should().Equal(900);
        (await connection.QueryAsync<double>("SELECT highest FROM hours")).Should().Equal(900);
        await Run(server, now.AddDays(200));
        (await connection.QueryAsync<double>("SELECT highest FROM hours")).Should().BeEmpty();
        (await connection.QueryAsync<double>("SELECT value FROM readings")).Should().BeEmpty();
        (await connection.QueryAsync<string>("SELECT relname::text FROM pg_class WHERE relname = @name", new { name = now.ToString("'readings_'yyyy_MM", CultureInfo.InvariantCulture) }))
            .Should().BeEmpty();
    }

    [Fact]
    public async Task Sqlite_drops_old_readings_too()
    {
        using var folder = new TempFolder();
        await using var server = await Server.Start($"History:SqlitePath={folder["old.db"]}", "History:Retention=60.00:00:00");
        await server.Publish(("wican/rpm", "900"));
        await using var connection = new SqliteConnection($"Data Source={folder["old.db"]}");
        await Eventually.Holds("the reading is a row", async () => await connection.ExecuteScalarAsync<int>("SELECT count(*) FROM readings") == 1);
        await server.StoreIs("direct"); // After a slow write, the spool has the reading too.
        await server.Service<StoreMaintenance>().MaintainAsync(DateTime.UtcNow.AddDays(59));
        (await connection.ExecuteScalarAsync<int>("SELECT count(*) FROM readings")).Should().Be(1);
        (await connection.ExecuteScalarAsync<int>("SELECT count(*) FROM closed_hours")).Should().Be(1);
        await Run(server, DateTime.UtcNow.AddDays(61));
        (await connection.ExecuteScalarAsync<int>("SELECT count(*) FROM closed_hours")).Should().Be(0);
        (await connection.ExecuteScalarAsync<int>("SELECT count(*) FROM readings")).Should().Be(0);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_clock_far_ahead_at_a_start_drops_nothing_that_is_young(string store)
    {
        using var folder = new TempFolder();
        var setting = store == "sqlite" ? $"History:SqlitePath={folder["young.db"]}" : $"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}";
        var now = DateTime.UtcNow;
        await using var server = await Server.Start(setting, "History:Retention=30.00:00:00");
        await server.Import((now.AddDays(-1), "car7", "rpm", 900), (now.AddDays(-40), "car7", "rpm", 800));
        await server.StoreIs("direct");
        async Task<int> Rows() => (await server.Http.GetStringAsync($"/telemetry/export?vehicle_id=2&from={now.AddDays(-50):s}Z&to={now:s}Z")).Split('\n').Count(line => line.Contains("rpm"));
        (await Rows()).Should().Be(2);

        // Three starts, each of some minutes; then the clock is right again.
        for (var start = 0; start < 3; start++)
        {
            await server.Service<StoreMaintenance>().MaintainAsync(now.AddDays(400).AddMinutes(30 * start));
            await server.Service<StoreMaintenance>().MaintainAsync(now.AddDays(400).AddMinutes(30 * start + 10), TimeSpan.FromMinutes(10));
            server.Service<StoreMaintenance>().TrustedNow.Should().BeBefore(now.AddHours(2), "the retention of alerts goes by it");
        }

        await server.Service<StoreMaintenance>().MaintainAsync(now);
        (await Rows()).Should().Be(1, "that of 40 days ago was due at the first upkeep");
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_store_of_before_is_compared_with_its_newest_reading(string store)
    {
        using var folder = new TempFolder();
        var database = store == "sqlite" ? null : await postgres.CreateDatabase();
        var now = DateTime.UtcNow;
        await using var server = await Server.Start(database is null ? $"History:SqlitePath={folder["before.db"]}" : $"ConnectionStrings:Telemetry={database}", "History:Retention=30.00:00:00");
        await server.Import((now.AddDays(-1), "car7", "rpm", 900));
        await using System.Data.Common.DbConnection connection = database is null ? new SqliteConnection($"Data Source={folder["before.db"]}") : new NpgsqlConnection(database);
        await Eventually.Holds("the reading is a row", async () => await connection.ExecuteScalarAsync<int>("SELECT count(*) FROM readings") == 1);
        await connection.ExecuteAsync("DELETE FROM upkeep");
        await server.Service<StoreMaintenance>().MaintainAsync(now.AddDays(400));
        (await connection.ExecuteScalarAsync<int>("SELECT count(*) FROM readings")).Should().Be(1);
    }

    [Fact]
    public async Task A_file_is_imported_from_the_command_line()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["log.csv"], "recorded_at,vehicle,signal,value\n2026-11-01T10:00:00Z,away,rpm,800\n2026-11-01T10:00:01Z,away,rpm,900\n");
        for (var time = 0; time < 2; time++)
        {
            await using var beside = time == 0 ? null : await Server.Start($"History:SqlitePath={folder["process.db"]}", $"History:SpoolPath={folder["process-spool.db"]}");
            using var import = ServerProcess.Start(folder, null, "--import", folder["log.csv"]);
            (await import.WaitForExit()).Should().Be(0, import.Output);
            import.Output.Should().EndWith("2 readings imported, 0 rejected.");
        }

        await using var connection = new SqliteConnection($"Data Source={folder["process.db"]}");
        (await connection.QueryAsync<double>("SELECT value FROM readings ORDER BY recorded_at")).Should().Equal(800, 900);
    }

    [Fact]
    public async Task An_import_without_its_store_says_so()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["log.csv"], "recorded_at,vehicle,signal,value\n2026-11-01T10:00:00Z,away,rpm,800\n");
        using var import = ServerProcess.Start(folder, null, "--import", folder["log.csv"], $"--ConnectionStrings:Telemetry=Host=127.0.0.1;Port={Ports.Free()};Username=postgres;Database=none;Timeout=1");
        (await import.WaitForExit()).Should().Be(1);
        import.Output.Should().StartWith("Postgres cannot be written (").And.NotContain("\n");
    }

    // A look at the clock each hour, until it has gone on for long enough to be believed.
    static async Task Run(Server server, DateTime start)
    {
        await server.Service<StoreMaintenance>().MaintainAsync(start);
        for (var hours = 1; hours <= 25; hours++) await server.Service<StoreMaintenance>().MaintainAsync(start.AddHours(hours), TimeSpan.FromHours(1));
    }

    static Task<string?> Partition(NpgsqlConnection connection) => connection.ExecuteScalarAsync<string>("SELECT tableoid::regclass::text FROM readings");
}
