using System.Net;
using System.Net.WebSockets;
using Dapper;
using Microsoft.Data.Sqlite;
using Telemetry.Tests.Broadcast;
using Telemetry.Tests.Support;
using static Telemetry.Tests.Playback.RecordedHour;

namespace Telemetry.Tests.Playback;

/// <summary>Playback that is refused, or ended before its recording: for what a client asks, says or does not take, for its token, for a store that cannot be read.</summary>
public class PlaybackRefusalTests
{
    [Theory]
    [InlineData("""{"speed":0.2}""", "speed takes a number, 0.25 to 60")]
    [InlineData("""{"speed":"fast"}""", "speed takes a number, 0.25 to 60")]
    [InlineData("""{"speed":1e999}""", "speed takes a number, 0.25 to 60")]
    [InlineData("""{"pause":1}""", "pause takes true or false")]
    [InlineData("""{"seek":"yesterday"}""", "seek takes an ISO 8601 time in UTC, from to to, such as 2026-11-23T10:00:00Z")]
    [InlineData("""{"seek":"2026-11-01T09:59:59Z"}""", "seek takes an ISO 8601 time in UTC, from to to, such as 2026-11-23T10:00:00Z")]
    [InlineData("""{"seek":"2026-11-01T11:00:00.000001Z"}""", "seek takes an ISO 8601 time in UTC, from to to, such as 2026-11-23T10:00:00Z")]
    [InlineData("""{"seek":"\ud800"}""", "takes a JSON object of any of pause, speed and seek")]
    [InlineData("""{"volume":11}""", "takes a JSON object of any of pause, speed and seek")]
    [InlineData("""{"pause":true""", "takes a JSON object of any of pause, speed and seek")]
    [InlineData("[]", "takes a JSON object of any of pause, speed and seek")]
    [InlineData("{}", "takes a JSON object of any of pause, speed and seek")]
    [InlineData("", "takes a JSON object of any of pause, speed and seek")]
    public async Task A_bad_message_ends_it_and_says_what_it_takes(string message, string takes)
    {
        await using var server = await Server.Start();
        await using var page = await server.Play(Hour);
        await page.Say(message);
        await page.Ended();
        page.CloseStatus.Should().Be((WebSocketCloseStatus)4400);
        page.CloseText.Should().Be(takes);
    }

    [Theory]
    [InlineData("vehicle_id=x", "vehicle_id", HttpStatusCode.BadRequest)]
    [InlineData("vehicle_id=99", "vehicle_id", HttpStatusCode.NotFound)]
    [InlineData("from=yesterday", "from", HttpStatusCode.BadRequest)]
    [InlineData("from=2026-11-02&to=2026-11-01", "from", HttpStatusCode.BadRequest)]
    [InlineData("from=2199-11-02&to=2199-11-03", "from", HttpStatusCode.BadRequest)]
    [InlineData("speed=0", "speed", HttpStatusCode.BadRequest)]
    [InlineData("speed=61", "speed", HttpStatusCode.BadRequest)]
    [InlineData("speed=NaN", "speed", HttpStatusCode.BadRequest)]
    [InlineData("skip_gaps=maybe", "skip_gaps", HttpStatusCode.BadRequest)]
    [InlineData("signals=", "signals", HttpStatusCode.BadRequest)]
    [InlineData("max_hz=0", "max_hz", HttpStatusCode.BadRequest)]
    public async Task A_bad_query_is_answered_before_the_upgrade(string query, string parameter, HttpStatusCode expected)
    {
        await using var server = await Server.Start();
        using var answer = await server.Http.SendAsync(SocketTests.UpgradeRequest(server, query, "/ws/playback"));
        answer.StatusCode.Should().Be(expected);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        (await answer.Content.ReadAsStringAsync()).Should().Contain($"\"parameter\":\"{parameter}\"");
    }

