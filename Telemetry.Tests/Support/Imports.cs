using System.Globalization;
using System.Text;

namespace Telemetry.Tests.Support;

/// <summary>Readings of the past for a server's store.</summary>
static class Imports
{
    public static async Task Import(this HttpClient http, params IEnumerable<(DateTime At, string Vehicle, string Signal, double Value)> readings)
    {
        var csv = new StringBuilder("recorded_at,vehicle,signal,value\n");
        foreach (var (at, vehicle, signal, value) in readings) csv.Append(CultureInfo.InvariantCulture, $"{at:o},{vehicle},{signal},{value}\n");
        using var answer = await http.PostAsync("/telemetry/import", new StringContent(csv.ToString(), Encoding.UTF8, "text/csv"));
        answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
    }
}
