using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using MQTTnet.Server;
using Telemetry.Api.Ingest;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Ingest;

/// <summary>Limits of the embedded broker for connections without a login, tried over bare TCP.</summary>
public class BrokerBoundsTests
{
    static readonly byte[] Connect = [0x10, 15, 0, 4, .. "MQTT"u8, 4, 2, 0, 60, 0, 3, .. "car"u8];

    [Fact]
    public async Task A_stranger_that_announces_a_huge_packet_is_cut_off_before_it_sends_one()
    {
        await using var server = await Server.Start();
        using var stranger = await Stranger.Reach(server.BrokerPort);
        await stranger.Send(0x10, 0xff, 0xff, 0xff, 0x7f);
        await stranger.IsCutOff();
        using var wordy = await Stranger.Reach(server.BrokerPort);
        await wordy.Send(0x10, 0x81, 0x80, 0x01); // 16 KiB and a byte.
        await wordy.IsCutOff();
    }

    [Fact]
    public async Task After_the_login_a_packet_may_have_256_KiB_and_no_more()
    {
        await using var server = await Server.Start();
        using var car = await Stranger.Reach(server.BrokerPort);
        await car.Send(Connect);
        await car.Hears(4);
        var longest = new byte[256 * 1024];
        byte[] topic = [0, 9, .. "wican/rpm"u8];
        topic.CopyTo(longest, 0);
        await car.Send([0x30, 0x80, 0x80, 0x10, .. longest]);
        await Eventually.Holds("it is taken, and rejected as no reading", async () =>
            (await server.Ready()).GetProperty("checks").GetProperty("broker").GetProperty("rejected").TryGetProperty("too_large", out _));
        await car.Send(0x30, 0x81, 0x80, 0x10);
        await car.IsCutOff();
    }

    [Fact]
    public async Task Who_does_not_log_in_is_cut_off_after_ten_seconds()
    {
        new BrokerTimeouts().Connect.Should().Be(TimeSpan.FromSeconds(10));
        await using var server = await Server.Start(services => services.AddSingleton(new BrokerTimeouts { Connect = TimeSpan.FromSeconds(1) }));
        using var silent = await Stranger.Reach(server.BrokerPort);
        using var slow = await Stranger.Reach(server.BrokerPort);
        await slow.Send(Connect[..^1]);
        await silent.IsCutOff();
        await slow.IsCutOff();
    }

    [Fact]
    public async Task Pending_and_open_connections_are_bounded_and_an_ended_one_makes_room()
    {
        var port = Ports.Free();
        using var listener = new BoundedListener(new IPEndPoint(IPAddress.Loopback, port), new BrokerBounds(Connections: 3, PendingConnections: 2), NullLogger.Instance);
        listener.Open();
        using var broker = new MqttServerFactory().CreateMqttServer(new MqttServerOptionsBuilder().WithoutDefaultEndpoint().Build(), [listener]);
        await broker.StartAsync();

        using var first = await Stranger.Reach(port);
        using var second = await Stranger.Reach(port);
        using (var tooMany = await Stranger.Reach(port)) await tooMany.IsCutOff();

        await first.Send(Connect);
        await first.Hears(4);
        var third = await Stranger.Reach(port);
        await second.Send([.. Connect[..^1], (byte)'2']);
        await second.Hears(4);
        using (var tooMany = await Stranger.Reach(port)) await tooMany.IsCutOff();

        third.Dispose();
        await Eventually.Holds("another may come", async () =>
        {
            using var next = await Stranger.Reach(port);
            await next.Send([.. Connect[..^1], (byte)'3']);
            return await next.TryHear(4);
        });
    }

    sealed class Stranger : IDisposable
    {
        readonly TcpClient _client = new();

        public static async Task<Stranger> Reach(int port)
        {
            var stranger = new Stranger();
            await stranger._client.ConnectAsync(IPAddress.Loopback, port);
            return stranger;
        }

        public async Task Send(params byte[] bytes) => await _client.GetStream().WriteAsync(bytes);

        public async Task Hears(int bytes) => (await TryHear(bytes)).Should().BeTrue();

        public async Task<bool> TryHear(int bytes)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            try
            {
                await _client.GetStream().ReadExactlyAsync(new byte[bytes], patience.Token);
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        }

        public async Task IsCutOff() => (await TryHear(1)).Should().BeFalse();

        public void Dispose() => _client.Dispose();
    }
}
