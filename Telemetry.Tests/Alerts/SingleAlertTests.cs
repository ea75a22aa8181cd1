using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Alerts;

/// <summary><c>GET /alerts/{id}</c>: where messages about an alert lead.</summary>
public class SingleAlertTests
{
    [Fact]
    public async Task An_alert_is_found_by_its_id_while_it_lasts_and_later_by_those_who_may_see_its_vehicle()
    {
        await using var server = await Server.Start(Jwt.On, "Alerts:Settle=00:00:00");
        server.Http.DefaultRequestHeaders.Authorization = new("Bearer", Jwt.Token());
        await server.AddRule("""{"name":"Hot","when":[{"signal":"coolant_temperature","above":105,"clear":100}]}""");
        await server.Publish(("wican/golf/coolant_temperature", "90"), ("wican/golf/coolant_temperature", "106"));
        await Eventually.Holds("the alert has fired", async () => (await server.Alerts()).Length == 1);
        var listed = (await server.Alerts())[0];
        var path = $"/alerts/{listed.GetProperty("alert_id").GetString()}";
        var vehicle = listed.GetProperty("vehicle_id").GetInt32();
        (await server.Http.GetFromJsonAsync<JsonElement>(path)).GetProperty("state").GetString().Should().Be("firing");

        await server.Publish(("wican/golf/coolant_temperature", "99"));
        await Eventually.Holds("it is over", async () => (await server.Alerts("state=open")).Length == 0);
        await Eventually.Holds("it is found as the list has it", async () =>
            (await server.Http.GetStringAsync(path)) == (await server.Alerts())[0].GetRawText());
        foreach (var (token, status) in new[] { (Jwt.Token(vehicles: $"[{vehicle}]"), HttpStatusCode.OK), (Jwt.Token(vehicles: $"[{vehicle + 1}]"), HttpStatusCode.NotFound), ("", HttpStatusCode.Unauthorized) })
            await Answers(server, path, status, token);
        foreach (var other in new[] { Guid.CreateVersion7().ToString(), Guid.Empty.ToString(), "none", "1", listed.GetProperty("alert_id").GetString()!.Replace("-", "", StringComparison.Ordinal) })
            await Answers(server, $"/alerts/{other}", HttpStatusCode.NotFound, Jwt.Token());
    }

    static async Task Answers(Server server, string path, HttpStatusCode status, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Authorization = new("Bearer", token) } };
        using var answer = await server.Http.SendAsync(request);
        answer.StatusCode.Should().Be(status, path);
        if (status != HttpStatusCode.OK) answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
    }
}
