using System.Net.Security;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet;
using MQTTnet.Protocol;
using Telemetry.Api.Ingest;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Ingest;

/// <summary>Limits of the embedded broker for those who may log in, and its TLS.</summary>
public class BrokerLimitsTests
{
    const string FakeTime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

    [Theory]
    [InlineData("wican/+/rpm")]
    [InlineData("wican/#")]
    [InlineData("wican/a\0/rpm")]
    [InlineData("")]
    public async Task A_message_whose_topic_is_none_ends_its_connection(string topic)
    {
        await using var server = await Server.Start();
        using var car = await RawMqtt.Connect(server.BrokerPort, "car");
        await car.Publish(topic, "900", qos: 0);
        (await car.Next()).Should().BeNull();
        (await server.Http.GetStringAsync("/vehicles")).Should().NotContain("\"vehicle_id\":2");
        server.Service<BrokerRefusals>().Of(BrokerRefusal.Topic).Should().Be(1);
    }

    [Fact]
    public async Task A_client_that_is_silent_for_one_and_a_half_keep_alives_is_disconnected_and_its_will_published()
    {
        await using var server = await Server.Start();
        using var car = await RawMqtt.Connect(server.BrokerPort, "car", keepAlive: 1, will: ("wican/car7/can/status", """{"status":"offline"}"""));
        await car.Publish("wican/car7/rpm", "900", qos: 0);
        (await car.Next()).Should().BeNull();
        await Eventually.Holds("the will is told", async () => (await server.Http.GetStringAsync("/vehicles")).Contains("\"will\""));
    }

