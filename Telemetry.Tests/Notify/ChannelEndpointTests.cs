using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Notify;

public class ChannelEndpointTests
{
    [Fact]
    public async Task A_test_message_says_what_is_wrong()
    {
        await using var listener = (await WebhookListener.Start()).Then(200, 503);
        await using var server = await Server.Start($"Alerts:Channels:ops:Webhook={listener.Address}/secret");
        (await server.Http.Channel("ops")).ToString().Should().NotContain("secret").And.Contain("webhook");
        using var sent = await server.Http.PostAsync("/alerts/channels/ops/test", null);
        sent.StatusCode.Should().Be(HttpStatusCode.OK);
        listener.Posts.Single().Id.Should().Be((await sent.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString());
        using var failed = await server.Http.PostAsync("/alerts/channels/ops/test", null);
        failed.StatusCode.Should().Be(HttpStatusCode.BadGateway);
        (await failed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString().Should().Be("The message could not be delivered: 127.0.0.1 has answered 503.");
        using var unknown = await server.Http.PostAsync("/alerts/channels/nobody/test", null);
        unknown.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_rule_says_which_of_its_channels_there_are_not()
    {
        await using var listener = await WebhookListener.Start();
        await using var server = await Server.Start($"Alerts:Channels:ops:Webhook={listener.Address}");
        var id = await server.Http.AddRule("""[{"to":["ops","phone"]},{"after":60,"to":["phone","mail"]}]""");
        var rule = await server.Http.GetFromJsonAsync<JsonElement>($"/alerts/rules/{id}");
        rule.GetProperty("unknown_channels").EnumerateArray().Select(name => name.GetString()).Should().Equal("phone", "mail");
    }

    [Fact]
    public async Task The_button_of_a_message_acknowledges_its_alert_without_a_token()
    {
        await using var listener = await WebhookListener.Start();
        await using var server = await Server.Start([Jwt.On, .. AlertRig.AtOnce, "Alerts:Url=https://car.example/", $"Alerts:Channels:ops:Webhook={listener.Address}", "Alerts:Channels:ops:Body=ntfy:cars", "Alerts:Channels:ops:Every=0"]);
        server.Http.DefaultRequestHeaders.Authorization = new("Bearer", Jwt.Token());
        await server.Http.AddRule("""[{"to":["ops"]}]""");
        await server.Publish(("wican/coolant_temperature", "106"), ("wican/other/coolant_temperature", "106"));
        var links = (await listener.Got(2)).Select(posted => new Uri(posted.Json.GetProperty("actions")[0].GetProperty("url").GetString()!)).ToList();
        links.Should().OnlyContain(link => link.Host == "car.example");
        listener.Posts[0].Json.GetProperty("click").GetString().Should().StartWith("https://car.example/alerts.html#");

        using var stranger = new HttpClient { BaseAddress = server.Address };
        stranger.DefaultRequestHeaders.Add("Origin", "https://ntfy.sh");
        (await Status(HttpMethod.Get, links[0].PathAndQuery)).Should().Be(HttpStatusCode.MethodNotAllowed);
        (await Status(HttpMethod.Post, links[0].AbsolutePath)).Should().Be(HttpStatusCode.Unauthorized);
        (await Status(HttpMethod.Post, links[0].AbsolutePath + links[1].Query)).Should().Be(HttpStatusCode.NotFound);
        (await Status(HttpMethod.Post, links[0].AbsolutePath.Replace("/ack", "/snooze") + links[0].Query)).Should().Be(HttpStatusCode.Unauthorized);
        (await Status(HttpMethod.Delete, links[0].PathAndQuery)).Should().Be(HttpStatusCode.Unauthorized);
        (await Status(HttpMethod.Post, links[0].PathAndQuery)).Should().Be(HttpStatusCode.OK);
        (await server.Http.GetFromJsonAsync<JsonElement>("/alerts?vehicle_id=1"))[0].GetProperty("state").GetString().Should().Be("acked");
        (await server.Http.GetFromJsonAsync<JsonElement>("/alerts?vehicle_id=2"))[0].GetProperty("state").GetString().Should().Be("firing");

        async Task<HttpStatusCode> Status(HttpMethod method, string path)
        {
            using var answer = await stranger.SendAsync(new HttpRequestMessage(method, path));
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task A_heartbeat_goes_out_while_the_server_is_ready()
    {
        await using var listener = await WebhookListener.Start();
        await using var server = await Server.Start($"Alerts:Heartbeat={listener.Address}/ping/me");
        (await listener.Got(1))[0].Path.Should().Be("/ping/me");
    }

    [Fact]
    public async Task A_heartbeat_does_not_wait_a_minute_for_a_broker_that_comes_a_little_later()
    {
        await using var mosquitto = await Mosquitto.Start();
        await mosquitto.Stop();
        await using var listener = await WebhookListener.Start();
        await using var server = await Server.Start($"Alerts:Heartbeat={listener.Address}/ping/me", "Mqtt:Host=127.0.0.1", $"Mqtt:Port={mosquitto.Port}");
        await server.BrokerIs("unhealthy");
        listener.Posts.Should().BeEmpty();
        await mosquitto.Resume();
        await server.BrokerIs("healthy");
        await listener.Got(1);
    }
}
