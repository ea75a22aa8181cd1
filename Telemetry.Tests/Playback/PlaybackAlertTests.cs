using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Telemetry.Api.Alerts;
using Telemetry.Api.Replay;
using Telemetry.Api.Store;
using Telemetry.Tests.Alerts;
using Telemetry.Tests.Support;
using static Telemetry.Tests.Playback.RecordedHour;

namespace Telemetry.Tests.Playback;

/// <summary>Alerts of recordings over real sockets.</summary>
public sealed class PlaybackAlertTests(PostgresServer postgres)
{
    // Of the recorded hour: rpm rises by one each second, from 0 at 10:00 and from 660 at 10:11.
    const string Above = """{"name":"fast","severity":"critical","when":[{"signal":"rpm","above":30,"clear":10}],"for":5}""";
    const string Offline = """{"name":"away","when":[{"state":"offline"}],"for":60}""";
    const string Never = """{"name":"never","when":[{"signal":"rpm","above":9000}]}""";

    [Theory]
    [InlineData("sqlite", 60, false)]
    [InlineData("postgres", 60, true)]
    public async Task A_playback_with_alerts_has_those_of_a_back_test_at_their_instants(string store, double speed, bool isCompressed)
    {
        await using var server = await Server.Start(store == "postgres" ? [$"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}"] : []);
        await Record(server);
        foreach (var rule in (string[])[Above, Offline, Never]) await Make(server, rule);
        var expected = (await BackTest(server, Above)).Concat(await BackTest(server, Offline)).OrderBy(change => change.At, StringComparer.Ordinal).ToList();
        expected.Should().HaveCount(4, "rpm stays above 10, the silence ends once");

        var query = $"vehicle_id=1&{Hour}&speed={speed}&skip_gaps=true&signals=soc";
        await using var page = await server.Play($"{query}&alerts=true", isCompressed ? new WebSocketDeflateOptions() : null);
        await page.Ended();
        page.CloseStatus.Should().Be((WebSocketCloseStatus)4000);
        var heard = page.Heard();
        heard.Where(IsAlert).Select(Change).Should().Equal(expected);

        await using var other = await server.Play(query, isCompressed ? new WebSocketDeflateOptions() : null);
        await other.Ended();
        other.Heard().Should().NotContain(text => IsAlert(text)).And.HaveCountGreaterThan(20);
        // Each in the place of its instant: behind the last message of before.
        for (var i = 1; i < heard.Count; i++)
            if (IsAlert(heard[i]) && heard.Take(i).LastOrDefault(text => !IsAlert(text)) is { } before) string.CompareOrdinal(Time(before), Time(heard[i])).Should().BeLessThanOrEqualTo(0);
    }

    [Fact]
    public async Task A_seek_is_followed_by_the_alerts_that_are_open_there_and_the_changes_after_it()
    {
        await using var server = await Server.Start();
        await Record(server);
        await Make(server, """{"name":"middle","when":[{"signal":"rpm","above":20},{"signal":"rpm","below":40}],"for":2}""");
        await using var page = await server.Play($"vehicle_id=1&{Hour}&speed=1&alerts=true");
        await page.Next("the first snapshot");
        await page.Say("""{"pause":true,"seek":"2026-11-01T10:00:30Z"}""");
        var open = await page.Next("the alert that is open there", IsAlert);
        Change(open).Should().Be(("2026-11-01T10:00:23.000000", "firing", "middle"));
        var id = Id(open);
        await page.Say("""{"seek":"2026-11-01T10:00:10Z"}""");
        (await page.Next("the seek", text => Rpm(text) == 10)).Should().Contain("\"running\"");
        await page.Say("""{"speed":60,"pause":false}""");
        var fired = await page.Next("it fires", IsAlert);
        (Change(fired), Id(fired)).Should().Be((("2026-11-01T10:00:23.000000", "firing", "middle"), id), "it is the same alert");
        Change(await page.Next("it is over", IsAlert)).Should().Be(("2026-11-01T10:00:40.000000", "cleared", "middle"));
        await page.Say("""{"pause":true,"seek":"2026-11-01T10:00:50Z"}""");
        await page.Next("the last seek", text => !IsAlert(text) && Rpm(text) == 50);
        page.Heard().Should().NotContain(text => IsAlert(text), "none is open there");
    }

