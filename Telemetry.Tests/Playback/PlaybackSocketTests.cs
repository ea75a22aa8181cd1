using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Telemetry.Tests.Broadcast;
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
}
