using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using MQTTnet.Formatter;
using Telemetry.Api.Ingest;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Ingest;

/// <summary>Brokers that speak MQTT 3.1.1 only.</summary>
public class BrokerVersionTests
{
    [Theory]
    [InlineData("20020001")] // The code of 3.1.1 for a version that it does not take.
    [InlineData("2003008400")] // That of 5.
    [InlineData("20020002")] // Another code of 3.1.1.
    [InlineData("2000")] // No CONNACK at all.
    [InlineData("")] // It hangs up.
    public async Task Whatever_a_broker_of_3_1_1_says_to_version_5_the_server_falls_back_by_itself(string answer)
    {
        await using var broker = FakeBroker.Start(async (_, connection) =>
        {
            if (await connection.ReadConnect() == 5) await connection.Send(Convert.FromHexString(answer));
            else await connection.Behave(4);
        });
        await using var server = await Server.Start("Mqtt:Host=127.0.0.1", $"Mqtt:Port={broker.Port}");
        (await Healthy(server)).Should().Be("3.1.1");
        broker.Connections.Should().Be(2, "no time is lost in between");
    }

    [Theory]
    [InlineData("20020001")]
    [InlineData("2003008400")]
    [InlineData("")]
    public async Task Alerts_and_the_devices_of_Home_Assistant_reach_it_too(string answer)
    {
        var (topics, accepted) = (new ConcurrentBag<string>(), new ConcurrentBag<int>());
        await using var broker = FakeBroker.Start(async (_, connection) =>
        {
            var version = await connection.ReadConnect();
            accepted.Add(version);
            if (version == 5) await connection.Send(Convert.FromHexString(answer));
            else await connection.Behave(4, published: topics.Add);
        });
        await using var server = await Server.Start("Mqtt:Host=127.0.0.1", $"Mqtt:Port={broker.Port}", "Alerts:Channels:ha:Mqtt=telemetry/alerts", "HomeAssistant:Enabled=true");
        using var tested = await server.Http.PostAsync("/alerts/channels/ha/test", null);
        tested.StatusCode.Should().Be(HttpStatusCode.OK, await tested.Content.ReadAsStringAsync());
        topics.Should().Contain(topic => topic.StartsWith("telemetry/alerts/server/", StringComparison.Ordinal));
        await Eventually.Holds("the devices are available", () => topics.Contains("telemetry/status"));
        accepted.Count(version => version == 5).Should().BeLessThanOrEqualTo(3, "each client asks once at most, and learns from the others");
    }

    [Fact]
    public async Task Messages_of_nats_reach_the_page_and_are_acknowledged()
    {
        using var folder = new TempFolder();
        var port = Ports.Free();
        await File.WriteAllTextAsync(folder["nats.conf"], string.Create(CultureInfo.InvariantCulture,
            $"server_name: n1\nlisten: 127.0.0.1:{Ports.Free()}\njetstream {{ store_dir: \"{folder["js"]}\" }}\nmqtt {{ host: 127.0.0.1\n port: {port} }}\n"));
        using var nats = Daemon.Start(Require.Program("nats-server"), ["-c", folder["nats.conf"]]);
        await Eventually.Holds("NATS listens", () => Ports.Answers(port));
        await using var server = await Server.Start("Mqtt:Host=127.0.0.1", $"Mqtt:Port={port}");
        (await Healthy(server)).Should().Be("3.1.1");
        await Publisher.Publish(port, "wican/rpm", "2500", "-q", "1", "-V", "mqttv311");
        await Eventually.Holds("the value is there", async () => (await server.Latest()).Contains("\"rpm\":2500,"));
    }

    [Fact]
    public async Task A_broker_that_takes_version_5_alone_is_connected_with_version_5()
    {
        await using var broker = FakeBroker.Start(async (_, connection) =>
        {
            if (await connection.ReadConnect() == 5) await connection.Behave(5);
        });
        await using var server = await Server.Start("Mqtt:Host=127.0.0.1", $"Mqtt:Port={broker.Port}");
        (await Healthy(server)).Should().Be("5.0");
    }

    [Fact]
    public void The_older_version_comes_first_for_a_while_then_5_is_tried_again()
    {
        var time = new SetTime();
        var choice = new ProtocolChoice(time);
        choice.InOrder().Should().Equal(MqttProtocolVersion.V500, MqttProtocolVersion.V311);
        choice.Attempted(MqttProtocolVersion.V500);
        choice.Accepted(MqttProtocolVersion.V311);
        time.Now += TimeSpan.FromMinutes(9);
        choice.InOrder().Should().Equal(MqttProtocolVersion.V311, MqttProtocolVersion.V500);
        time.Now += TimeSpan.FromMinutes(1);
        choice.InOrder().Should().Equal(MqttProtocolVersion.V500, MqttProtocolVersion.V311);
        choice.Attempted(MqttProtocolVersion.V500);
        choice.InOrder()[0].Should().Be(MqttProtocolVersion.V311);
        choice.Accepted(MqttProtocolVersion.V500);
        choice.InOrder()[0].Should().Be(MqttProtocolVersion.V500);
    }

    static async Task<string?> Healthy(Server server)
    {
        var version = "";
        await Eventually.Holds("the broker is connected", async () =>
        {
            var check = (await server.Ready()).GetProperty("checks").GetProperty("broker");
            version = check.GetProperty("mqtt_version").GetString();
            return check.GetProperty("status").GetString() == "healthy";
        });
        return version;
    }

    sealed class SetTime : TimeProvider
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromDays(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
