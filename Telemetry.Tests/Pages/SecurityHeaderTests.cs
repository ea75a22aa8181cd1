using System.Net;
using System.Text.RegularExpressions;
using Telemetry.Tests.Broadcast;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Pages;

/// <summary>Security headers of every answer.</summary>
public partial class SecurityHeaderTests
{
    [Fact]
    public async Task Every_answer_has_the_security_headers_whatever_it_is()
    {
        await using var server = await Server.Start();
        var module = Versioned().Match(await server.Http.GetStringAsync("/")).Groups["name"].Value;
        string[] paths =
        [
            "/", "/fleet.html", "/sw.js", "/js/page.js", $"/{module}", "/v/0123456789ab/js/page.js", "/none", "/v/none", "/telemetry/latest", "/vehicles", "/vehicles?limit=x", "/signals?vehicle_id=99",
            "/telemetry/history", "/telemetry/export", "/drives", "/clock", "/metrics", "/health/live", "/health/ready", "/openapi/v1.json", "/ws/telemetry", "/login",
        ];
        foreach (var path in paths)
        {
            using var answer = await server.Http.GetAsync(path);
            HasAll(answer, path);
        }

        using var foreign = await server.Http.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/vehicles") { Headers = { Host = "stranger.example" } });
        foreign.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        HasAll(foreign, "another host");
        using var large = await server.Http.PatchAsync("/vehicles/1", new ByteArrayContent(new byte[5000]));
        HasAll(large, "a body too large");
        using var socket = await server.Http.SendAsync(SocketTests.UpgradeRequest(server, "max_hz=0"));
        HasAll(socket, "a refused socket");
    }

    [Theory]
    [InlineData("/telemetry/latest")]
    [InlineData("/vehicles")]
    [InlineData("/signals")]
    [InlineData("/telemetry/history")]
    [InlineData("/telemetry/export")]
    [InlineData("/telemetry/export?format=ndjson")]
    [InlineData("/drives")]
    [InlineData("/clock")]
    [InlineData("/health/ready")]
    [InlineData("/vehicles?limit=x")]
    [InlineData("/telemetry/latest?vehicle_id=99")]
    public async Task Answers_of_the_moment_are_not_cached(string path)
    {
        await using var server = await Server.Start();
        using var answer = await server.Http.GetAsync(path);
        answer.Headers.CacheControl!.NoStore.Should().BeTrue();
    }

    [Theory]
    [InlineData("Hsts:MaxAge=365.00:00:00", "https", "max-age=31536000")]
    [InlineData("Hsts:MaxAge=365.00:00:00", "http", null)]
    [InlineData("Hsts:MaxAge=00:00:00", "https", null)]
    public async Task Hsts_is_sent_over_https_where_it_is_set(string setting, string scheme, string? expected)
    {
        await using var server = await Server.Start("TrustedProxies=127.0.0.1", "AllowedHosts=car.example", setting);
        foreach (var path in new[] { "/", "/vehicles", "/none" })
        {
            using var answer = await server.Http.SendAsync(new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "X-Forwarded-Proto", scheme }, { "X-Forwarded-Host", "car.example" } } });
            (answer.Headers.TryGetValues("Strict-Transport-Security", out var values) ? values.Single() : null).Should().Be(expected, path);
        }
    }

    static void HasAll(HttpResponseMessage answer, string what)
    {
        foreach (var (name, value) in new[]
        {
            ("X-Content-Type-Options", "nosniff"), ("Content-Security-Policy", "default-src 'none'"), ("Referrer-Policy", "no-referrer"), ("Permissions-Policy", "camera=()"),
            ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
        })
        {
            answer.Headers.TryGetValues(name, out var values).Should().BeTrue($"{what} has {name}");
            values!.Single().Should().Contain(value, what);
        }

        answer.Headers.CacheControl.Should().NotBeNull(what);
    }

    [GeneratedRegex("(href|src)=\"(?<name>v/[^\"]+\\.js)\"")]
    private static partial Regex Versioned();
}
