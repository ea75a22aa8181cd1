using Dapper;
using Npgsql;
using Telemetry.Api.Alerts;
using Telemetry.Api.History;
using Telemetry.Api.Store;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;
using Telemetry.Tests.Vehicles;

namespace Telemetry.Tests.Alerts;

/// <summary>Two servers on one store: each transition is one alert and one message, whoever of them runs.</summary>
public sealed class TwoServerAlertTests(PostgresServer postgres) : IDisposable
{
    const string Rule = """{"name":"fast","when":[{"signal":"vehicle_speed","above":120,"clear":115}],"notify":[{"to":["hook"]}]}""";

    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    string[] Settings(string store, Mosquitto broker, WebhookListener hook, string name) =>
    [
        store, "Mqtt:Host=127.0.0.1", $"Mqtt:Port={broker.Port}", $"Mqtt:ClientId={name}", $"History:SpoolPath={_folder[$"{name}.db"]}", "Alerts:Settle=00:00:00",
        $"Alerts:Channels:hook:Webhook={hook.Address}", "Alerts:Channels:hook:Every=00:00:00",
    ];

    async Task<Server> Start(string store, Mosquitto broker, WebhookListener hook, string name)
    {
        var server = await Server.Start(Settings(store, broker, hook, name));
        await server.BrokerIs("healthy");
        await server.StoreIs("direct");
        return server;
    }

    async Task<string> Setting(string store) => store == "sqlite" ? $"History:SqlitePath={_folder["history.db"]}" : $"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}";

    static async Task<string> Ids(Server server) => string.Join(' ', (await server.Alerts()).Select(alert => alert.GetProperty("alert_id").GetString()));

    static IEnumerable<string> Sent(WebhookListener hook) => hook.Posts.Select(post => post.Id);

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_standby_continues_with_the_same_alert_and_sends_nothing_twice(string store)
    {
        var setting = await Setting(store);
        await using var broker = await Mosquitto.Start();
        await using var hook = await WebhookListener.Start();
        await using var car = await Car.Connect(broker.Port);
        await using var one = await Start(setting, broker, hook, "one");
        var rule = await one.AddRule(Rule);
        await using var two = await Start(setting, broker, hook, "two");
        await using var page = await two.Listen("alerts=true");
        await car.Publish("wican/car7/vehicle_speed", "130");
        await Eventually.Holds("one alert is at both", async () => await one.States(rule) == "firing" && await two.States(rule) == "firing");
        var id = await Ids(one);
        await Eventually.Holds("it is told", () => Sent(hook).SequenceEqual([$"{id}.1"]));
        (await page.Next("the alert at a page of the other one", text => text.Contains("\"type\":\"alert\""))).Should().Contain(id);
        (await Ids(two)).Should().Be(id);

        using (var acked = await two.Send(HttpMethod.Post, $"/alerts/{id}/ack", """{"note":"seen at two"}""")) acked.EnsureSuccessStatusCode();
        (await two.States(rule)).Should().Be("acked");
        await Eventually.Holds("the first one knows", async () => (await one.Alerts())[0].GetProperty("note").GetString() == "seen at two");
        await one.Stop();
        await Eventually.Holds("the other one stores now", () => two.Service<AlertOwner>().IsActive);
        await car.Publish("wican/car7/vehicle_speed", "110");
        await Eventually.Holds("the same one is over", async () => await two.States(rule) == "cleared");
        await Eventually.Holds("and told of", () => Sent(hook).SequenceEqual([$"{id}.1", $"{id}.2"]));
        (await two.Alerts())[0].GetProperty("note").GetString().Should().Be("seen at two");

        await using var again = await Start(setting, broker, hook, "one");
        await car.Publish("wican/car7/vehicle_speed", "131");
        await Eventually.Holds("another one has fired, at both", async () => await two.States(rule) == "firing cleared" && await again.States(rule) == "firing cleared");
        using (var acked = await again.Send(HttpMethod.Post, $"/alerts/{(await Ids(again)).Split(' ')[0]}/ack")) acked.EnsureSuccessStatusCode();
        await Eventually.Holds("acknowledged at both", async () => await two.States(rule) == "acked cleared");
        var ids = await Ids(two);
        (await Ids(again)).Should().Be(ids);
        await Eventually.Holds("it is told", () => Sent(hook).Count() == 3);
        Sent(hook).Should().Equal($"{id}.1", $"{id}.2", $"{ids.Split(' ')[0]}.1");
    }

