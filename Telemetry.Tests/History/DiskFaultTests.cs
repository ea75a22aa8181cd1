using System.Net;
using System.Runtime.Versioning;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.History;

/// <summary>Files that are deleted, moved, locked, or on a full disk while the server runs.</summary>
public sealed class DiskFaultTests : IDisposable
{
    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    Task<Server> Start(params string[] settings) =>
        Server.Start([$"History:SqlitePath={_folder["data/telemetry.db"]}", $"History:SpoolPath={_folder["data/spool.db"]}", .. settings]);

    static async Task<double[]> Rows(string path)
    {
        await using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        return [.. await connection.QueryAsync<double>("SELECT value FROM readings ORDER BY recorded_at")];
    }

    void Delete(string name)
    {
        foreach (var end in (string[])["", "-wal", "-shm"]) File.Delete(_folder[$"data/{name}{end}"]);
    }

    void Lose(string how)
    {
        switch (how)
        {
            case "deleted":
                Delete("telemetry.db");
                break;
            case "log deleted":
                File.Delete(_folder["data/telemetry.db-wal"]);
                break;
            case "spool deleted too":
                Delete("telemetry.db");
                Delete("spool.db");
                break;
            case "folder moved":
                Directory.Move(_folder["data"], _folder["elsewhere"]);
                break;
            case "replaced":
                using (var other = new SqliteConnection($"Data Source={_folder["other.db"]};Pooling=False")) other.Execute("CREATE TABLE other (id INTEGER)");
                File.Move(_folder["other.db"], _folder["data/telemetry.db"], overwrite: true);
                break;
        }
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("log deleted")]
    [InlineData("spool deleted too")]
    [InlineData("folder moved")]
    [InlineData("replaced")]
    public async Task What_is_acknowledged_after_the_file_is_gone_is_in_the_new_one(string how)
    {
        await using var server = await Start();
        await server.Publish(("wican/rpm", "1"));
        await server.StoreIs("direct");
        Lose(how);
        await server.Publish(("wican/rpm", "2"), ("wican/car7/rpm", "3"));
        await server.StoreIs("direct");
        (await Rows(_folder["data/telemetry.db"])).Where(value => value > 1).Should().Equal(2, 3);
    }

    [Fact]
    public async Task A_file_that_is_gone_is_detected_while_nothing_is_written()
    {
        await using var server = await Start();
        await server.Publish(("wican/rpm", "1"));
        Lose("folder moved");
        await Eventually.Holds("it is there again", () => File.Exists(_folder["data/telemetry.db"]) && File.Exists(_folder["data/spool.db"]));
        await server.StoreIs("direct");
        await server.Publish(("wican/rpm", "2"));
        (await Rows(_folder["data/telemetry.db"])).Should().Equal(2);
        (await Rows(_folder["elsewhere/telemetry.db"])).Should().Equal(1);
    }

    [Fact]
    public async Task A_store_that_another_program_locks_holds_up_neither_acknowledgements_nor_health()
    {
        await using var server = await Start();
        await server.Publish(("wican/rpm", "1"));
        await server.StoreIs("direct");
        await using var other = new SqliteConnection($"Data Source={_folder["data/telemetry.db"]};Pooling=False");
        await other.OpenAsync();
        await other.ExecuteAsync("BEGIN IMMEDIATE");
        await server.Publish(("wican/rpm", "2"), ("wican/rpm", "3")).WaitAsync(TimeSpan.FromSeconds(9));
        (await Store(server)).GetProperty("mode").GetString().Should().Be("spooling");
        (await Store(server)).GetProperty("spooled").GetInt32().Should().Be(2);

        await using var beside = new SqliteConnection($"Data Source={_folder["data/spool.db"]};Pooling=False");
        await beside.OpenAsync();
        await beside.ExecuteAsync("BEGIN IMMEDIATE");
        var publishing = server.Publish(("wican/rpm", "4"));
        await server.StoreIs("waiting");
        publishing.IsCompleted.Should().BeFalse("it is durable nowhere");
        await other.ExecuteAsync("COMMIT");
        await beside.ExecuteAsync("COMMIT");
        await publishing;
        await server.StoreIs("direct");
        (await Rows(_folder["data/telemetry.db"])).Should().Equal(1, 2, 3, 4);
    }

