using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
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
}
