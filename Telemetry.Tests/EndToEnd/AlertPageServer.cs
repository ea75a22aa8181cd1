using System.Net.Http.Json;
using System.Text.Json;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>The tests of the page of alerts: one after the other on one server.</summary>
[CollectionDefinition(Name)]
public sealed class AlertPages : ICollectionFixture<AlertPageServer>
{
    public const string Name = "Pages of alerts";
}

/// <summary>A server whose rules fire at once, with some weeks of drives.</summary>
public sealed class AlertPageServer : IAsyncLifetime
{
    internal Server Server { get; private set; } = null!;

    /// <summary>Each vehicle of the tests, of which no two tests change the same, has driven on ten days: up to 100 km/h, once to 120.</summary>
    public async ValueTask InitializeAsync()
    {
        Server = await Server.Start("Presence:Timeout=01:00:00", "Alerts:Settle=00:00:00");
        var start = DateTime.UtcNow.AddDays(-12);
        foreach (var vehicle in new[] { "wagon", "break", "taxi", "cab", "bus", "coach", "shuttle" })
        {
            await Server.Import([.. Enumerable.Range(0, 10).SelectMany(day => Enumerable.Range(0, 120).SelectMany(i =>
            {
                var at = start.AddDays(day).AddSeconds(i);
                var speed = day == 4 && i is > 50 and < 70 ? 120.0 : Math.Min(100, i);
                return new[] { (at, vehicle, "vehicle_speed", speed), (at, vehicle, "rpm", 900.0 + (20 * i)), (at, vehicle, "coolant_temperature", 60.0 + (i / 4.0)) };
            }))]);
        }
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>Deletes the rules of a new installation or of a test before; their alerts end.</summary>
    internal async Task DeleteRules()
    {
        foreach (var rule in (await Server.Http.GetFromJsonAsync<JsonElement[]>("/alerts/rules"))!)
            (await Server.Http.DeleteAsync($"/alerts/rules/{rule.GetProperty("rule_id").GetInt32()}")).EnsureSuccessStatusCode();
    }

    internal async Task<int> VehicleId(string device) =>
        (await Server.Http.GetFromJsonAsync<JsonElement[]>("/vehicles"))!.Single(vehicle => vehicle.GetProperty("device").GetString() == device).GetProperty("vehicle_id").GetInt32();

    internal async Task<int> AddRule(string name, int vehicleId, string when, string more = "")
    {
        using var answer = await Server.Http.PostAsync("/alerts/rules", new StringContent($$"""{"name":{{JsonSerializer.Serialize(name)}},"vehicles":[{{vehicleId}}],"when":[{{when}}]{{more}}}""", System.Text.Encoding.UTF8, "application/json"));
        answer.StatusCode.Should().Be(System.Net.HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("rule_id").GetInt32();
    }
}
