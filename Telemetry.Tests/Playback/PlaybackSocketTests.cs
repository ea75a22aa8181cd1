using System.Net.WebSockets;
using Telemetry.Tests.Replay;
using Telemetry.Tests.Support;
using static Telemetry.Tests.Playback.RecordedHour;

namespace Telemetry.Tests.Playback;

/// <summary>Recordings over real sockets, from both stores.</summary>
public sealed class PlaybackSocketTests(PostgresServer postgres)
{
    async Task<Server> StartServer(string store, params string[] settings) =>
        await Server.Start(store == "postgres" ? [$"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}", .. settings] : settings);

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
        await page.Next("the first snapshot");
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
        await page.Next("the first snapshot", text => Rpm(text) == 0);
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
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_playback_repeats_the_live_messages_one_for_one(bool isCompressed)
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
            // It may be offline between two messages too, on a slow machine.
            return State(text) == "offline" && told.Count(each => State(each) == "running") == 300;
        });
        await server.StoreIs("direct");

        var range = FormattableString.Invariant($"from={start:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}&to={DateTime.UtcNow:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}");
        await using var page = await server.Play($"{range}&signals=*&speed=60", isCompressed ? new WebSocketDeflateOptions() : null);
        await page.Ended();
        page.CloseStatus.Should().Be((WebSocketCloseStatus)4000);
        // The first of each is the snapshot before the drive.
        page.Heard().Skip(1).Should().Equal(told.Skip(1));
    }
}
