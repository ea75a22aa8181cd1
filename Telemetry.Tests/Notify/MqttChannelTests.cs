using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using MQTTnet;
using Telemetry.Api.Ingest;
using Telemetry.Api.Notify;
using Telemetry.Core.Alerts;
using Telemetry.Core.Notifications;
using Telemetry.Tests.Support;
using Telemetry.Tests.Vehicles;

namespace Telemetry.Tests.Notify;

public class MqttChannelTests
{
    [Fact]
    public async Task The_embedded_broker_retains_states_and_discovery_also_after_a_restart_of_the_server()
    {
        using var folder = new TempFolder();
        var broker = Ports.Free();
        string[] settings = [.. AlertRig.AtOnce, $"Broker:Port={broker}", $"History:SqlitePath={folder["a.db"]}", $"History:SpoolPath={folder["b.db"]}", "Alerts:Channels:ha:Mqtt=telemetry/alerts", "Alerts:Channels:ha:Discovery=homeassistant"];
        var rule = 0;
        await using (var server = await Server.Start(settings))
        {
            rule = await server.Http.AddRule("""[{"to":["ha"]}]""", name: "Hot \\\"oil\\\"", severity: "critical");
            await Car.PublishOnce(broker, "wican/coolant_temperature", "106");
            await using var reader = await Retained.Of(broker);
            var state = await reader.Of($"telemetry/alerts/1/{rule}");
            state.GetProperty("state").GetString().Should().Be("firing");
            state.GetProperty("severity").GetString().Should().Be("critical");
            var discovered = await reader.Of($"homeassistant/binary_sensor/telemetry_1_{rule}/config");
            discovered.GetProperty("device_class").GetString().Should().Be("problem");
            discovered.GetProperty("state_topic").GetString().Should().Be($"telemetry/alerts/1/{rule}");
            discovered.GetProperty("name").GetString().Should().Be("Hot \"oil\"");
            await Car.PublishOnce(broker, "wican/coolant_temperature", "99");
            await Eventually.Holds("the state is over", async () => (await reader.Of($"telemetry/alerts/1/{rule}")).GetProperty("state").GetString() == "cleared");
            (await server.Http.GetFromJsonAsync<JsonElement>("/signals?vehicle_id=1")).EnumerateArray().Where(signal => signal.GetProperty("value").ValueKind == JsonValueKind.Number).Should().ContainSingle();
        }

        await using (await Server.Start(settings))
        {
            await using var reader = await Retained.Of(broker);
            (await reader.Of($"telemetry/alerts/1/{rule}")).GetProperty("state").GetString().Should().Be("cleared");
            await reader.Of($"homeassistant/binary_sensor/telemetry_1_{rule}/config");
        }
    }

    [Fact]
    public async Task Everything_is_published_again_to_a_broker_that_lost_its_data_and_a_removed_rule_leaves_nothing()
    {
        await using var mosquitto = await Mosquitto.Start();
        await using var server = await Server.Start([.. AlertRig.AtOnce, "Mqtt:Host=127.0.0.1", $"Mqtt:Port={mosquitto.Port}", "Alerts:Channels:ha:Mqtt=telemetry/alerts", "Alerts:Channels:ha:Discovery=homeassistant"]);
        await Eventually.Holds("the server is connected", async () => (await server.Ready()).GetProperty("status").GetString() == "healthy");
        var rule = await server.Http.AddRule("""[{"to":["ha"]}]""");
        await mosquitto.Publish("wican/coolant_temperature", "106");
        await using (var reader = await Retained.Of(mosquitto.Port)) await reader.Of($"telemetry/alerts/1/{rule}");
        await mosquitto.Stop();
        await mosquitto.Resume();
        await using (var reader = await Retained.Of(mosquitto.Port))
        {
            (await reader.Of($"telemetry/alerts/1/{rule}")).GetProperty("state").GetString().Should().Be("firing");
            using var removed = await server.Http.DeleteAsync($"/alerts/rules/{rule}");
            removed.IsSuccessStatusCode.Should().BeTrue();
            await Eventually.Holds("the topics are empty", () => reader.Payload($"telemetry/alerts/1/{rule}") == "" && reader.Payload($"homeassistant/binary_sensor/telemetry_1_{rule}/config") == "");
        }
    }

