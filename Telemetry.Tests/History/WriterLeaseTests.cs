using System.Text.Json;
using Dapper;
using Npgsql;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.History;

/// <summary>Two servers that read one broker and share a store: each reading is a row, once.</summary>
public sealed class WriterLeaseTests(PostgresServer postgres) : IDisposable
{
    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    async Task<Server> Start(string store, Mosquitto broker, string name)
    {
        var server = await Server.Start(store, "Mqtt:Host=127.0.0.1", $"Mqtt:Port={broker.Port}", $"Mqtt:ClientId={name}", $"History:SpoolPath={_folder[$"{name}.db"]}");
        await server.BrokerIs("healthy");
        return server;
    }

    static async Task<JsonElement> Store(Server server) => (await server.Ready()).GetProperty("checks").GetProperty("store");

    static async Task<string> Rows(Server server) =>
        string.Join(' ', (await server.Http.GetStringAsync("/telemetry/export?vehicle_id=2")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')[3]));

    async Task<string> Setting(string store) =>
        store == "sqlite" ? $"History:SqlitePath={_folder["history.db"]}" : $"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}";

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task The_second_one_stands_by_says_so_and_takes_over(string store)
    {
        var setting = await Setting(store);
        await using var broker = await Mosquitto.Start();
        await using var car = await Car.Connect(broker.Port);
        await using var one = await Start(setting, broker, "one");
        await using var two = await Start(setting, broker, "two");
        (await Store(one)).GetProperty("status").GetString().Should().Be("healthy");
        (await Store(two)).GetProperty("status").GetString().Should().Be("degraded");
        (await Store(two)).GetProperty("problem").GetString().Should().StartWith("another server (");
        await using (var page = await two.Listen())
        {
            for (var i = 0; i < 10; i++) await car.Publish("wican/car7/rpm", $"{i}");
            await page.Next("the last of them from the second one", text => text.Contains("\"rpm\":9,"));
        }

        await Eventually.Holds("all are rows", async () => await Rows(one) == "0 1 2 3 4 5 6 7 8 9");
        (await two.Vehicles("car7")).Should().Be(2, "its id comes from the store too");

        await one.Stop();
        await car.Publish("wican/car7/rpm", "10");
        await Eventually.Holds("the second one keeps them now", async () => (await Rows(two)).EndsWith(" 10", StringComparison.Ordinal), TimeSpan.FromSeconds(8));
        (await Rows(two)).Split(' ').Distinct().Select(int.Parse).Order().Should().Equal(Enumerable.Range(0, 11), "none is missing; those of the last moments may be there twice");
        (await Store(two)).GetProperty("status").GetString().Should().Be("healthy");
    }

    [Fact]
    public async Task A_server_that_was_killed_is_followed_by_itself_at_once_and_by_another_within_seconds()
    {
        var setting = await Setting("postgres");
        await using var broker = await Mosquitto.Start();
        await using var car = await Car.Connect(broker.Port);
        string[] arguments = [$"--{setting}", $"--History:SpoolPath={_folder["killed.db"]}", "--Mqtt:Host=127.0.0.1", $"--Mqtt:Port={broker.Port}", "--Mqtt:ClientId=killed"];
        for (var round = 0; round < 2; round++)
        {
            using var killed = ServerProcess.Start(_folder, null, arguments);
            await Eventually.Holds("it is subscribed", () => killed.Output.Contains("📡 Abonné"));
            await car.Publish("wican/car7/rpm", $"{round}");
            await using var connection = new NpgsqlConnection(setting["ConnectionStrings:Telemetry=".Length..]);
            await Eventually.Holds("it keeps readings, also after a kill", async () => await connection.ExecuteScalarAsync<int>("SELECT count(*) FROM readings") == round + 1);
            await killed.Kill();
        }

        await using var next = await Start(setting, broker, "next");
        await car.Publish("wican/car7/rpm", "2");
        await Eventually.Holds("another one takes over", async () => await Rows(next) == "0 1 2", TimeSpan.FromSeconds(30));
    }
}

static class VehicleIdQuery
{
    public static async Task<int> Vehicles(this Server server, string device) => JsonSerializer.Deserialize<JsonElement[]>(await server.Http.GetStringAsync("/vehicles"))!
        .Single(vehicle => vehicle.GetProperty("device").GetString() == device).GetProperty("vehicle_id").GetInt32();
}
