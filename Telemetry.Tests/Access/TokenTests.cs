using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using Telemetry.Tests.Broadcast;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Access;

/// <summary>Tokens: where they are needed, how they are sent, and which are refused.</summary>
public class TokenTests
{
    public static TheoryData<string, string> Bad => Jwt.Bad();

    [Theory]
    [InlineData("GET", "/telemetry/latest")]
    [InlineData("GET", "/telemetry/history?signal=rpm")]
    [InlineData("GET", "/telemetry/export")]
    [InlineData("POST", "/telemetry/import")]
    [InlineData("GET", "/vehicles")]
    [InlineData("PATCH", "/vehicles/1")]
    [InlineData("GET", "/metrics")]
    [InlineData("GET", "/clock")]
    [InlineData("GET", "/ws/telemetry")]
    public async Task Without_a_token_the_answer_is_401(string method, string path)
    {
        await using var server = await Server.Start(Jwt.On);
        using var answer = await server.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().Should().Be("Bearer");
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        (await answer.Content.ReadAsStringAsync()).Should().Contain("Authorization: Bearer").And.Contain("\"login\":false");
    }

    [Fact]
    public async Task The_pages_and_a_watchdog_need_no_token()
    {
        await using var server = await Server.Start(Jwt.On);
        foreach (var path in new[] { "/", "/fleet.html", "/health/live" })
        {
            using var answer = await server.Http.GetAsync(path);
            answer.StatusCode.Should().Be(HttpStatusCode.OK, path);
        }

        (await server.Http.GetStringAsync("/health/ready")).Should().Be("{\"status\":\"healthy\"}");
        (await server.Http.GetStringAsync($"/health/ready?token={Jwt.Token()}")).Should().Contain("\"broker\"");
        (await server.Http.GetStringAsync($"/health/ready?token={Jwt.Token(vehicles: "[1]")}")).Should().Be("{\"status\":\"healthy\"}");
    }

    [Fact]
    public async Task A_token_is_taken_as_header_as_parameter_and_as_cookie()
    {
        await using var server = await Server.Start(Jwt.On);
        var token = Jwt.Token();
        foreach (var (path, header, value) in new[] { ("/telemetry/latest", "Authorization", $"Bearer {token}"), ($"/telemetry/latest?vehicle_id=1&token={token}", "X-None", ""), ("/telemetry/latest", "Cookie", $"telemetry_token={token}") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { header, value } } };
            using var answer = await server.Http.SendAsync(request);
            answer.StatusCode.Should().Be(HttpStatusCode.OK, header);
        }

        await using var byHeader = await server.Listen(headers: ("Authorization", $"Bearer {token}"));
        await using var byParameter = await server.Listen($"token={token}&vehicle_id=1");
        await using var byCookie = await server.Listen(headers: ("Cookie", $"telemetry_token={token}"));
        foreach (var socket in new[] { byHeader, byParameter, byCookie }) (await socket.Next()).Should().Contain("\"vehicle_id\":1");
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_token_that_is_no_good_is_refused_however_it_is_sent(string what, string token)
    {
        await using var server = await Server.Start(Jwt.On);
        using var byHeader = new HttpRequestMessage(HttpMethod.Get, "/telemetry/latest");
        byHeader.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        using var byParameter = SocketTests.UpgradeRequest(server, $"token={token}");
        using var byCookie = new HttpRequestMessage(HttpMethod.Get, "/vehicles") { Headers = { { "Cookie", $"telemetry_token={token}" } } };
        foreach (var request in new[] { byHeader, byParameter, byCookie })
        {
            using var answer = await server.Http.SendAsync(request);
            answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized, what);
            answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        }
    }

    [Fact]
    public async Task A_token_given_twice_is_none_and_a_good_one_does_not_cover_a_bad_one()
    {
        await using var server = await Server.Start(Jwt.On);
        using var twice = await server.Http.GetAsync($"/clock?token={Jwt.Token()}&token={Jwt.Token()}");
        twice.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/clock?token={Jwt.Token()}") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", "x") } };
        using var covered = await server.Http.SendAsync(request);
        covered.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task When_its_token_expires_a_socket_is_ended_with_4401()
    {
        await using var server = await Server.Start(Jwt.On);
        await using var brief = await server.Listen($"token={Jwt.Token(TimeSpan.FromSeconds(3))}");
        await using var lasting = await server.Listen($"token={Jwt.Token()}");
        await brief.Next();
        await brief.Ended();
        brief.CloseStatus.Should().Be((WebSocketCloseStatus)4401);
        brief.CloseText.Should().Be("token has expired");
        await lasting.Next();
        await server.Publish(("wican/rpm", "2500"));
        await lasting.Next("the other goes on", text => text.Contains("2500"));
    }

    [Fact]
    public async Task Without_authentication_a_token_changes_nothing()
    {
        await using var server = await Server.Start();
        await using var page = await server.Listen("token=x");
        await page.Next();
        using var answer = await server.Http.PostAsync("/login", null);
        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task No_token_reaches_a_log()
    {
        using var folder = new TempFolder();
        var port = Ports.Free();
        using var process = ServerProcess.Start(folder, null, "--" + Jwt.On, $"--Urls=http://127.0.0.1:{port}", "--Logging:LogLevel:Default=Trace", "--Logging:LogLevel:Microsoft.AspNetCore=Trace", "--Logging:Console:LogLevel:Default=Trace");
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await Eventually.Holds("the server is ready", async () =>
        {
            process.HasExited.Should().BeFalse(process.Output);
            return await Ports.Answers(port);
        });
        var (good, bad) = (Jwt.Token(), Jwt.Token(key: "another key of the tests, of 32 bytes"));
        foreach (var token in new[] { good, bad })
        {
            using var latest = await client.GetAsync($"/telemetry/latest?%74oken={token}&vehicle_id=1");
            using var page = await client.GetAsync($"/?token={token}");
            using var request = new HttpRequestMessage(HttpMethod.Get, "/vehicles") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
            using var vehicles = await client.SendAsync(request);
            using var cookie = new HttpRequestMessage(HttpMethod.Get, "/clock") { Headers = { { "Cookie", $"telemetry_token={token}" } } };
            using var clock = await client.SendAsync(cookie);
            latest.IsSuccessStatusCode.Should().Be(token == good);
        }

        await using (var socket = await Listener.Connect(new Uri($"ws://127.0.0.1:{port}/ws/telemetry?token={good}"))) await socket.Next();
        await Eventually.Holds("requests are logged", () => process.Output.Contains("/ws/telemetry"));
        process.Output.Should().Contain("/telemetry/latest?vehicle_id=1").And.NotContain(good[^20..]).And.NotContain(bad[^20..]).And.NotContain(good.Split('.')[1]).And.NotContain(Jwt.Key);
    }
}
