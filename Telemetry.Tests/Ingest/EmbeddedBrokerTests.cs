using Telemetry.Tests.Support;

namespace Telemetry.Tests.Ingest;

public class EmbeddedBrokerTests
{
    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task A_client_without_a_name_may_publish(string version)
    {
        await using var server = await Server.Start();
        await Publisher.Publish(server.BrokerPort, "wican/rpm", "2500", "-V", version, "-q", "1");
        (await server.Latest()).Should().Contain("\"rpm\":2500,");
    }

    [Fact]
    public async Task What_a_dongle_publishes_with_the_retain_flag_is_fresh()
    {
        await using var server = await Server.Start();
        await Publisher.Publish(server.BrokerPort, "wican/rpm", "2500", "-r", "-q", "1");
        (await server.Latest()).Should().Contain("\"state\":\"running\"");
    }

    [Fact]
    public async Task A_shared_subscriptions_filter_means_its_topics_here()
    {
        await using var server = await Server.Start("Mqtt:TopicFilter=$share/group/wican/#");
        await server.Publish(("wican/rpm", "2500"));
        (await server.Latest()).Should().Contain("\"rpm\":2500,");
    }

    [Fact]
    public async Task Control_characters_of_topic_and_payload_do_not_reach_the_terminal()
    {
        using var folder = new TempFolder();
        var port = Ports.Free();
        using var server = ServerProcess.Start(folder, null, $"--Broker:Port={port}", "--Logging:LogLevel:Telemetry=Debug");
        await Eventually.Holds("the broker listens", () => server.Output.Contains("Abonné"));
        await using var car = await Car.Connect(port);
        await car.Publish("wican/\u009b31mred\u007f/\u001b[2J/rpm", "\u009b\u001b[2J900\r");
        await Eventually.Holds("the message is logged", () => server.Output.Contains("Message reçu"));
        server.Output.Should().Contain("📩 Message reçu sur wican/·31mred·/·[2J/rpm: ··[2J900·");
        server.Output.Split('\n').Should().NotContain(line => line.Any(char.IsControl));
    }

    [Fact]
    public async Task Other_topics_are_none_of_ours()
    {
        await using var server = await Server.Start();
        await server.Publish(("home/rpm", "2500"));
        (await server.Ready()).GetProperty("checks").GetProperty("broker").GetProperty("messages").GetInt32().Should().Be(0);
    }

    [Fact]
    public async Task With_a_user_set_others_are_turned_away()
    {
        await using var server = await Server.Start("Broker:Username=dongle", "Broker:Password=secret");
        await Publisher.Publish(server.BrokerPort, "wican/rpm", "2500", "-u", "dongle", "-P", "secret", "-q", "1");
        (await server.Latest()).Should().Contain("\"rpm\":2500,");
        var pub = Require.Program("mosquitto_pub");
        (await Daemon.Run(pub, "-p", $"{server.BrokerPort}", "-t", "wican/rpm", "-m", "1", "-u", "dongle", "-P", "wrong")).ExitCode.Should().NotBe(0);
        (await Daemon.Run(pub, "-p", $"{server.BrokerPort}", "-t", "wican/rpm", "-m", "1")).ExitCode.Should().NotBe(0);
    }

    [Fact]
    public async Task Everything_published_is_taken_however_fast_it_comes()
    {
        await using var server = await Server.Start();
        await Task.WhenAll(Enumerable.Range(1, 4).Select(async number =>
        {
            await using var car = await Car.Connect(server.BrokerPort);
            await Task.WhenAll(Enumerable.Range(0, 5000).Select(i => car.Publish($"wican/car{number}/rpm", $"{i}")));
        }));
        (await server.Ready()).GetProperty("checks").GetProperty("broker").GetProperty("readings").GetInt32().Should().Be(20_000);
    }
}