    [Fact]
    public async Task A_full_disk_is_reported_for_as_long_as_it_lasts()
    {
        using var disk = new SmallDisk();
        await using var server = await Server.Start($"History:SqlitePath={disk["telemetry.db"]}", $"History:SpoolPath={disk["spool.db"]}");
        await server.Publish(("wican/rpm", "1"));
        await server.StoreIs("direct");
        var log = ErrorLog.Of(server);
        disk.Fill();
        await server.StoreIs("waiting"); // Though nothing is written.
        var publishing = server.Publish(("wican/rpm", "2"));
        using (var answer = await server.Http.GetAsync("/health/ready")) answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await Store(server)).GetProperty("problem").GetString().Should().Contain("disk").And.Contain("the spool: ");
        publishing.IsCompleted.Should().BeFalse("it is durable nowhere");
        log.Errors.Should().HaveCountLessThanOrEqualTo(1);
        disk.Free();
        await publishing;
        await server.StoreIs("direct");
        (await Rows(disk["telemetry.db"])).Should().Equal(1, 2);
    }

    [Fact]
    public async Task A_start_on_a_full_disk_succeeds_and_heals()
    {
        using var disk = new SmallDisk();
        disk.Fill();
        await using var server = await Server.Start($"History:SqlitePath={disk["data/telemetry.db"]}", $"History:SpoolPath={disk["data/spool.db"]}");
        await using var page = await server.Listen();
        var publishing = server.Publish(("wican/rpm", "1"));
        await page.Next("live works", text => text.Contains("\"rpm\":1,", StringComparison.Ordinal));
        await server.StoreIs("waiting");
        disk.Free();
        await publishing;
        await server.StoreIs("direct");
        (await Store(server)).GetProperty("status").GetString().Should().Be("healthy");
        (await Rows(disk["data/telemetry.db"])).Should().Equal(1);
    }

    [Fact]
    public async Task A_start_on_a_full_disk_keeps_what_is_there_already()
    {
        using var disk = new SmallDisk();
        string[] settings = [$"History:SqlitePath={disk["telemetry.db"]}", $"History:SpoolPath={disk["spool.db"]}"];
        await using (var before = await Server.Start(settings)) await before.Publish(("wican/rpm", "1"));
        disk.Fill();
        await using var server = await Server.Start(settings);
        var publishing = server.Publish(("wican/rpm", "2"));
        disk.Free();
        await publishing;
        await server.StoreIs("direct");
        (await Rows(disk["telemetry.db"])).Should().Equal(1, 2);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Only_the_servers_user_can_read_what_the_server_makes()
    {
        Directory.CreateDirectory(_folder["given"]);
        File.SetUnixFileMode(_folder["given"], (UnixFileMode)0b111_101_101);
        await using var server = await Server.Start($"History:SqlitePath={_folder["new/telemetry.db"]}", $"History:SpoolPath={_folder["given/spool.db"]}");
        await server.Publish(("wican/rpm", "1"));
        File.GetUnixFileMode(_folder["new"]).Should().Be((UnixFileMode)0b111_000_000);
        File.GetUnixFileMode(_folder["given"]).Should().Be((UnixFileMode)0b111_101_101, "the server did not make it");
        var files = Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories);
        files.Select(file => Path.GetFileName(file)).Should().Contain(["telemetry.db", "telemetry.db-wal", "spool.db", "spool.db-wal", "spool.db-lock"]);
        files.Should().OnlyContain(file => File.GetUnixFileMode(file) == (UnixFileMode)0b110_000_000);
    }

    static async Task<JsonElement> Store(Server server) => (await server.Ready()).GetProperty("checks").GetProperty("store");
}