    [Fact]
    public async Task A_client_that_takes_nothing_stops_its_playback_and_is_cut_off()
    {
        await using var server = await Server.Start("Stream:UpdateInterval=00:00:00", "Broadcast:WriteTimeout=00:00:02");
        const int Readings = 100_000;
        await server.Import([.. Enumerable.Range(0, Readings).Select(i => (Ten.AddMilliseconds(i), "default", "rpm", (double)(i % 16000)))]);
        await server.StoreIs("direct");
        using var deaf = await SocketEndTests.DeafPeer(server, $"/ws/playback?{Hour}&speed=60&signals={string.Join(',', Enumerable.Range(0, 100).Select(i => $"signal_{i}"))}");
        await Eventually.Holds("it is played to", async () => (await Scraped.From(server))["telemetry_playback_clients"] == 1);
        await Eventually.Holds("it is cut off", async () => (await Scraped.From(server))["telemetry_playback_clients"] == 0, TimeSpan.FromSeconds(40));
        (await Scraped.From(server))["telemetry_playback_readings_total"].Should().BeInRange(1000, Readings / 2, "nothing is read that cannot be sent");
    }

    [Fact]
    public async Task A_client_may_send_many_commands_but_not_without_limit()
    {
        await using var server = await Server.Start();
        await Record(server);
        await using var page = await server.Play(Hour);
        await page.Say("""{"pause":true}""");
        for (var second = 0; second < 2998; second++) await page.Say($$"""{"seek":"2026-11-01T10:{{second % 3600 / 60:00}}:{{second % 60:00}}Z"}""");
        await page.Say("""{"seek":"2026-11-01T10:00:42Z"}""");
        await page.Next("the last place", text => Rpm(text) == 42);
        await page.Say("""{"pause":true}""");
        await page.Ended();
        page.CloseStatus.Should().Be(WebSocketCloseStatus.PolicyViolation);
    }

    [Fact]
    public async Task A_message_that_is_too_long_ends_it()
    {
        await using var server = await Server.Start();
        await using var page = await server.Play(Hour);
        await page.Say($$"""{"pause":{{new string(' ', 4085)}}true}""");
        await page.Ended();
        page.CloseStatus.Should().Be(WebSocketCloseStatus.MessageTooBig);
    }

    [Fact]
    public async Task When_the_store_cannot_be_read_it_says_so()
    {
        using var folder = new TempFolder();
        await using var server = await Server.Start($"History:SqlitePath={folder["broken.db"]}");
        await Record(server);
        await using var page = await server.Play(Hour);
        await page.Next();
        await using (var store = new SqliteConnection($"Data Source={folder["broken.db"]}"))
        {
            await store.OpenAsync();
            await store.ExecuteAsync("DROP TABLE readings");
        }

        await page.Say("""{"seek":"2026-11-01T10:30:00Z"}""");
        await page.Ended();
        page.CloseStatus.Should().Be((WebSocketCloseStatus)1013);
    }

    [Fact]
    public async Task Tokens_origins_and_places_are_those_of_the_live_socket()
    {
        await using var server = await Server.Start(Jwt.On, "Broadcast:MaxClients=2");
        await server.Publish(("wican/a/rpm", "1"), ("wican/b/rpm", "2"));
        await Eventually.Holds("both are kept", async () => (await server.Http.GetStringAsync($"/drives?vehicle_id=3&token={Jwt.Token()}")).Contains("\"readings\":1"));
        var two = Jwt.Token(vehicles: "[2]");
        (await Status($"vehicle_id=2")).Should().Be(HttpStatusCode.Unauthorized);
        (await Status($"vehicle_id=3&token={two}")).Should().Be(HttpStatusCode.NotFound);
        (await Status($"vehicle_id=2&token={two}", "https://evil.example")).Should().Be(HttpStatusCode.Forbidden);
        using (var answer = await server.Http.GetAsync($"/drives?vehicle_id=3&token={two}")) answer.StatusCode.Should().Be(HttpStatusCode.NotFound);

        await using var live = await server.Listen($"token={two}");
        await using var brief = await server.Play($"vehicle_id=2&token={Jwt.Token(TimeSpan.FromSeconds(3), vehicles: "[2]")}&speed=0.25");
        (await Status($"vehicle_id=2&token={two}")).Should().Be(HttpStatusCode.ServiceUnavailable);
        await brief.Next();
        await brief.Ended();
        brief.CloseStatus.Should().Be((WebSocketCloseStatus)4401);

        async Task<HttpStatusCode> Status(string query, string? origin = null)
        {
            using var request = SocketTests.UpgradeRequest(server, query, "/ws/playback");
            if (origin is not null) request.Headers.Add("Origin", origin);
            using var answer = await server.Http.SendAsync(request);
            return answer.StatusCode;
        }
    }
}