    [Fact]
    public async Task Topics_of_removed_rules_merged_vehicles_earlier_settings_and_removed_channels_are_emptied()
    {
        await using var mosquitto = await Mosquitto.Start();
        using var folder = new TempFolder();
        string[] settings = [.. AlertRig.AtOnce, "Mqtt:Host=127.0.0.1", $"Mqtt:Port={mosquitto.Port}", $"History:SqlitePath={folder["a.db"]}", $"History:SpoolPath={folder["b.db"]}"];
        await using var reader = await Retained.Of(mosquitto.Port);
        int kept;
        await using (var server = await Server.Start([.. settings, "Alerts:Channels:ha:Mqtt=telemetry/alerts", "Alerts:Channels:ha:Discovery=homeassistant"]))
        {
            await server.BrokerIs("healthy");
            kept = await server.Http.AddRule("""[{"to":["ha"]}]""");
            var removed = await server.Http.AddRule("""[{"to":["ha"]}]""", name: "Removed");
            string[] all = [$"2/{kept}", $"2/{removed}", $"3/{kept}", $"3/{removed}", $"4/{kept}", $"4/{removed}"];
            foreach (var vehicle in new[] { "a", "b", "c" }) await mosquitto.Publish($"wican/{vehicle}/coolant_temperature", "106", "-q", "1");
            foreach (var topic in all) await Eventually.Holds($"{topic} fires", () => reader.Payload($"telemetry/alerts/{topic}") is { } text && text.Contains("firing"));
            foreach (var vehicle in new[] { "a", "b", "c" }) await mosquitto.Publish($"wican/{vehicle}/coolant_temperature", "99", "-q", "1");
            foreach (var topic in all) await Eventually.Holds($"{topic} is over", () => reader.Payload($"telemetry/alerts/{topic}")!.Contains("cleared"));
            using var gone = await server.Http.DeleteAsync($"/alerts/rules/{removed}");
            using var merged = await server.Patch(3, """{"merge_into":2}""");
            await Eventually.Holds("the sensors of two vehicles are left", () => reader.Filled.Count() == 4 && !reader.Filled.Any(topic => topic.Contains($"_{removed}/")));
            using var deleted = await server.Http.DeleteAsync("/vehicles/4");
            deleted.IsSuccessStatusCode.Should().BeTrue();
            await Eventually.Holds("one sensor is left", () => reader.Filled.Order().SequenceEqual([$"homeassistant/binary_sensor/telemetry_2_{kept}/config", $"telemetry/alerts/2/{kept}"]));
        }

        await using (await Server.Start([.. settings, "Alerts:Channels:ha:Mqtt=telemetry/other"]))
            await Eventually.Holds("the topics of before are empty", () => !reader.Filled.Any());
        await using (var server = await Server.Start([.. settings, "Alerts:Channels:ha:Mqtt=telemetry/other"]))
        {
            await server.BrokerIs("healthy");
            await mosquitto.Publish("wican/a/coolant_temperature", "106", "-q", "1");
            await Eventually.Holds("the new topic is there", () => reader.Filled.SequenceEqual([$"telemetry/other/2/{kept}"]));
        }

        await using (await Server.Start(settings))
            await Eventually.Holds("a removed channel leaves nothing", () => !reader.Filled.Any());
    }

    [Fact]
    public async Task A_test_message_leaves_nothing_on_the_broker()
    {
        var broker = Ports.Free();
        await using var server = await Server.Start([.. AlertRig.AtOnce, $"Broker:Port={broker}", "Alerts:Channels:ha:Mqtt=telemetry/alerts", "Alerts:Channels:ha:Discovery=homeassistant"]);
        await using var reader = await Retained.Of(broker);
        using var tested = await server.Http.PostAsync("/alerts/channels/ha/test", null);
        tested.IsSuccessStatusCode.Should().BeTrue();
        await reader.Of("telemetry/alerts/server/-999");
        var rule = await server.Http.AddRule("""[{"to":["ha"]}]""");
        await Car.PublishOnce(broker, "wican/coolant_temperature", "106");
        await using var later = await Retained.Of(broker);
        await later.Of($"homeassistant/binary_sensor/telemetry_1_{rule}/config");
        await later.Of($"telemetry/alerts/1/{rule}");
        later.Topics.Should().BeEquivalentTo($"telemetry/alerts/1/{rule}", $"homeassistant/binary_sensor/telemetry_1_{rule}/config");
    }

    [Fact]
    public void A_topic_has_the_state_of_the_newest_alert_once()
    {
        var at = new DateTime(2026, 11, 1, 12, 0, 0, DateTimeKind.Utc);
        using var sender = new MqttSender("ha", "alerts", "", new BrokerDialer(new MqttSettings(), new BrokerSettings(), new ProtocolChoice(TimeProvider.System)), new NoticeText(isFrench: false, TimeZoneInfo.Utc, _ => NoticeLinks.None), null!);
        var over = new Alert(AlertIds.New(at), -5, null, Severity.Info, at, at) { ClearedAt = at.AddMinutes(1), EndedBy = "values" };
        var firing = new Alert(AlertIds.New(at.AddMinutes(1)), -5, null, Severity.Info, at.AddMinutes(1), at.AddMinutes(1));
        var written = sender.Write(Digest.Of([new Notice(over, null, NoticeKind.Over, 0), new Notice(firing, null, NoticeKind.Fired, 0)], new HashSet<string>(), at.AddMinutes(2)));
        var message = JsonDocument.Parse(written).RootElement.EnumerateArray().Should().ContainSingle().Which;
        JsonDocument.Parse(message.GetProperty("Payload").GetString()!).RootElement.GetProperty("state").GetString().Should().Be("firing");
    }

    /// <summary>Messages that a subscriber gets.</summary>
    sealed class Retained : IAsyncDisposable
    {
        readonly ConcurrentDictionary<string, string> _payloads = new();
        readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();

        public static async Task<Retained> Of(int port)
        {
            var retained = new Retained();
            retained._client.ApplicationMessageReceivedAsync += received =>
            {
                retained._payloads[received.ApplicationMessage.Topic] = received.ApplicationMessage.ConvertPayloadToString() ?? "";
                return Task.CompletedTask;
            };
            await retained._client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).Build());
            await retained._client.SubscribeAsync("telemetry/#");
            await retained._client.SubscribeAsync("homeassistant/#");
            return retained;
        }

        public IEnumerable<string> Topics => _payloads.Keys;

        /// <summary>Topics that have a message.</summary>
        public IEnumerable<string> Filled => _payloads.Where(pair => pair.Value != "").Select(pair => pair.Key);

        public string? Payload(string topic) => _payloads.GetValueOrDefault(topic);

        public async Task<JsonElement> Of(string topic)
        {
            await Eventually.Holds($"{topic} is retained", () => !string.IsNullOrEmpty(Payload(topic)));
            return JsonDocument.Parse(Payload(topic)!).RootElement;
        }

        public async ValueTask DisposeAsync()
        {
            await _client.DisconnectAsync(new MqttClientDisconnectOptions());
            _client.Dispose();
        }
    }
}
