using System.Text.Json;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Playback;

/// <summary>An hour with two short drives, and what is read from the messages that play it.</summary>
static class RecordedHour
{
    public const string Hour = "from=2026-11-01T10:00:00Z&to=2026-11-01T11:00:00Z";

    public static readonly DateTime Ten = new(2026, 11, 1, 10, 0, 0, DateTimeKind.Utc);

    // A reading a second: rpm is the second. A stop of ten minutes from 10:01, where the coolant stays known; nothing after 10:12.
    public static async Task Record(Server server)
    {
        var seconds = Enumerable.Range(0, 60).Concat(Enumerable.Range(660, 60));
        await server.Import([.. seconds.SelectMany(second => new[]
        {
            (Ten.AddSeconds(second), "default", "rpm", (double)second),
            (Ten.AddSeconds(second), "default", "soc", 80 - second / 100.0),
        }), (Ten.AddSeconds(-3600), "default", "coolant_temperature", 88.5)]);
        await server.StoreIs("direct");
    }

    public static string State(string message) => Field(message, "state").GetString()!;

    public static double? Rpm(string message) => Field(message, "data").GetProperty("rpm") is { ValueKind: JsonValueKind.Number } rpm ? rpm.GetDouble() : null;

    static JsonElement Field(string message, string name)
    {
        using var json = JsonDocument.Parse(message);
        return json.RootElement.GetProperty(name).Clone();
    }
}