    [Fact]
    public async Task Events_after_a_kill_are_sent_once_by_the_next_server()
    {
        var setting = await Setting("postgres");
        var database = setting[(setting.IndexOf('=') + 1)..];
        await using var broker = await Mosquitto.Start();
        await using var hook = await WebhookListener.Start();
        await using var car = await Car.Connect(broker.Port);
        using var one = ServerProcess.Start(_folder, null, [.. Settings(setting, broker, hook, "one").Select(each => $"--{each}")]);
        await Eventually.Holds("it is subscribed", () => one.Output.Contains("📡 Abonné"), TimeSpan.FromSeconds(60));
        await using var two = await Start(setting, broker, hook, "two");
        var rule = await two.AddRule(Rule);
        await using var connection = new NpgsqlConnection(database);
        await car.Publish("wican/a/vehicle_speed", "100");
        await car.Publish("wican/b/vehicle_speed", "100");
        await Eventually.Holds("the rule is judged", () => two.Service<AlertOwner>() is { IsActive: false } && one.Output.Length > 0);
        await car.Publish("wican/a/vehicle_speed", "130");
        await Eventually.Holds("an alert of the first one is told", async () => Sent(hook).Count() == 1 && await two.States(rule) == "firing");
        await Eventually.Holds("the store has that it is sent", async () => await connection.ExecuteScalarAsync<int>("SELECT count(*) FROM told_alerts WHERE sent_version = 1") == 1);
        await one.Kill();
        await car.Publish("wican/b/vehicle_speed", "131"); // No server stores it yet.
        await car.Publish("wican/a/vehicle_speed", "90");
        await connection.ExecuteAsync("DELETE FROM leases"); // As after ten seconds.
        await Eventually.Holds("the next one goes on", async () => await two.States(rule) == "firing cleared");
        await Eventually.Holds("both are told", async () => (await two.Alerts()).Select(alert => alert.GetProperty("deliveries").EnumerateArray().Sum(delivery => delivery.GetProperty("sent_version").GetInt32())).SequenceEqual([1, 2]));
        var told = string.Join('\n', hook.Posts.Select(post => post.Body));
        foreach (var id in (await Ids(two)).Split(' ')) told.Should().Contain(id);
        Sent(hook).Should().OnlyHaveUniqueItems().And.HaveCount(hook.Posts.Count);
        (await connection.ExecuteScalarAsync<int>("SELECT count(*) FROM alerts WHERE rule_id = @rule", new { rule })).Should().Be(2);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Servers_with_cars_of_their_own_leave_those_of_others_alone(string store)
    {
        var setting = await Setting(store);
        await using var one = await Server.Start(setting, "Alerts:Settle=00:00:00", "Presence:Timeout=01:00:00");
        var rule = await one.AddRule("""{"name":"on","when":[{"engine":"on"}]}""");
        var gone = await one.AddRule("""{"name":"gone","when":[{"state":"offline"}]}""");
        await one.Publish(("wican/a/rpm", "900"));
        await Eventually.Holds("it has fired", async () => await one.States(rule) == "firing");
        await using (var two = await Server.Start(setting, "Alerts:Settle=00:00:00", "Presence:Timeout=00:00:01"))
        {
            await two.StoreIs("direct");
            await Eventually.Holds("the other one shows it", async () => await two.States(rule) == "firing");
            await two.Publish(("wican/b/rpm", "900"));
            await Eventually.Holds("it judges its own", async () => await two.States(gone) == "firing", TimeSpan.FromSeconds(30));
            (await two.Alerts($"rule_id={gone}"))[0].GetProperty("vehicle_id").GetInt32().Should().Be(3, "the other car is running elsewhere");
        }

        (await one.States(rule)).Should().Be("firing firing", "the other one has raised one on its car, and ended none");
        await using var again = await Server.Start(setting, "Alerts:Settle=00:00:00");
        await again.StoreIs("direct");
        (await again.States(rule)).Should().Be("firing firing");
    }

    [Fact]
    public async Task Saved_waits_of_other_sources_stay()
    {
        await using var server = await Server.Start(await Setting("postgres"));
        await server.Publish(("wican/a/rpm", "1"), ("wican/b/rpm", "1"));
        await server.StoreIs("direct");
        var (store, clocks, heard) = (server.Service<ReadingStore>(), server.Service<AlertClockStore>(), server.Service<HeardVehicleTable>());
        AlertClock Wait(int vehicle) => new() { RuleId = 1, VehicleId = vehicle, Since = 1, Counted = 100 };
        IReadOnlyList<AlertClock> mine = [];
        await store.ChangeAsync([], async transaction =>
        {
            await heard.WriteAsync(transaction, [new HeardVehicleRow { VehicleId = 2, Source = "mine", OfflineAfterSeconds = 10 }, new HeardVehicleRow { VehicleId = 3, Source = "other", OfflineAfterSeconds = 10 }]);
            await clocks.WriteAsync(transaction, [Wait(2), Wait(3)], "other");
            mine = await clocks.ReadAsync(transaction, "mine");
            clocks.SetWritten([Wait(2), Wait(3)]);
            await clocks.WriteAsync(transaction, [], "mine");
        });
        mine.Select(wait => wait.VehicleId).Should().Equal(2);
        await store.ChangeAsync([], async transaction => mine = await clocks.ReadAsync(transaction, "other"));
        mine.Select(wait => wait.VehicleId).Should().Equal(3);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_vehicle_without_a_reading_after_a_restart_is_offline(string store)
    {
        string[] settings = [await Setting(store), "Alerts:Settle=00:00:00", "Presence:Timeout=00:00:01", $"History:SpoolPath={_folder["spool.db"]}"];
        int rule;
        await using (var server = await Server.Start(settings))
        {
            rule = await server.AddRule("""{"name":"gone","enabled":false,"when":[{"state":"offline"}]}""");
            await server.Import((DateTime.UtcNow, "imported", "rpm", 900));
            await server.Publish(("wican/a/rpm", "900"));
        }

        await using var again = await Server.Start(settings);
        await again.StoreIs("direct");
        using (var enabled = await again.Send(HttpMethod.Put, $"/alerts/rules/{rule}", """{"version":1,"name":"gone","when":[{"state":"offline"}]}""")) enabled.EnsureSuccessStatusCode();
        await Eventually.Holds("it is offline", async () => await again.States(rule) == "firing");
        (await again.Alerts())[0].GetProperty("vehicle_id").GetInt32().Should().Be((await again.Vehicles()).Contains("2 a") ? 2 : 3);
        await again.Publish(("wican/c/rpm", "900"));
        await Eventually.Holds("another one is offline, and the imported one was never heard", async () => await again.States(rule) == "firing firing");
    }

    [Fact]
    public async Task A_takeover_does_not_show_the_fleet_offline()
    {
        var setting = await Setting("postgres");
        await using var broker = await Mosquitto.Start();
        await using var hook = await WebhookListener.Start();
        await using var car = await Car.Connect(broker.Port);
        await using var one = await Start(setting, broker, hook, "one");
        (await one.Patch(1, """{"offline_after_seconds":3600}""")).EnsureSuccessStatusCode();
        await car.Publish("wican/rpm", "900");
        await car.Publish("wican/b/rpm", "901");
        await Eventually.Holds("it is noted", () => one.Service<HeardVehicles>().Of(one.Service<VehicleRegistry>().Default)?.IsRunning == true);
        await using var database = new NpgsqlConnection(setting[(setting.IndexOf('=') + 1)..]);
        await Eventually.Holds("it is stored", async () => await database.ExecuteScalarAsync<int>("SELECT count(*) FROM heard_vehicles WHERE is_running") == 2);
        await using var two = await Start(setting, broker, hook, "two");
        await Eventually.Holds("it runs at the second one too", async () => (await two.Latest(1)).Contains("\"state\":\"running\""));
        (await two.Latest(1)).Should().Contain("\"rpm\":900,");
        await using var page = await two.Listen("vehicle_id=1");
        await page.Next("the snapshot");
        await one.Stop();
        await Eventually.Holds("the second one goes on", () => two.Service<AlertOwner>().IsActive);
        await car.Publish("wican/rpm", "902");
        await page.Next("the next message", text => text.Contains("\"rpm\":902,"));
        page.Heard().Should().NotContain(text => text.Contains("offline"));
        await Eventually.Holds("the other car is offline by its own timeout", async () => (await two.Latest(2)).Contains("\"state\":\"offline\""), TimeSpan.FromSeconds(30));
    }
}
