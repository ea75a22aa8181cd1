using System.Net;
using System.Net.WebSockets;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Access;

/// <summary>DNS rebinding: a stranger's name that leads here.</summary>
public class HostTests
{
    [Theory]
    [InlineData("/telemetry/latest")]
    [InlineData("/vehicles")]
    [InlineData("/health/live")]
    [InlineData("/")]
    [InlineData("/no-such-thing")]
    public async Task A_request_for_another_host_is_refused_whatever_it_asks_for(string path)
    {
        await using var server = await Server.Start();
        using var answer = await Ask(server, "stranger.example", path);
        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        (await answer.Content.ReadAsStringAsync()).Should().Contain("\"parameter\":\"Host\"").And.Contain("AllowedHosts").And.NotContain("vehicle_id");
    }

    [Fact]
    public async Task A_socket_for_another_host_is_refused_though_its_origin_has_the_same_name()
    {
        await using var server = await Server.Start();
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Host", $"stranger.example:{server.Address.Port}");
        socket.Options.SetRequestHeader("Origin", $"http://stranger.example:{server.Address.Port}");
        var connect = () => socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws", Path = "/ws/telemetry" }.Uri, CancellationToken.None);
        (await connect.Should().ThrowAsync<WebSocketException>()).Which.Message.Should().Contain("400");
    }

    [Theory]
    [InlineData("Urls=http://127.0.0.1:0", "localhost LOCALHOST:8000 car.localhost 127.0.0.1:1 127.9.9.9 [::1]:8000", "stranger.example 192.0.2.7 [2001:db8::7] localhost.stranger.example xlocalhost 127.0.0.1.stranger.example")]
    [InlineData("AllowedHosts=car.example, *.fleet.example;192.0.2.7", "localhost car.example:8000 a.fleet.example b.a.fleet.example 192.0.2.7", "fleet.example xfleet.example www.car.example 192.0.2.8")]
    [InlineData("AllowedHosts:0=car.example", "localhost CAR.example", "stranger.example")]
    [InlineData("AllowedHosts=*", "stranger.example 192.0.2.7 localhost", "")]
    [InlineData("AllowedOrigins=https://car.example:8443", "car.example car.example:8443", "stranger.example")]
    public async Task The_servers_names_are_these(string setting, string names, string others)
    {
        await using var server = await Server.Start(setting);
        foreach (var host in names.Split(' ', StringSplitOptions.RemoveEmptyEntries)) (await Status(server, host)).Should().Be(HttpStatusCode.OK, host);
        foreach (var host in others.Split(' ', StringSplitOptions.RemoveEmptyEntries)) (await Status(server, host)).Should().Be(HttpStatusCode.BadRequest, host);
    }

    [Fact]
    public async Task Beyond_loopback_every_address_and_the_machines_name_will_do()
    {
        await using var server = await Server.Start("Urls=http://0.0.0.0:0", "Auth:AllowAnonymous=true");
        foreach (var host in new[] { "localhost", "192.0.2.7", "[2001:db8::7]", Environment.MachineName, $"{Environment.MachineName}.local" })
            (await Status(server, host)).Should().Be(HttpStatusCode.OK, host);
        (await Status(server, "stranger.example")).Should().Be(HttpStatusCode.BadRequest);
    }

    static async Task<HttpStatusCode> Status(Server server, string host)
    {
        using var answer = await Ask(server, host, "/health/live");
        return answer.StatusCode;
    }

    static async Task<HttpResponseMessage> Ask(Server server, string host, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, path)) { Headers = { Host = host } };
        return await server.Http.SendAsync(request);
    }
}
