using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Telemetry.Api.Sockets;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Broadcast;

/// <summary>The ends of live sockets: by the client, by the server, and of clients that are dead, too many, send too much or read too little.</summary>
public class SocketEndTests
{
    [Fact]
    public async Task When_the_client_leaves_its_close_is_answered()
    {
        await using var server = await Server.Start();
        await using var page = await server.Listen();
        await page.Next();
        await page.Leave();
        await page.Ended();
        page.CloseStatus.Should().Be(WebSocketCloseStatus.NormalClosure);
        await server.HasClients(0);
    }

    [Fact]
    public async Task When_the_server_stops_it_says_so_and_the_stop_is_quick()
    {
        await using var server = await Server.Start();
        await using var page = await server.Listen();
        await page.Next();
        var stop = server.Stop();
        await page.Ended();
        page.CloseStatus.Should().Be(WebSocketCloseStatus.EndpointUnavailable);
        await stop.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_client_that_sends_too_many_messages_is_disconnected()
    {
        await using var server = await Server.Start();
        await using var page = await server.Listen();
        for (var i = 0; i < 60; i++) await page.Say("x");
        await server.Publish(("wican/rpm", "60"));
        await page.Next("messages still come", text => text.Contains("\"rpm\":60,"));
        await page.Say("x");
        await page.Ended();
        page.CloseStatus.Should().Be(WebSocketCloseStatus.PolicyViolation);
    }

    [Fact]
    public async Task A_client_over_the_limit_gets_503_with_Retry_After_before_the_upgrade()
    {
        await using var server = await Server.Start("Broadcast:MaxClients=2");
        await using var one = await server.Listen();
        await using (await server.Listen())
        {
            using var answer = await server.Http.SendAsync(SocketTests.UpgradeRequest(server, ""));
            answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(30));
            answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        }

        await server.HasClients(1);
        await using var three = await server.Listen();
        await three.Next();
    }

    [Fact]
    public async Task A_message_that_is_too_long_ends_its_client()
    {
        await using var server = await Server.Start();
        await using var page = await server.Listen();
        await page.Say(new string('x', 5000));
        await page.Ended();
        page.CloseStatus.Should().Be(WebSocketCloseStatus.MessageTooBig);
    }

    [Fact]
    public async Task A_dead_peer_is_gone_within_thirty_seconds()
    {
        var timeouts = new SocketTimeouts();
        (timeouts.PingInterval + timeouts.PingTimeout).Should().BeLessThan(TimeSpan.FromSeconds(30));
        var second = TimeSpan.FromSeconds(1);
        await using var server = await Server.Start(services => services.AddSingleton(new SocketTimeouts { PingInterval = second, PingTimeout = second, CloseTimeout = second }));
        await using var page = await server.Listen();
        using var peer = await DeafPeer(server);
        await server.HasClients(2);
        await server.HasClients(1);
        page.CloseStatus.Should().BeNull("a client that answers pings stays");
    }

    [Fact]
    public async Task A_client_that_reads_nothing_delays_no_other_and_is_cut_off()
    {
        await using var server = await Server.Start("Broadcast:WriteTimeout=00:00:02", "Stream:UpdateInterval=00:00:00");
        using var deaf = await DeafPeer(server, "/ws/telemetry?signals=*");
        await using var page = await server.Listen();
        await page.Next();
        await using var car = await Car.Connect(server.BrokerPort);
        // Long messages soon fill what the systems on both sides buffer.
        await car.Publish("wican/default/group", $$"""{{{string.Join(',', Enumerable.Range(0, 400).Select(i => $"\"a_signal_with_a_long_name_of_its_own_{i}\":{i}"))}}}""");
        var published = 0;
        await Eventually.Holds("the client that reads nothing is cut off", async () =>
        {
            await car.PublishBurst(Enumerable.Range(0, 100).Select(_ => ("wican/rpm", $"{++published % 16000}")));
            await page.Next($"rpm {published % 16000}", text => text.Contains($"\"rpm\":{published % 16000},"));
            return await server.ClientCount() == 1;
        }, TimeSpan.FromSeconds(60));
    }

    // A socket with small buffers that upgrades and then never reads.
    internal static async Task<TcpClient> DeafPeer(Server server, string path = "/ws/telemetry")
    {
        var peer = new TcpClient { ReceiveBufferSize = 4096 };
        await peer.ConnectAsync(server.Address.Host, server.Address.Port);
        await peer.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: {server.Address.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"));
        return peer;
    }
}