    [Fact]
    public async Task A_far_seek_is_judged_in_turns_and_another_seek_ends_it()
    {
        await using var server = await Server.Start();
        await Record(server);
        await Make(server, Above);
        await using var page = await server.Play($"vehicle_id=1&{Hour}&speed=1&alerts=true");
        await page.Next("the first snapshot");
        await page.Say("""{"pause":true,"seek":"2026-11-01T10:00:05Z"}""");
        await page.Next("the near position", text => Rpm(text) == 5);

        var turns = await Turns(server);
        await page.Say("""{"seek":"2026-11-01T10:00:50Z"}""");
        await page.Next("the far position", text => Rpm(text) == 50);
        await page.Say("""{"seek":"2026-11-01T10:00:07Z"}""");
        await page.Next("another seek, while the alerts of the first wait for their turn", text => Rpm(text) == 7);
        page.Heard().Should().NotContain(text => IsAlert(text));
        await page.Say("""{"seek":"2026-11-01T10:00:51Z"}""");
        await page.Next("the far position again", text => Rpm(text) == 51);
        page.Heard().Should().NotContain(text => IsAlert(text), "others are judged");
        foreach (var turn in turns) turn.Dispose();
        Change(await page.Next("the alert that is open there", IsAlert)).Should().Be(("2026-11-01T10:00:36.000000", "firing", "fast"));
    }

    [Fact]
    public async Task A_client_that_leaves_waits_for_no_turn()
    {
        await using var server = await Server.Start();
        await Record(server);
        await Make(server, Above);
        var turns = await Turns(server);
        await using (var page = await server.Play($"vehicle_id=1&{Hour}&alerts=true")) await page.Next("the first snapshot");
        await Eventually.Holds("its playback has ended", () => server.Service<ReplayOpener>().Playing == 0);
        foreach (var turn in turns) turn.Dispose();
    }

    // All turns that there are.
    static async Task<IReadOnlyList<IDisposable>> Turns(Server server)
    {
        List<IDisposable> turns = [];
        while (turns.Count < server.Service<StoreDialect>().ReadsAtOnce) turns.Add(await server.Service<JudgingTurns>().AcquireAsync(TestContext.Current.CancellationToken));
        return turns;
    }

    static async Task Make(Server server, string rule)
    {
        using var answer = await server.Http.PostAsync("/alerts/rules", new StringContent(rule, Encoding.UTF8, "application/json"));
        answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
    }

    static async Task<IEnumerable<(string At, string State, string Rule)>> BackTest(Server server, string rule)
    {
        var answer = await server.Backtest(rule, 1, new DateTime(2026, 11, 1, 10, 0, 0, DateTimeKind.Utc), new DateTime(2026, 11, 1, 11, 0, 0, DateTimeKind.Utc));
        var name = JsonDocument.Parse(rule).RootElement.GetProperty("name").GetString()!;
        return [.. answer.GetProperty("alerts").EnumerateArray().SelectMany(alert => new[] { (alert.GetProperty("fired_at").GetString(), "firing"), (alert.GetProperty("cleared_at").GetString(), "cleared") })
            .Where(change => change.Item1 is not null).Select(change => (change.Item1![..^1], change.Item2, name))];
    }

    static bool IsAlert(string message) => message.StartsWith("""{"type":"alert",""", StringComparison.Ordinal);

    static string Time(string message) => JsonDocument.Parse(message).RootElement.GetProperty("timestamp").GetString()!;

    static (string At, string State, string Rule) Change(string message)
    {
        var alert = JsonDocument.Parse(message).RootElement;
        return (alert.GetProperty("timestamp").GetString()!, alert.GetProperty("state").GetString()!, alert.GetProperty("data").GetProperty("rule").GetString()!);
    }

    static string Id(string message) => JsonDocument.Parse(message).RootElement.GetProperty("data").GetProperty("alert_id").GetString()!;
}
