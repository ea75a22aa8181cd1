using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Telemetry.Tests.Broadcast;
using Telemetry.Tests.Replay;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Playback;

/// <summary>Recordings over real sockets, from both stores.</summary>
public sealed class PlaybackSocketTests(PostgresServer postgres)
{
    static readonly DateTime Ten = new(2026, 11, 1, 10, 0, 0, DateTimeKind.Utc);

    const string Hour = "from=2026-11-01T10:00:00Z&to=2026-11-01T11:00:00Z";

    async Task<Server> StartServer(string store, params string[] settings) =>
        await Server.Start(store == "postgres" ? [$"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}", .. settings] : settings);

    // A reading a second: rpm is the second. A stop of ten minutes from 10:01, where the coolant stays known; nothing after 10:12.
    static async Task Record(Server server)
    {
        var seconds = Enumerable.Range(0, 60).Concat(Enumerable.Range(660, 60));
        await server.Import([.. seconds.SelectMany(second => new[]
        {
            (Ten.AddSeconds(second), "default", "rpm", (double)second),
            (Ten.AddSeconds(second), "default", "soc", 80 - second / 100.0),
        }), (Ten.AddSeconds(-3600), "default", "coolant_temperature", 88.5)]);
        await server.StoreIs("direct");
    }

    static string State(string message) => Field(message, "state").GetString()!;

    static double? Rpm(string message) => Field(message, "data").GetProperty("rpm") is { ValueKind: JsonValueKind.Number } rpm ? rpm.GetDouble() : null;

