using System.Globalization;
using System.Text.Json;

namespace Telemetry.Tests.Alerts;

/// <summary>The timed scenarios of the referee.</summary>
static class ScenarioFile
{
    const string DefaultBase = "2026-11-02T08:00:00Z";

    public static IReadOnlyList<JsonElement> Read(string path) => [.. JsonDocument.Parse(File.ReadAllText(path)).RootElement.EnumerateArray().Where(scenario => scenario.TryGetProperty("log", out _))];

    public static DateTime Start(JsonElement scenario) =>
        DateTime.Parse(scenario.TryGetProperty("base", out var given) ? given.GetString()! : DefaultBase, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);

    public static TimeSpan? Seconds(JsonElement scenario, string field) => scenario.TryGetProperty(field, out var value) ? At(value.GetDouble()) : null;

    // [t, kind, values], or [from, "every", step, to, values] where to is left out.
    public static IEnumerable<(TimeSpan At, string Kind, (string Signal, double Value)[] Values)> Log(JsonElement scenario)
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
    }

    static TimeSpan At(double seconds) => TimeSpan.FromMicroseconds(Math.Round(seconds * 1e6));

    static (string, double)[] Values(JsonElement values) => [.. values.EnumerateObject().Select(value => (value.Name, value.Value.GetDouble()))];
}
