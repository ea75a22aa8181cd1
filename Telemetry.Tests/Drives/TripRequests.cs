using System.Net.Http.Json;
using System.Text.Json;
using Telemetry.Tests.Support;
using Telemetry.Tests.Vehicles;

namespace Telemetry.Tests.Drives;

/// <summary>Drives made by hand, and requests for their figures.</summary>
static class TripRequests
{
    public const string Days = "from=2026-03-28&to=2026-04-01&zone=Europe/Berlin";

    // Half a minute before midnight in Berlin, on the day before its clocks go forward.
    public static readonly DateTime Late = new(2026, 3, 28, 22, 59, 30, DateTimeKind.Utc);
    public static readonly DateTime Night = new(2026, 3, 29, 0, 30, 0, DateTimeKind.Utc);
    public static readonly DateTime NextDay = new(2026, 3, 29, 22, 30, 0, DateTimeKind.Utc);

    public static (DateTime, string, string, double)[] Every10(DateTime start, string vehicle, string signal, params double[] values) => [.. values.Select((value, i) => (start.AddSeconds(10 * i), vehicle, signal, value))];

    public static (DateTime, string, string, double)[] Petrol() =>
    [
        .. Every10(Late, "van", "vehicle_speed", 0, 0, 36, 72, 72, 0), .. Every10(Late, "van", "rpm", 800, 800, 1500, 2000, 2000, 800), .. Every10(Late, "van", "mass_air_flow", 14.7, 14.7, 14.7, 14.7, 14.7, 14.7),
        .. Every10(Night, "van", "vehicle_speed", 36, 36, 36, 36, 36, 36), .. Every10(Night, "van", "rpm", 0, 900, 0, 900, 900, 900), .. Every10(Night, "van", "engine_fuel_rate", 7.2, 7.2, 7.2, 7.2, 7.2, 7.2),
        .. Every10(Night, "van", "odometer", 1000.4, 1000.9),
        .. Every10(NextDay, "van", "vehicle_speed", 36, 36),
    ];

    // The charge rises while the car stands: that is a charger.
    public static (DateTime, string, string, double)[] Electric() =>
        [.. Every10(Night, "leaf", "vehicle_speed", 36, 36, 36, 36, 0, 0), .. Every10(Night, "leaf", "rpm", 3000, 3000, 3000, 3000, 0, 0), .. Every10(Night, "leaf", "soc", 80, 78, 74, 70, 70, 75)];

    public static async Task<JsonElement> Trips(this Server server, string query, string path = "/trips")
    {
        await server.StoreIs("direct");
        return await server.Http.GetFromJsonAsync<JsonElement>($"{path}?{query}");
    }

    public static async Task Change(this Server server, int id, string body)
    {
        using var answer = await server.Patch(id, body);
        answer.EnsureSuccessStatusCode();
    }

    public static string Text(this JsonElement group, params string[] keys) => string.Join(' ', keys.Select(key => group.GetProperty(key).ValueKind == JsonValueKind.Null ? "-" : group.GetProperty(key).ToString()));

    public static IEnumerable<string> Texts(this JsonElement list, params string[] keys) => list.EnumerateArray().Select(group => group.Text(keys));
}
