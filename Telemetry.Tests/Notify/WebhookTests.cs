using System.Security.Cryptography;
using System.Text;
using Telemetry.Api.Notify;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Notify;

public class WebhookTests
{
    const string Secret = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const string OtherSecret = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";

    [Fact]
    public async Task An_alert_and_its_end_are_posted_once_each_and_signed_with_both_secrets()
    {
        await using var listener = await WebhookListener.Start();
        await using var server = await Server.Start([.. AlertRig.AtOnce, $"Alerts:Channels:ops:Webhook={listener.Address}/hook", $"Alerts:Channels:ops:Secret=whsec_{Secret},whsec_{OtherSecret}", "Alerts:Channels:ops:Every=0", "Alerts:Channels:ops:Token=abc"]);
        await server.Http.AddRule("""[{"to":["ops"]}]""");
        await server.Publish(("wican/coolant_temperature", "106"));
        var fired = (await listener.Got(1))[0];
        await server.Publish(("wican/coolant_temperature", "99"));
        var over = (await listener.Got(2))[1];

        fired.Path.Should().Be("/hook");
        fired.Id.Should().EndWith(".1");
        over.Id.Should().Be(fired.Id[..^1] + "2");
        fired.Headers["authorization"].Should().Be("Bearer abc");
        fired.Headers["content-type"].Should().StartWith("application/json");
        fired.Json.GetProperty("state").GetString().Should().Be("firing");
        fired.Json.GetProperty("data").GetProperty("value").GetDouble().Should().Be(106);
        over.Json.GetProperty("state").GetString().Should().Be("cleared");
        foreach (var posted in new[] { fired, over })
        {
            posted.Headers["webhook-signature"].Split(' ').Should().Equal(Signature(posted, Secret), Signature(posted, OtherSecret));
            DateTimeOffset.FromUnixTimeSeconds(long.Parse(posted.Headers["webhook-timestamp"])).Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        }

        listener.Posts.Should().HaveCount(2);
    }

    // The example of https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md and its libraries.
    [Fact]
    public void The_signature_is_that_of_the_published_example()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1");
        WebhookSignature.Sign(request, "msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), """{"test": 2432232314}""", WebhookSignature.Keys("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!);
        request.Headers.GetValues("webhook-signature").Should().Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        request.Headers.GetValues("webhook-timestamp").Should().Equal("1614265330");
    }

    [Fact]
    public async Task A_message_that_fails_is_tried_again_under_the_same_key_and_no_redirect_is_followed()
    {
        await using var listener = (await WebhookListener.Start()).Then(302);
        await using var other = await WebhookListener.Start();
        await using var server = await Server.Start([.. AlertRig.AtOnce, $"Alerts:Channels:ops:Webhook={listener.Address}", $"Alerts:Channels:other:Webhook={other.Address}"]);
        await server.Http.AddRule("""[{"to":["ops","other"]}]""");
        await server.Publish(("wican/coolant_temperature", "106"));
        var tries = await listener.Got(2);
        tries.Select(posted => (posted.Id, posted.Body, posted.Path)).Distinct().Should().ContainSingle().Which.Path.Should().Be("/");
        (tries[1].Seconds - tries[0].Seconds).Should().BeInRange(4, 15);
        other.Posts.Should().ContainSingle();
    }

    static string Signature(Posted posted, string secret) =>
        $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret), Encoding.UTF8.GetBytes($"{posted.Id}.{posted.Headers["webhook-timestamp"]}.{posted.Body}")))}";
}
