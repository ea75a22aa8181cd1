using System.Net.WebSockets;
using System.Text.Json;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Alerts;

/// <summary><c>/ws/telemetry?alerts=true</c>.</summary>
public class AlertSocketTests
{
    const string Fast = """{"name":"fast","severity":"critical","when":[{"signal":"vehicle_speed","above":120,"clear":115}]}""";

    static bool IsAlert(string message) => message.StartsWith("{\"type\":\"alert\"", StringComparison.Ordinal);

    [Fact]
    public async Task A_client_with_alerts_gets_the_open_ones_and_each_change_and_others_get_no_byte_more()
    {
        await using var server = await Server.Start("Alerts:Settle=00:00:00", "Stream:UpdateInterval=00:00:00", "Broadcast:Compression=true");
        var rule = await server.AddRule(Fast);
        await using var plain = await server.Listen();
        await using var asking = await server.Listen("alerts=true");
        await using var compressed = await server.Listen("alerts=true", deflate: new WebSocketDeflateOptions());
        foreach (var listener in new[] { plain, asking, compressed }) await listener.Next("the vehicle");
        await server.Publish(("wican/vehicle_speed", "100"), ("wican/vehicle_speed", "130"));

        var fired = JsonDocument.Parse(await asking.Next("the alert", IsAlert)).RootElement;
        fired.EnumerateObject().Select(field => field.Name).Should().Equal("type", "state", "data", "timestamp");
        var data = fired.GetProperty("data");
        data.EnumerateObject().Select(field => field.Name).Should().Equal("alert_id", "rule_id", "rule", "severity", "vehicle_id", "signal", "value", "unit", "threshold", "since", "fired_at", "cleared_at", "peak");
        string.Join(' ', new[] { "rule_id", "rule", "severity", "vehicle_id", "signal", "value", "unit", "threshold", "cleared_at", "peak" }.Select(field => data.GetProperty(field).ToString())).Should().Be($"{rule} fast critical 1 vehicle_speed 130 km/h 120  130");
        $"{fired.GetProperty("state")} {fired.GetProperty("timestamp")}".Should().Be($"firing {data.GetProperty("fired_at")}");

        await using var late = await server.Listen("alerts=true");
        (await late.Next()).Should().Contain("telemetry_update");
        JsonDocument.Parse(await late.Next()).RootElement.GetProperty("data").GetRawText().Should().Be(data.GetRawText());

        await server.Publish(("wican/vehicle_speed", "140"), ("wican/vehicle_speed", "110"), ("wican/vehicle_speed", "90"));
        foreach (var listener in new[] { asking, late })
        {
            var cleared = JsonDocument.Parse(await listener.Next("its end", IsAlert)).RootElement;
            $"{cleared.GetProperty("state")} {cleared.GetProperty("data").GetProperty("peak")}".Should().Be("cleared 140");
            cleared.GetProperty("data").GetProperty("cleared_at").GetString().Should().Be(cleared.GetProperty("timestamp").GetString());
        }

        await using var latest = await server.Listen("alerts=true");
        (await latest.Next("the vehicle", text => text.Contains("\"vehicle_speed\":90,"))).Should().NotBeEmpty();
        latest.Heard().Should().BeEmpty("what is over is no news to a new client");
        var all = await Until90(plain);
        all.Should().NotContain(text => IsAlert(text)).And.HaveCount(5);
        var read = await Until90(compressed);
        read.Where(text => !IsAlert(text)).Should().Equal(all);
        read.Where(IsAlert).Should().HaveCount(2);

        static async Task<List<string>> Until90(Listener page)
        {
            var heard = new List<string>();
            await page.Next("the last", text =>
            {
                heard.Add(text);
                return text.Contains("\"vehicle_speed\":90,");
            });
            return heard;
        }
    }

    [Fact]
    public async Task An_open_alert_takes_the_new_name_and_severity_of_its_rule()
    {
        await using var server = await Server.Start("Alerts:Settle=00:00:00");
        var rule = await server.AddRule(Fast);
        await using var page = await server.Listen("alerts=true");
        await server.Publish(("wican/vehicle_speed", "130"));
        await page.Next("the alert", IsAlert);
        using (var changed = await server.Send(HttpMethod.Put, $"/alerts/rules/{rule}", Fast.Replace("\"fast\"", "\"quick\",\"version\":1").Replace("critical", "info"))) changed.EnsureSuccessStatusCode();
        var alert = JsonDocument.Parse(await page.Next("its change", IsAlert)).RootElement;
        $"{alert.GetProperty("state")} {alert.GetProperty("data").GetProperty("rule")} {alert.GetProperty("data").GetProperty("severity")}".Should().Be("firing quick info");
    }

