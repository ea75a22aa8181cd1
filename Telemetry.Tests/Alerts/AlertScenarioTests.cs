using System.Globalization;
using System.Text.Json;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Alerts;

public class AlertScenarioTests
{
    const string DefaultBase = "2026-11-02T08:00:00Z";

    public static TheoryData<string> Scenarios()
    {
        var path = Require.Shared("alerts", "scenarios.json");
        return path is null ? ["none"] : [.. Read(path).Select(scenario => scenario.GetProperty("id").GetString()!)];
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Fires_and_clears_to_the_microsecond(string id)
    {
        var path = Require.Shared("alerts", "scenarios.json");
        Require.That(path is not null, "the scenarios of alerts are not there");
        var scenario = Read(path!).Single(scenario => scenario.GetProperty("id").GetString() == id);

        var signals = new SignalCatalog();
        var rules = scenario.GetProperty("rules").EnumerateArray().Select((rule, i) => RuleJson.Read(rule, i + 1, signals)).ToList();
        var start = DateTime.Parse(scenario.TryGetProperty("base", out var given) ? given.GetString()! : DefaultBase, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        var presence = new PresenceLimits(Seconds(scenario, "offline_after") ?? TimeSpan.FromSeconds(10), Seconds(scenario, "stale_after") ?? TimeSpan.FromSeconds(60));
        using var run = new AlertRun(start, signals, rules, presence, Seconds(scenario, "settle"));
        foreach (var (at, kind, values) in Log(scenario).OrderBy(entry => entry.At)) run.Feed(at, kind, values);
        run.AdvanceTo(Seconds(scenario, "end")!.Value);

        var expected = scenario.GetProperty("expect").EnumerateArray().Select(alerts => string.Join(' ', alerts.EnumerateArray().Select(alert => Span(alert[0], alert[1]))));
        rules.Select(rule => string.Join(' ', run.AlertsOf(rule).Select(alert => $"{Text(alert.Fired)}-{(alert.Cleared is { } cleared ? Text(cleared) : "")}"))).Should().Equal(expected);
    }

    static string Span(JsonElement fired, JsonElement cleared) => $"{Text(TimeSpan.FromMicroseconds(Math.Round(fired.GetDouble() * 1e6)))}-{(cleared.ValueKind == JsonValueKind.Null ? "" : Text(TimeSpan.FromMicroseconds(Math.Round(cleared.GetDouble() * 1e6))))}";

    static string Text(TimeSpan time) => (time.Ticks / 1e7).ToString("0.######", CultureInfo.InvariantCulture);

    static IReadOnlyList<JsonElement> Read(string path) => [.. JsonDocument.Parse(File.ReadAllText(path)).RootElement.EnumerateArray().Where(scenario => scenario.TryGetProperty("log", out _))];

    static TimeSpan? Seconds(JsonElement scenario, string field) => scenario.TryGetProperty(field, out var value) ? TimeSpan.FromMicroseconds(Math.Round(value.GetDouble() * 1e6)) : null;

    // [t, kind, values], or [from, "every", step, to, values] where to is left out.
    static IEnumerable<(TimeSpan At, string Kind, (string, double)[] Values)> Log(JsonElement scenario)
    {
        foreach (var entry in scenario.GetProperty("log").EnumerateArray())
        {
            var (from, kind) = (entry[0].GetDouble(), entry[1].GetString()!);
            if (kind != "every")
            {
                yield return (At(from), kind, entry.GetArrayLength() > 2 ? Values(entry[2]) : []);
                continue;
            }

            var (step, to) = (entry[2].GetDouble(), entry[3].GetDouble());
            for (var n = 0; n < Math.Round((to - from) / step); n++) yield return (At(from) + n * At(step), "message", Values(entry[4]));
        }

        static TimeSpan At(double seconds) => TimeSpan.FromMicroseconds(Math.Round(seconds * 1e6));
    }

    static (string, double)[] Values(JsonElement values) => [.. values.EnumerateObject().Select(value => (value.Name, value.Value.GetDouble()))];
}
