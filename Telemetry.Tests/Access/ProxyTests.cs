using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Telemetry.Api.Access;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Access;

/// <summary>Behind a proxy that ends TLS.</summary>
public class ProxyTests
{
    static readonly (string, string)[] Forwarded = [("X-Forwarded-For", "198.51.100.7"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "car.example")];

    [Fact]
    public async Task A_trusted_proxy_says_where_its_clients_are()
    {
        await using var server = await Server.Start("TrustedProxies=192.0.2.0/24, 127.0.0.1", "AllowedHosts=car.example", "Broadcast:MaxClientsPerAddress=1");
        await using var page = await server.Listen(origin: "https://car.example", headers: Forwarded);
        await page.Next();
        // The address counts, which on this machine itself would not.
        var second = () => server.Listen(headers: Forwarded);
        (await second.Should().ThrowAsync<WebSocketException>()).Which.Message.Should().Contain("503");
        await using var other = await server.Listen(headers: [("X-Forwarded-For", "203.0.113.9")]);
        await other.Next();
    }

    [Theory]
    [InlineData("TrustedProxies=192.0.2.1")]
    [InlineData("TrustedProxies=")]
    public async Task Headers_of_other_proxies_are_ignored(string setting)
    {
        await using var server = await Server.Start(setting, "AllowedHosts=car.example", "Broadcast:MaxClientsPerAddress=1");
        var foreign = () => server.Listen(origin: "https://car.example", headers: Forwarded);
        (await foreign.Should().ThrowAsync<WebSocketException>()).Which.Message.Should().Contain("403");
        await using var one = await server.Listen(headers: Forwarded);
        await using var two = await server.Listen(headers: Forwarded);
        await two.Next();
    }

    [Fact]
    public async Task The_forwarded_host_must_be_one_of_the_servers_names_too()
    {
        await using var server = await Server.Start("TrustedProxies=127.0.0.1");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live") { Headers = { { "X-Forwarded-Host", "stranger.example" } } };
        using var answer = await server.Http.SendAsync(request);
        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Through_https_the_cookie_of_a_login_goes_through_https_only()
    {
        await using var server = await Server.Start("TrustedProxies:0=127.0.0.1", Jwt.On, "Auth:Username=me", $"Auth:PasswordHash={Passwords.Hash("secret")}");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/login") { Content = new StringContent(JsonSerializer.Serialize(new { username = "me", password = "secret" }), Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Forwarded-Proto", "https");
        using var answer = await server.Http.SendAsync(request);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        cookie.Should().StartWith("__Host-telemetry_token=").And.ContainEquivalentOf("secure").And.ContainEquivalentOf("path=/").And.NotContainEquivalentOf("domain=");

        (await Vehicles("https", cookie.Split(';')[0])).Should().Be(HttpStatusCode.OK);
        (await Vehicles("https", cookie.Split(';')[0]["__Host-".Length..])).Should().Be(HttpStatusCode.Unauthorized, "anybody could have planted that one");
        (await Vehicles("http", cookie.Split(';')[0])).Should().Be(HttpStatusCode.Unauthorized);

        async Task<HttpStatusCode> Vehicles(string scheme, string given) =>
            (await server.Http.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/vehicles") { Headers = { { "X-Forwarded-Proto", scheme }, { "Cookie", given } } })).StatusCode;
    }
}