    [Fact]
    public async Task A_clock_that_is_set_forward_ends_no_connection()
    {
        Require.That(File.Exists(FakeTime), "libfaketime is not installed");
        using var folder = new TempFolder();
        var (port, offset) = (Ports.Free(), folder["offset"]);
        await File.WriteAllTextAsync(offset, "-600\n");
        using var server = ServerProcess.Start(folder, new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = FakeTime,
            ["FAKETIME_TIMESTAMP_FILE"] = offset,
            ["FAKETIME_NO_CACHE"] = "1",
            ["DONT_FAKE_MONOTONIC"] = "1",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        }, $"--Broker:Port={port}");
        await Eventually.Holds("the broker listens", () => server.Output.Contains("Abonné"), TimeSpan.FromSeconds(60));
        using var car = await RawMqtt.Connect(port, "car", keepAlive: 60);
        using var clock = await RawMqtt.Connect(port, "clock", keepAlive: 2);
        await File.WriteAllTextAsync(offset, "+0\n");
        (await clock.Next()).Should().BeNull("three seconds have passed for it");
        await car.Publish("wican/rpm", "900", packetId: 5);
        (await car.Next()).Should().Be("PUBACK 5");
    }

    [Fact]
    public async Task A_subscriber_that_never_acknowledges_is_cut_off()
    {
        await using var server = await Server.Start(services => services.AddSingleton(new BrokerTimeouts { Acknowledge = TimeSpan.FromSeconds(1) }));
        using var subscriber = await RawMqtt.Connect(server.BrokerPort, "subscriber");
        await subscriber.Subscribe("wican/#", 1);
        (await subscriber.Next()).Should().Be("SUBACK 1");
        await using var car = await Car.Connect(server.BrokerPort);
        await car.PublishBurst(Enumerable.Range(0, 600).Select(i => ("wican/rpm", $"{i}")));
        var got = 0;
        while (await subscriber.Next() is not null) got++;
        got.Should().Be(500);
        server.Service<BrokerRefusals>().Of(BrokerRefusal.NoAcknowledgement).Should().Be(1);
    }

    [Fact]
    public async Task Retained_messages_are_limited_in_number_and_those_of_other_topics_are_not_kept()
    {
        await using var server = await Server.Start("Broker:MaxRetainedMessages=2");
        (await Retained(server, "wican/a/rpm", "other/b", "wican/c/rpm", "wican/d/rpm")).Should().Equal("wican/a/rpm", "wican/c/rpm");
        using (var car = await RawMqtt.Connect(server.BrokerPort, "car"))
        {
            await car.Publish("wican/a/rpm", "", retain: true);
            (await car.Next()).Should().Be("PUBACK 1");
        }

        (await Retained(server, "wican/d/rpm")).Should().Equal("wican/c/rpm", "wican/d/rpm");
        server.Service<BrokerRefusals>().Of(BrokerRefusal.Retained).Should().Be(2);
    }

    [Fact]
    public async Task Retained_messages_are_limited_in_bytes_and_other_topics_are_kept_where_that_is_wanted()
    {
        await using var server = await Server.Start("Broker:MaxRetainedBytes=1000", "Broker:RetainOtherTopics=true");
        (await Retained(server, "other/a", "other/b", "other/c", "other/d")).Should().Equal("other/a", "other/b", "other/c");
    }

    // Publishes, and asks for what is retained then.
    static async Task<List<string>> Retained(Server server, params string[] topics)
    {
        foreach (var topic in topics) await Publisher.Publish(server.BrokerPort, topic, "900", "-r", "-q", "1");
        using var subscriber = await RawMqtt.Connect(server.BrokerPort, "subscriber");
        await subscriber.Subscribe("#", 0);
        var retained = new List<string>();
        while (await subscriber.Next() is { } packet && packet != "PUBLISH marker")
        {
            if (packet.StartsWith("PUBLISH ", StringComparison.Ordinal)) retained.Add(packet[8..]);
            // What is retained comes before what is published now.
            if (packet == "SUBACK 0") await Publisher.Publish(server.BrokerPort, "marker", "1");
        }

        retained.Sort(StringComparer.Ordinal);
        return retained;
    }

    [Fact]
    public async Task Wrong_passwords_are_counted_and_after_ten_the_address_is_let_in_no_more()
    {
        await using var server = await Server.Start("Broker:Username=dongle", "Broker:Password=secret");
        for (var i = 0; i < PasswordAttempts.MaxWrong; i++) (await Code("wrong")).Should().Be(4);
        (await Code("wrong")).Should().Be(3);
        (await Code("secret")).Should().Be(3, "otherwise it could be found by trying on");
        var refusals = server.Service<BrokerRefusals>();
        refusals.Of(BrokerRefusal.Password).Should().Be(10);
        refusals.Of(BrokerRefusal.Throttled).Should().Be(2);

        async Task<int?> Code(string password)
        {
            using var client = await RawMqtt.Connect(server.BrokerPort, "car", user: ("dongle", password));
            return client.ReturnCode;
        }
    }

    [Fact]
    public async Task With_a_certificate_it_listens_with_tls_too_and_a_renewed_one_is_used()
    {
        using var folder = new TempFolder();
        await Certify(folder, "one.example");
        var port = Ports.Free();
        await using var server = await Server.Start($"Broker:Certificate={folder["cert.pem"]}", $"Broker:CertificateKey={folder["key.pem"]}", $"Broker:TlsPort={port}");
        (await PublishSecurely(port, "900")).Should().Be("CN=one.example");
        (await server.Latest()).Should().Contain("\"rpm\":900,");
        await Certify(folder, "two.example");
        File.SetLastWriteTimeUtc(folder["cert.pem"], DateTime.UtcNow.AddMinutes(1));
        (await PublishSecurely(port, "901")).Should().Be("CN=two.example");
        (await server.Latest()).Should().Contain("\"rpm\":901,");
        using var plain = await RawMqtt.Connect(port, "plain");
        plain.ReturnCode.Should().BeNull("it speaks no TLS");
    }

    static async Task Certify(TempFolder folder, string name) =>
        (await Daemon.Run(Require.Program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", $"/CN={name}", "-keyout", folder["key.pem"], "-out", folder["cert.pem"]))
            .ExitCode.Should().Be(0);

    static async Task<string> PublishSecurely(int port, string payload)
    {
        var subject = "";
        using var client = new MqttClientFactory().CreateMqttClient();
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port)
            .WithTlsOptions(tls => tls.UseTls().WithCertificateValidationHandler(seen =>
            {
                subject = seen.Certificate.Subject;
                return seen.SslPolicyErrors != SslPolicyErrors.None;
            })).Build(), TestContext.Current.CancellationToken);
        await client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic("wican/rpm").WithPayload(payload)
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), TestContext.Current.CancellationToken);
        return subject;
    }
}
