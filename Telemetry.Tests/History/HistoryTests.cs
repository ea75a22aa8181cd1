using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
using Telemetry.Api.Store;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.History;

/// <summary>The same promises, kept by both stores.</summary>
public sealed class HistoryTests(PostgresServer postgres) : IDisposable
{
    readonly TempFolder _folder = new();
    string? _connectionString;

    public void Dispose() => _folder.Dispose();

    async Task<string> Setting(string store)
    {
        if (store == "sqlite") return $"History:SqlitePath={_folder["history.db"]}";
        _connectionString ??= await postgres.CreateDatabase();
        return $"ConnectionStrings:Telemetry={_connectionString}";
    }

    async Task<List<(int Vehicle, string Signal, double Value)>> Rows()
    {
        const string Sql = "SELECT r.vehicle_id, s.name, r.value FROM readings r JOIN signals s ON s.signal_id = r.signal_id ORDER BY r.vehicle_id, s.name, r.recorded_at";
        if (_connectionString is not null)
        {
            await using var connection = new NpgsqlConnection(_connectionString);
            return [.. await connection.QueryAsync<(int, string, double)>(Sql)];
        }

        await using var file = new SqliteConnection($"Data Source={_folder["history.db"]}");
        return [.. await file.QueryAsync<(int, string, double)>(Sql)];
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Every_reading_is_a_row_in_order_and_a_clean_stop_writes_what_is_queued(string store)
    {
        var values = Enumerable.Range(0, 200).Select(i => 900 + i / 7.0).ToList();
        await using (var server = await Server.Start(await Setting(store), "History:FlushInterval=00:01:00"))
        {
            await server.Publish([.. values.Select(value => ("wican/rpm", value.ToString("R", CultureInfo.InvariantCulture)))]);
            await server.Publish(("wican/car7/can/rx", """{"SPEED":50,"SOC":71.5}"""));
        }

        var rows = await Rows();
        rows.Where(row => row.Signal == "rpm").Select(row => row.Value).Should().Equal(values);
        rows.Where(row => row.Vehicle == 2).Should().Equal((2, "soc", 71.5), (2, "vehicle_speed", 50));
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task After_a_restart_vehicles_and_last_values_are_there_and_offline(string store)
    {
        string before;
        await using (var server = await Server.Start(await Setting(store)))
        {
            await server.Publish(("wican/car7/rpm", "900"), ("wican/car7/rpm", "950"), ("wican/car7/vehicle_speed", "50"), ("wican/car8/rpm", "1"));
            before = await server.Latest(2);
        }

        await using var again = await Server.Start(await Setting(store));
        await using var page = await again.Listen("vehicle_id=2");
        (await page.Next()).Should().Be(before.Replace("\"running\"", "\"offline\""));
        (await again.Latest(2)).Should().Be(before.Replace("\"running\"", "\"offline\""));
        await again.Publish(("wican/car9/rpm", "1"), ("wican/car8/rpm", "2"));
        (await again.Latest(3)).Should().Contain("\"rpm\":2,");
        (await again.Latest(4)).Should().Contain("\"rpm\":1,");
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Several_servers_may_start_on_an_empty_store_at_once(string store)
    {
        var setting = await Setting(store);
        var servers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Server.Start(setting)));
        foreach (var server in servers)
        {
            (await server.Ready()).GetProperty("status").GetString().Should().Be("healthy");
            await server.Publish(("wican/rpm", "1"));
        }

        foreach (var server in servers) await server.DisposeAsync();
        (await Rows()).Should().HaveCount(4);
    }

    [Fact]
    public async Task Vehicles_of_two_servers_on_one_store_get_one_id_each()
    {
        var setting = await Setting("postgres");
        await using var one = await Server.Start(setting);
        await using var two = await Server.Start(setting);
        await one.Publish(("wican/left/rpm", "1"));
        await Eventually.Holds("the first is stored", async () => (await Rows()).Count == 1);
        await two.Publish(("wican/right/rpm", "2"));
        await Eventually.Holds("the second is stored", async () => (await Rows()).Count == 2);
        (await Rows()).Should().Equal((2, "rpm", 1), (3, "rpm", 2));
        await Eventually.Holds("the second server has learnt the id", async () => (await two.Http.GetStringAsync("/vehicles")).Contains("\"vehicle_id\":3,\"device\":\"right\""));
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_taken_key_swallows_no_other_reading_and_a_repeated_write_changes_nothing(string store)
    {
        await using (var server = await Server.Start(await Setting(store)))
        {
            var car = server.Service<VehicleRegistry>().Default;
            var at = new DateTime(2026, 11, 1, 10, 0, 0, DateTimeKind.Utc);
            HistoryEntry Entry(double value, bool isNew = false) => new(car, [new Reading(Signal.Rpm, value, at)], null, isNew ? 1 : 0);
            var readings = server.Service<ReadingStore>();
            await readings.WriteAsync([Entry(900)]);
            for (var time = 0; time < 2; time++) await readings.WriteAsync([Entry(901), Entry(902)]);
            await readings.WriteAsync([Entry(900, isNew: true), Entry(900, isNew: true)]);
        }

        (await Rows()).Select(row => row.Value).Should().Equal(900, 901, 902, 900, 900);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_last_value_from_the_future_is_replaced_by_a_new_one_and_health_reports_it(string store)
    {
        var setting = await Setting(store);
        var now = DateTime.UtcNow;
        await using (var server = await Server.Start(setting))
        {
            var car = server.Service<VehicleRegistry>().Default;
            var readings = server.Service<ReadingStore>();
            await readings.WriteAsync([new HistoryEntry(car, [new Reading(Signal.Rpm, 800, now.AddHours(2)), new Reading(Signal.EngineLoad, 40, now.AddHours(2))], null)]);
            await readings.WriteAsync([new HistoryEntry(car, [new Reading(Signal.Rpm, 900, now)], null)]);
        }

        await using var again = await Server.Start(setting);
        (await again.Latest()).Should().Contain("\"rpm\":900,").And.Contain("\"engine_load\":40,").And.Contain($"\"timestamp\":\"{now:yyyy-MM-dd'T'HH:mm:ss}");
        await Eventually.Holds("health tells of it", async () => (await again.Ready()).GetProperty("checks").GetProperty("clock") is var clock
            && clock.GetProperty("status").GetString() == "degraded" && clock.GetProperty("problem").GetString()!.Contains($"{now.AddHours(2):yyyy-MM-dd'T'HH:mm:ss}"));
        var signals = await again.Http.GetFromJsonAsync<JsonElement>("/signals?vehicle_id=1");
        signals.EnumerateArray().Single(signal => signal.GetProperty("name").GetString() == "engine_load").GetProperty("age_seconds").ValueKind.Should().Be(JsonValueKind.Null);
    }
}
