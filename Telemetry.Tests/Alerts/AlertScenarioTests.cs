using System.Globalization;
using System.Text.Json;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Alerts;

public class AlertScenarioTests
{
    public static TheoryData<string> Scenarios()
    {
        var path = Require.Shared("alerts", "scenarios.json");
        return path is null ? ["none"] : [.. ScenarioFile.Read(path).Select(scenario => scenario.GetProperty("id").GetString()!)];
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Fires_and_clears_to_the_microsecond(string id)
    {
        var path = Require.Shared("alerts", "scenarios.json");
        Require.That(path is not null, "the scenarios of alerts are not there");
        var scenario = ScenarioFile.Read(path!).Single(scenario => scenario.GetProperty("id").GetString() == id);

        var signals = new SignalCatalog();
        var rules = scenario.GetProperty("rules").EnumerateArray().Select((rule, i) => RuleJson.Read(rule, i + 1, signals)).ToList();
        var start = ScenarioFile.Start(scenario);
        var presence = new PresenceLimits(ScenarioFile.Seconds(scenario, "offline_after") ?? TimeSpan.FromSeconds(10), ScenarioFile.Seconds(scenario, "stale_after") ?? TimeSpan.FromSeconds(60));
        using var run = new AlertRun(start, signals, rules, presence, ScenarioFile.Seconds(scenario, "settle"));
        foreach (var (at, kind, values) in ScenarioFile.Log(scenario).OrderBy(entry => entry.At)) run.Feed(at, kind, values);
        run.AdvanceTo(ScenarioFile.Seconds(scenario, "end")!.Value);

        var expected = scenario.GetProperty("expect").EnumerateArray().Select(alerts => string.Join(' ', alerts.EnumerateArray().Select(alert => Span(alert[0], alert[1]))));
        rules.Select(rule => string.Join(' ', run.AlertsOf(rule).Select(alert => $"{Text(alert.Fired)}-{(alert.Cleared is { } cleared ? Text(cleared) : "")}"))).Should().Equal(expected);
    }

    static string Span(JsonElement fired, JsonElement cleared) => $"{Text(TimeSpan.FromMicroseconds(Math.Round(fired.GetDouble() * 1e6)))}-{(cleared.ValueKind == JsonValueKind.Null ? "" : Text(TimeSpan.FromMicroseconds(Math.Round(cleared.GetDouble() * 1e6))))}";

    static string Text(TimeSpan time) => (time.Ticks / 1e7).ToString("0.######", CultureInfo.InvariantCulture);
}
