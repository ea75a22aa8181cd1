using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Vehicles;

/// <summary>Vehicles as a client of the server changes and lists them.</summary>
static class VehicleRequests
{
    public static Task<HttpResponseMessage> Patch(this Server server, int id, string body, string? origin = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Patch, $"/vehicles/{id}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (origin is not null) request.Headers.Add("Origin", origin);
        return server.Http.SendAsync(request);
    }

    public static Task<HttpResponseMessage> Delete(this Server server, int id, string? token = null, string? origin = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Delete, $"/vehicles/{id}");
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (origin is not null) request.Headers.Add("Origin", origin);
        return server.Http.SendAsync(request);
    }

    /// <summary>Every vehicle as <c>id device name</c>.</summary>
    public static async Task<string> Vehicles(this Server server) =>
        string.Join(", ", (await server.Http.GetFromJsonAsync<JsonElement[]>("/vehicles"))!.Select(vehicle => string.Join(' ', $"{vehicle.GetProperty("vehicle_id")}", $"{vehicle.GetProperty("device")}", $"{vehicle.GetProperty("name")}").Trim()));
}