    static JsonElement Field(string message, string name)
    {
        using var json = JsonDocument.Parse(message);
        return json.RootElement.GetProperty(name).Clone();
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_recording_comes_back_as_it_was_and_ends_with_its_code(string store)
    {
        await using var server = await StartServer(store);
        await Record(server);
        await using var page = await server.Play($"vehicle_id=1&from=2026-11-01T09:59:55Z&to=2026-11-01T10:12:15Z&speed=60&skip_gaps=true&signals=soc");
        await page.Ended();
        var heard = page.Heard();
        heard[0].Should().Be("""{"type":"telemetry_update","state":"offline","data":{"vehicle_id":1,"rpm":null,"vehicle_speed":null,"coolant_temperature":88.5,"engine_load":null,"control_module_voltage":null,"fuel_rail_pressure":null,"soc":null},"timestamp":"2026-11-01T09:00:00.000000"}""");
        heard[1].Should().Contain("\"running\"").And.Contain("\"rpm\":0,").And.Contain("\"soc\":80}").And.Contain("\"timestamp\":\"2026-11-01T10:00:00.000000\"");
        heard[^1].Should().Contain("\"offline\"").And.Contain("\"rpm\":719,").And.Contain("\"coolant_temperature\":88.5,").And.Contain("\"timestamp\":\"2026-11-01T10:11:59.000000\"");
        heard.Zip(heard.Skip(1)).Where(pair => State(pair.First) != State(pair.Second)).Select(pair => (State(pair.Second), Rpm(pair.Second)))
            .Should().Equal(("running", 0), ("offline", 59), ("running", 660), ("offline", 719));
        page.CloseStatus.Should().Be((WebSocketCloseStatus)4000);
        page.CloseText.Should().Be("end of the recording");
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_seek_gives_the_picture_of_that_instant_and_a_pause_nothing_more(string store)
    {
        await using var server = await StartServer(store);
        await Record(server);
        await using var page = await server.Play(Hour);
        await page.Next("the first picture");
        await page.Say("""{"pause":true,"seek":"2026-11-01T10:00:30.5Z"}""");
        (await page.Next("within the first drive", text => Rpm(text) == 30)).Should().Contain("\"running\"").And.Contain("\"coolant_temperature\":88.5,").And.Contain("10:00:30.000000");
        await page.Say("""{"seek":"2026-11-01T10:01:09Z"}""");
        (await page.Next()).Should().Contain("\"offline\"").And.Contain("\"rpm\":59,", "ten seconds have passed since the last reading");
        await page.Say("""{"seek":"2026-11-01T10:01:08.999999Z"}""");
        (await page.Next()).Should().Contain("\"running\"").And.Contain("\"rpm\":59,");
        await page.Say("""{"seek":"2026-11-01T10:11:00Z"}""");
        (await page.Next()).Should().Contain("\"running\"").And.Contain("\"rpm\":660,", "the reading of the very instant counts");
        await page.Say("""{"seek":"2026-11-01T11:00:00Z"}""");
        (await page.Next()).Should().Contain("\"offline\"").And.Contain("\"rpm\":719,");
        page.Heard().Should().BeEmpty();
        await page.Say("""{"pause":false}""");
        await page.Ended();
        page.CloseStatus.Should().Be((WebSocketCloseStatus)4000);
        page.Heard().Should().BeEmpty();
    }

    [Fact]
    public async Task Speed_and_pause_change_while_it_plays()
    {
        await using var server = await Server.Start();
        await Record(server);
        await using var page = await server.Play($"{Hour}&speed=0.25");
        await page.Next("the first picture", text => Rpm(text) == 0);
        var slow = System.Diagnostics.Stopwatch.StartNew();
        await page.Next("a second later", text => Rpm(text) == 1);
        slow.Elapsed.TotalSeconds.Should().BeInRange(3.5, 6);
        await page.Say("""{"speed":60}""");
        await page.Next("half a minute later", text => Rpm(text) >= 30);
        await page.Say("""{"pause":true}""");
        await page.Say("""{"pause":false,"speed":1}""");
        var before = Rpm(await page.Next());
        Rpm(await page.Next("the next second", text => Rpm(text) > before)).Should().BeLessThan(59);
        slow.Elapsed.TotalSeconds.Should().BeLessThan(20);
    }

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
    public async Task A_bad_query_is_told_before_the_upgrade(string query, string parameter, HttpStatusCode expected)
    {
        await using var server = await Server.Start();
        using var answer = await server.Http.SendAsync(SocketTests.UpgradeRequest(server, query, "/ws/playback"));
        answer.StatusCode.Should().Be(expected);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        (await answer.Content.ReadAsStringAsync()).Should().Contain($"\"parameter\":\"{parameter}\"");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_heard_live_is_heard_again_message_for_message(bool isCompressed)
    {
        await using var server = await Server.Start("Stream:UpdateInterval=00:00:00", "Presence:Timeout=00:00:01");
        await using var live = await server.Listen("signals=*");
        var start = DateTime.UtcNow;
        var drive = Drive.Read(Require.Drive("etios_commute_dropouts.csv"));
        await server.Publish([.. drive.Log.Take(300).Select(said => drive.Message("default", said))]);
        var told = new List<string>();
        await live.Next("offline again", text =>
        {
            told.Add(text);
            return told.Count > 300 && State(text) == "offline";
        });
        await server.StoreIs("direct");

        var range = FormattableString.Invariant($"from={start:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}&to={DateTime.UtcNow:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}");
        await using var page = await server.Play($"{range}&signals=*", isCompressed ? new WebSocketDeflateOptions() : null);
        await page.Ended();
        page.CloseStatus.Should().Be((WebSocketCloseStatus)4000);
        // The first of each is the picture before the drive.
        page.Heard().Skip(1).Should().Equal(told.Skip(1));
    }

    [Fact]
    public async Task A_client_that_takes_nothing_stops_its_playback_and_is_cut_off()
    {
        await using var server = await Server.Start("Stream:UpdateInterval=00:00:00", "Broadcast:WriteTimeout=00:00:02");
        const int Readings = 100_000;
        await server.Import([.. Enumerable.Range(0, Readings).Select(i => (Ten.AddMilliseconds(i), "default", "rpm", (double)(i % 16000)))]);
        await server.StoreIs("direct");
        using var deaf = await SocketTests.DeafPeer(server, $"/ws/playback?{Hour}&speed=60&signals={string.Join(',', Enumerable.Range(0, 100).Select(i => $"signal_{i}"))}");
        await Eventually.Holds("it is played to", async () => (await Scraped.From(server))["telemetry_playback_clients"] == 1);
        await Eventually.Holds("it is cut off", async () => (await Scraped.From(server))["telemetry_playback_clients"] == 0, TimeSpan.FromSeconds(40));
        (await Scraped.From(server))["telemetry_playback_readings_total"].Should().BeInRange(1000, Readings / 2, "nothing is read that cannot be sent");
    }

    [Fact]
    public async Task A_client_may_drag_but_not_talk_without_end()
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
