using System.Net.Http.Json;
using System.Text.Json;
using Telemetry.Api.Notify;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Notify;

/// <summary>Requests to a server that tests of channels share.</summary>
static class AlertRig
{
    /// <summary>Settings of a server that judges at once.</summary>
    public static readonly string[] AtOnce = ["Alerts:Settle=00:00:00"];

    /// <summary>Adds a rule on the coolant: above 105, clear below 100.</summary>
    public static async Task<int> AddRule(this HttpClient http, string notify, string more = "", string name = "Hot", string severity = "warning")
    {
        var json = $$"""{"name":"{{name}}","severity":"{{severity}}","when":[{"signal":"coolant_temperature","above":105,"clear":100}],"notify":{{notify}}{{more}}}""";
        using var answer = await http.PostAsync("/alerts/rules", new StringContent(json, System.Text.Encoding.UTF8, "application/json"));
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.Should().BeTrue(text);
        return JsonDocument.Parse(text).RootElement.GetProperty("rule_id").GetInt32();
    }

    /// <summary>Waits until the last try of a channel has failed with this problem.</summary>
    public static Task Fails(this HttpClient http, string channel, string problem) => Eventually.Holds(
        $"the channel fails: {problem}", async () => (await http.Channel(channel)).GetProperty("last_error").GetString()?.Contains(problem, StringComparison.Ordinal) == true);

    /// <summary>Sets the clock ahead; the channels look at it at once.</summary>
    public static void Pass(this Server server, TimeAhead time, TimeSpan span)
    {
        time.Ahead += span;
        server.Service<ChannelWorkers>().WakeAll();
    }

    public static Task<JsonElement> Channels(this HttpClient http) => http.GetFromJsonAsync<JsonElement>("/alerts/channels");

    public static async Task<JsonElement> Channel(this HttpClient http, string name) => (await http.Channels()).EnumerateArray().Single(channel => channel.GetProperty("name").GetString() == name);
}
