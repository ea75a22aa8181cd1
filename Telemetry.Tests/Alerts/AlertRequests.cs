using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Alerts;

/// <summary>Rules and alerts as a client of the server changes and lists them.</summary>
static class AlertRequests
{
    /// <summary>Sends a request about alerts.</summary>
    public static Task<HttpResponseMessage> Send(this Server server, HttpMethod method, string path, string? body = null, string? token = null, string? origin = null)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        if (origin is not null) request.Headers.Add("Origin", origin);
        return server.Http.SendAsync(request);
    }

    /// <summary>Adds a rule.</summary>
    /// <returns>Its id.</returns>
    public static async Task<int> AddRule(this Server server, string rule)
    {
        using var answer = await server.Send(HttpMethod.Post, "/alerts/rules", rule);
        answer.StatusCode.Should().Be(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("rule_id").GetInt32();
    }

    /// <summary>Tries a rule on the stored readings of a vehicle.</summary>
    public static async Task<JsonElement> Backtest(this Server server, string rule, int vehicle, DateTime from, DateTime to)
    {
        using var answer = await server.Send(HttpMethod.Post, "/alerts/backtest", $"{{\"rule\":{rule},\"vehicle_id\":{vehicle},\"from\":\"{Time(from)}\",\"to\":\"{Time(to)}\"}}");
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.Should().Be(HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;

        static string Time(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
    }

    /// <summary>Alerts, the newest first.</summary>
    public static async Task<JsonElement[]> Alerts(this Server server, string query = "") => (await server.Http.GetFromJsonAsync<JsonElement[]>($"/alerts?{query}"))!;

    /// <summary>The states of the alerts of a rule, the newest first.</summary>
    public static async Task<string> States(this Server server, int ruleId) =>
        string.Join(' ', (await server.Alerts($"rule_id={ruleId}")).Select(alert => $"{alert.GetProperty("state")}{(alert.GetProperty("ended_by").GetString() is { } by ? $"/{by}" : "")}"));
}
