using Telemetry.Tests.Notify;
using Telemetry.Tests.Support;
using Reader = Telemetry.Tests.Support.HomeAssistant;

namespace Telemetry.Tests.HomeAssistant;

public class StandbyTests(PostgresServer postgres)
{
    [Fact]
    public async Task Of_two_servers_on_one_store_one_publishes_and_the_other_goes_on_when_it_has_gone()
    {
        await using var mosquitto = await Mosquitto.Start();
        string[] settings = [.. AlertRig.AtOnce, "HomeAssistant:Enabled=true", "Mqtt:Host=127.0.0.1", $"Mqtt:Port={mosquitto.Port}", $"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}"];
        await using var reader = await Reader.Start(mosquitto.Port);
        await using var first = await Server.Start([.. settings, "Mqtt:ClientId=one"]);
        await first.StoreIs("direct");
        await using var second = await Server.Start([.. settings, "Mqtt:ClientId=two"]);
        await second.StoreIs("direct");
        await second.BrokerIs("healthy");
        await mosquitto.Publish("wican/golf/rpm", "1000");
        await reader.Has("telemetry_2", "signal_rpm", "1000");
        await mosquitto.Publish("wican/golf/rpm", "1001");
        await reader.Has("telemetry_2", "signal_rpm", "1001");
        reader.Messages.Count(message => message is { Topic: "telemetry/status", Payload: "online" }).Should().Be(1);
        reader.Messages.Count(message => message is { Topic: "telemetry/2/state" }).Should().Be(2);
        await first.Stop();
        await Eventually.Holds("the other server publishes", () => reader.State("telemetry_2", "signal_rpm") == "1001");
        await mosquitto.Publish("wican/golf/rpm", "1002");
        await reader.Has("telemetry_2", "signal_rpm", "1002");
    }
}