    [Fact]
    public async Task A_token_of_some_vehicles_gets_their_alerts_alone()
    {
        await using var server = await Server.Start(Jwt.On, "Alerts:Settle=00:00:00");
        using (var added = await server.Send(HttpMethod.Post, "/alerts/rules", Fast, Jwt.Token())) added.EnsureSuccessStatusCode();
        await using var all = await server.Listen($"alerts=true&token={Jwt.Token()}");
        await using var two = await server.Listen($"alerts=true&token={Jwt.Token(vehicles: "[2]")}");
        await server.Publish(("wican/vehicle_speed", "130"), ("wican/b/vehicle_speed", "131"));
        (await two.Next("its alert", IsAlert)).Should().Contain("\"vehicle_id\":2");
        (await all.Next("one", IsAlert)).Should().Contain("\"vehicle_id\":1");
        (await all.Next("the other", IsAlert)).Should().Contain("\"vehicle_id\":2");
        two.Heard().Should().NotContain(text => IsAlert(text));
    }

    [Fact]
    public async Task An_acknowledged_alert_says_so_and_one_that_is_over_takes_no_acknowledgement()
    {
        await using var server = await Server.Start(Jwt.On, "Alerts:Settle=00:00:00");
        using (var added = await server.Send(HttpMethod.Post, "/alerts/rules", Fast, Jwt.Token())) added.EnsureSuccessStatusCode();
        await using var page = await server.Listen($"alerts=true&token={Jwt.Token()}");
        await server.Publish(("wican/b/vehicle_speed", "131"));
        var id = JsonDocument.Parse(await page.Next("the alert", IsAlert)).RootElement.GetProperty("data").GetProperty("alert_id").GetString();

        (await Status(HttpMethod.Post, "ack", null, Jwt.Token(vehicles: "[1]"))).Should().Be(404);
        (await Status(HttpMethod.Post, "ack", null, Jwt.Token(vehicles: "[2]"), "http://elsewhere.example")).Should().Be(403);
        (await Status(HttpMethod.Post, "ack", """{"note":"seen"}""", Jwt.Token(vehicles: "[2]"))).Should().Be(200);
        (await page.Next("the acknowledgement", IsAlert)).Should().Contain("\"state\":\"acked\"");
        (await Status(HttpMethod.Post, "ack", null)).Should().Be(200, "it may be said twice");
        (await Alert()).Should().Be("acked me seen");
        (await Status(HttpMethod.Delete, "ack", null)).Should().Be(200);
        (await Alert()).Should().Be("firing  ");
        (await Status(HttpMethod.Post, "snooze", """{"until":"2001-01-01T00:00:00Z"}""")).Should().Be(400);
        (await Status(HttpMethod.Post, "snooze", $$"""{"until":"{{DateTime.UtcNow.AddHours(1):yyyy-MM-dd'T'HH:mm:ss'Z'}}"}""")).Should().Be(200);
        (await Alert()).Should().Be("snoozed  ");
        await server.Publish(("wican/b/vehicle_speed", "1"));
        await page.Next("its end", text => text.Contains("\"state\":\"cleared\""));
        (await Status(HttpMethod.Post, "ack", null)).Should().Be(409);
        (await Status(HttpMethod.Get, "ack", null)).Should().Be(405);

        async Task<int> Status(HttpMethod method, string action, string? body, string? token = null, string? origin = null)
        {
            using var answer = await server.Send(method, $"/alerts/{id}/{action}", body, token ?? Jwt.Token(), origin);
            return (int)answer.StatusCode;
        }

        async Task<string> Alert()
        {
            using var answer = await server.Send(HttpMethod.Get, "/alerts?state=open", token: Jwt.Token(vehicles: "[2]"));
            var alert = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement[0];
            return $"{alert.GetProperty("state")} {alert.GetProperty("acked_by")} {alert.GetProperty("note")}";
        }
    }
}
