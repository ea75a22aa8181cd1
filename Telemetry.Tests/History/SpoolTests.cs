using Dapper;
using Microsoft.Data.Sqlite;
using Telemetry.Api.History;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.History;

public sealed class SpoolTests : IDisposable
{
    const int Limit = 1 << 20;

    readonly TempFolder _folder = new();
    readonly VehicleRegistry _vehicles = new();

    public void Dispose() => _folder.Dispose();

    HistoryEntry[] Batch(int readings, int first = 0) => [new(_vehicles.Default, [.. Enumerable.Range(first, readings).Select(i => new Reading(Signal.Rpm, i, Cars.Noon.AddSeconds(i)))], null)];

    // As version 0.1.0 wrote it: two readings of "car é", one of the default vehicle.
    const string BatchOfFirstVersion = "01020764656661756c740663617220c3a9020372706d03736f630201020000c08754296106000000000000248c400101c08754296106000000000000d0514000010002c08754296106000000000000408f40";

    [Fact]
    public async Task A_spool_of_the_first_version_is_read_and_carried_over()
    {
        var path = _folder["spool.db"];
        using (var old = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            old.Open();
            old.Execute("""
                CREATE TABLE batches (batch_id INTEGER PRIMARY KEY AUTOINCREMENT, readings INTEGER NOT NULL, oldest INTEGER NOT NULL, content BLOB NOT NULL);
                CREATE TABLE set_aside (batch_id INTEGER PRIMARY KEY AUTOINCREMENT, reason TEXT NOT NULL, readings INTEGER NOT NULL, content BLOB NOT NULL);
                CREATE INDEX set_aside_content ON set_aside (content);
                CREATE TABLE vehicles (vehicle_id INTEGER NOT NULL, device TEXT NOT NULL PRIMARY KEY);
                CREATE TABLE assignments (device TEXT NOT NULL PRIMARY KEY, vehicle_id INTEGER);
                CREATE TABLE merged (device TEXT NOT NULL PRIMARY KEY, into_device TEXT NOT NULL);
                CREATE TABLE server (server_id TEXT NOT NULL);
                CREATE TABLE last_ids (kind TEXT NOT NULL PRIMARY KEY, last_id INTEGER NOT NULL);
                INSERT INTO server VALUES ('0123456789abcdef0123456789abcdef');
                INSERT INTO vehicles VALUES (1, 'default'), (7, 'car é');
                """);
            old.Execute("INSERT INTO batches (readings, oldest, content) VALUES (3, 1795680000000000, @content)", new { content = Convert.FromHexString(BatchOfFirstVersion) });
        }

        await using var server = await Server.Start($"History:SpoolPath={path}");
        await server.StoreIs("direct");
        (await Export(7)).Should().Equal("2026-11-26T08:00:00.000000Z,car é,rpm,900.5", "2026-11-26T08:00:00.000001Z,car é,soc,71.25");
        (await Export(1)).Should().Equal("2026-11-26T08:00:00.000002Z,default,rpm,1000");

        async Task<string[]> Export(int id) =>
            (await server.Http.GetStringAsync($"/telemetry/export?vehicle_id={id}&from=2026-11-26T00:00:00Z")).Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];
    }

    [Fact]
    public void Alerts_wait_among_the_readings_in_their_order()
    {
        using var spool = new Spool(_folder["spool.db"], Limit);
        var fired = new Alert(AlertIds.New(Cars.Noon), 3, _vehicles.Default, Severity.Critical, Cars.Noon.AddSeconds(-30), Cars.Noon) { Rule = "hot", RuleVersion = 2, Signal = Signal.CoolantTemperature, Threshold = 105, Value = 106.5, Peak = 107 };
        var own = new Alert(AlertIds.New(Cars.Noon), 0, null, Severity.Info, Cars.Noon, Cars.Noon) { Rule = "The server did not listen", ClearedAt = Cars.Noon };
        spool.Append([Batch(1)[0], new HistoryEntry(_vehicles.Default, [], null, Alert: fired), Batch(1, first: 1)[0], new HistoryEntry(null, [], null, Alert: own)]);
        spool.Readings.Should().Be(4);
        var entries = spool.Peek(10).Contents.SelectMany(content => BatchFormat.Read(content, _vehicles, new SignalCatalog())).ToList();
        entries.Select(entry => entry.Alert).Should().Equal(null, fired, null, own);
        entries.SelectMany(entry => entry.Readings).Select(reading => reading.Value).Should().Equal(0, 1);
    }

    [Fact]
    public void What_comes_once_more_is_set_aside_once()
    {
        using var spool = new Spool(_folder["spool.db"], Limit);
        spool.Quarantine(Batch(1), "odd");
        spool.Quarantine(Batch(1), "odd");
        spool.Quarantine(Batch(1, first: 1), "odd");
        spool.SetAsideReadings.Should().Be(2);
    }

    [Fact]
    public void What_is_set_aside_is_bounded_too_and_survives_a_restart()
    {
        using (var spool = new Spool(_folder["spool.db"], Limit))
        {
            for (var i = 0; i < 100; i++) spool.Quarantine(Batch(1000, i * 1000), "odd");
            (spool.SetAsideReadings + spool.Dropped).Should().Be(100_000);
            spool.SetAsideReadings.Should().BeInRange(50_000, 63_000, "a reading takes 17 bytes");
            spool.Append(Batch(10));
            spool.Readings.Should().Be(10, "what waits has a limit of its own");
        }

        using var again = new Spool(_folder["spool.db"], Limit);
        var kept = again.SetAsideReadings;
        kept.Should().BeInRange(50_000, 63_000);
        for (var i = 0; i < 10; i++) again.Quarantine(Batch(1000, -1 - i * 1000), "odd");
        again.SetAsideReadings.Should().BeInRange(kept - 1000, kept + 1000);
    }

    [Fact]
    public void The_file_is_small_again_when_the_store_has_all()
    {
        using var spool = new Spool(_folder["spool.db"], 100 * Limit);
        for (var i = 0; i < 20; i++) spool.Append(Batch(100_000));
        new FileInfo(_folder["spool.db"]).Length.Should().BeGreaterThan(20 * Limit);
        while (spool.Readings > 0) spool.Remove(spool.Peek(HistoryQueue.BatchSize).LastId);
        new FileInfo(_folder["spool.db"]).Length.Should().BeLessThan(Limit);
        new FileInfo(_folder["spool.db-wal"]).Length.Should().BeLessThan(Limit);
    }

    [Theory]
    [InlineData("spool.db")]
    [InlineData("spool.db-wal")]
    [InlineData("spool.db-lock")]
    [InlineData("replaced")]
    [InlineData("")]
    public void What_waits_in_a_file_that_is_gone_is_in_the_new_one(string name)
    {
        using (var spool = new Spool(_folder["data/spool.db"], Limit))
        {
            spool.Append(Batch(10));
            spool.Quarantine(Batch(2), "odd");
            _vehicles.Of("car7");
            new SpoolVehicles(spool).Save(_vehicles.TakeChanges());
            spool.Peek(1).Contents.Should().HaveCount(1);
            if (name == "") Directory.Move(_folder["data"], _folder["elsewhere"]);
            else if (name == "replaced") Replace(_folder["data/spool.db"]);
            else File.Delete(_folder[$"data/{name}"]);
            spool.Append(Batch(5, first: 10));
            spool.Readings.Should().Be(15);
        }

        using var again = new Spool(_folder["data/spool.db"], Limit);
        (again.Readings, again.SetAsideReadings, again.Dropped).Should().Be((15, 2, 0));
        new SpoolVehicles(again).Vehicles().Should().Contain(vehicle => vehicle.Key == "car7");
    }

    static void Replace(string path)
    {
        using (var other = new SqliteConnection($"Data Source={path}-other;Pooling=False")) other.Execute("CREATE TABLE other (id INTEGER)");
        File.Move($"{path}-other", path, overwrite: true);
    }

    [Fact]
    public void What_the_store_has_is_gone_also_where_it_cannot_be_deleted()
    {
        using var spool = new Spool(_folder["spool.db"], Limit);
        spool.Append(Batch(10));
        using var other = new SqliteConnection($"Data Source={_folder["spool.db"]};Pooling=False");
        other.Execute("CREATE TRIGGER full BEFORE DELETE ON batches BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END");
        spool.Remove(spool.Peek(1).LastId);
        (spool.Readings, spool.Oldest).Should().Be((0, null));
        spool.Peek(1).Contents.Should().BeEmpty();
        spool.Append(Batch(3));
        spool.Peek(1).Contents.Should().HaveCount(1);
        other.Execute("DROP TRIGGER full");
        spool.Remove(spool.Peek(1).LastId);
        other.ExecuteScalar<int>("SELECT count(*) FROM batches").Should().Be(0);
    }
}
