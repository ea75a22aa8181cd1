using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Telemetry.Api.Notify;
using Telemetry.Api.Push;
using Telemetry.Core.Alerts;
using Telemetry.Core.Notifications;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Notify;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Push;

/// <summary>Messages to browsers, as the push service gets them and the browser decrypts them.</summary>
public class PushDeliveryTests(PostgresServer postgres)
{
    static readonly string[] Phone = [.. AlertRig.AtOnce, "Alerts:Channels:phone:Push=true", "Alerts:Channels:phone:Every=0"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_alert_reaches_the_browser_and_its_end_replaces_it(bool isPostgres)
    {
        await using var service = await PushService.Start();
        await using var server = await Server.Start(service.Connect, [.. Phone, "Alerts:PushSubject=mailto:me@example.com", $"ConnectionStrings:Telemetry={(isPostgres ? await postgres.CreateDatabase() : "")}"]);
        using var browser = await new PushBrowser().Subscribe(server.Http);
        await server.Http.AddRule("""[{"to":["phone"]}]""", severity: "critical");
        await server.Publish(("wican/coolant_temperature", "106"));
        var fired = (await service.Got(1))[0];
        await server.Publish(("wican/coolant_temperature", "99"));
        var over = (await service.Got(2))[1];

        var alert = (await server.Http.GetFromJsonAsync<JsonElement>("/alerts?state=all"))[0].GetProperty("alert_id").GetString()!;
        var shown = browser.Read(fired);
        shown.GetProperty("web_push").GetInt32().Should().Be(8030);
        var notification = shown.GetProperty("notification");
        notification.GetProperty("title").GetString().Should().Be("Hot · vehicle 1");
        notification.GetProperty("body").GetString().Should().StartWith("Coolant 106 °C, above 105 °C since ");
        notification.GetProperty("tag").GetString().Should().Be(alert);
        notification.GetProperty("lang").GetString().Should().Be("en");
        notification.GetProperty("navigate").GetString().Should().Be(new Uri(server.Address, $"alerts.html#{alert}").AbsoluteUri);
        notification.GetProperty("app_badge").GetInt32().Should().Be(1);
        fired.Host.Should().Be("fcm.googleapis.com");
        fired.Headers.Should().Contain(new Dictionary<string, string> { ["ttl"] = "86400", ["urgency"] = "high", ["content-encoding"] = "aes128gcm", ["content-length"] = $"{fired.Body.Length}" });
        fired.Headers["topic"].Should().HaveLength(22).And.MatchRegex("^[A-Za-z0-9_-]*$").And.Be(over.Headers["topic"]);
        await IsSigned(server, fired, "https://fcm.googleapis.com", "mailto:me@example.com");
        fired.Headers["authorization"].Should().Be(over.Headers["authorization"], "Apple wants the same token for an hour");

        var end = browser.Read(over).GetProperty("notification");
        end.GetProperty("title").GetString().Should().Be("Over: Hot · vehicle 1");
        end.GetProperty("tag").GetString().Should().Be(alert);
        end.GetProperty("app_badge").GetInt32().Should().Be(0);
        end.GetProperty("navigate").GetString().Should().EndWith($"/alerts.html#{alert}");
        end.TryGetProperty("actions", out _).Should().BeFalse();
    }

    [Fact]
    public async Task The_button_of_a_notification_acknowledges_the_alert_without_a_token()
    {
        await using var service = await PushService.Start();
        await using var server = await Server.Start(service.Connect, [Jwt.On, .. Phone]);
        using var browser = await new PushBrowser().Subscribe(server.Http, query: $"?token={Jwt.Token()}");
        using var rule = await PushBrowser.Post(server.Http, $"/alerts/rules?token={Jwt.Token()}", """{"name":"Hot","when":[{"signal":"coolant_temperature","above":105}],"notify":[{"to":["phone"]}]}""");
        rule.StatusCode.Should().Be(HttpStatusCode.Created);
        await server.Publish(("wican/coolant_temperature", "106"));
        var notification = browser.Read((await service.Got(1))[0]).GetProperty("notification");
        notification.GetProperty("actions")[0].GetProperty("action").GetString().Should().Be("ack");
        using var acknowledged = await server.Http.PostAsync(notification.GetProperty("data").GetProperty("ack").GetString(), null);
        acknowledged.StatusCode.Should().Be(HttpStatusCode.OK);
        (await server.Http.GetFromJsonAsync<JsonElement>($"/alerts?token={Jwt.Token()}"))[0].GetProperty("state").GetString().Should().Be("acked");
    }

    [Fact]
    public async Task A_browser_is_notified_of_the_vehicles_of_its_token_only()
    {
        await using var service = await PushService.Start();
        await using var server = await Server.Start(service.Connect, [Jwt.On, .. Phone]);
        var sender = Sender(server);
        using var all = await new PushBrowser().Subscribe(server.Http, query: $"?token={Jwt.Token()}");
        using var two = await new PushBrowser().Subscribe(server.Http, query: $"?token={Jwt.Token(vehicles: "[2]")}");
        using var none = await new PushBrowser().Subscribe(server.Http, query: $"?token={Jwt.Token(vehicles: "[]")}");
        await server.Publish(("wican/a/rpm", "1"));
        var vehicles = server.Service<VehicleRegistry>();
        var digest = DigestOf(AlertOf(vehicles.Find(1)!), AlertOf(vehicles.Find(2)!), ServerRules.Fire("mail", DateTime.UtcNow));
        (await Send(sender, digest)).Should().Be(SendOutcome.Sent);
        service.Received.Select(pushed => pushed.Token).Should().BeEquivalentTo(all.Token, two.Token);
        all.Read(service.Received.Single(pushed => pushed.Token == all.Token)).GetProperty("notification").GetProperty("title").GetString().Should().Be("3 alerts");
        two.Read(service.Received.Single(pushed => pushed.Token == two.Token)).GetProperty("notification").GetProperty("title").GetString().Should().Be("Hot · a");
        (await Send(sender, DigestOf(ServerRules.Fire("mail", DateTime.UtcNow)))).Should().Be(SendOutcome.Sent);
        service.Received.Should().HaveCount(3).And.Subject.Last().Token.Should().Be(all.Token);
    }

    [Theory]
    [InlineData(404, nameof(SendResult.Refused), false)]
    [InlineData(410, nameof(SendResult.Refused), false)]
    [InlineData(400, nameof(SendResult.Refused), true)]
    [InlineData(403, nameof(SendResult.Refused), true)]
    [InlineData(413, nameof(SendResult.Refused), true)]
    [InlineData(302, nameof(SendResult.Failed), true)]
    [InlineData(429, nameof(SendResult.Failed), true)]
    [InlineData(500, nameof(SendResult.Failed), true)]
    [InlineData(503, nameof(SendResult.Failed), true)]
    [InlineData(200, nameof(SendResult.Sent), true)]
    [InlineData(204, nameof(SendResult.Sent), true)]
    public async Task A_subscription_ends_only_when_its_service_has_ended_it(int status, string expected, bool isKept)
    {
        await using var service = await PushService.Start();
        await using var server = await Server.Start(service.Connect, Phone);
        using var browser = await new PushBrowser().Subscribe(server.Http);
        service.Then(http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.RetryAfter = "7200";
            http.Response.Headers.Location = $"https://fcm.googleapis.com/elsewhere/{browser.Token}";
        });
        var outcome = await Send(Sender(server), DigestOf(AlertOf(null)));
        outcome.Result.ToString().Should().Be(expected);
        if (expected == nameof(SendResult.Failed)) outcome.RetryAfter.Should().Be(TimeSpan.FromHours(2));
        service.Received.Should().ContainSingle("redirects are not followed, and Retry-After is not slept through");
        server.Service<PushSubscribers>().Valid.Should().HaveCount(isKept ? 1 : 0);
        (await server.Service<PushSubscribers>().TryRefreshAsync(TestContext.Current.CancellationToken)).Should().BeTrue();
        server.Service<PushSubscribers>().Valid.Should().HaveCount(isKept ? 1 : 0);
    }

    [Fact]
    public async Task An_unreachable_service_ends_no_subscription_and_no_browser_gets_a_message_twice()
    {
        await using var service = await PushService.Start();
        await using var server = await Server.Start(service.Connect, Phone);
        using var first = await new PushBrowser().Subscribe(server.Http);
        var sender = Sender(server);
        service.IsReachable = false;
        var (old, news) = (AlertOf(null), AlertOf(null) with { Rule = "Cold" });
        var away = await Send(sender, DigestOf(old));
        away.Result.Should().Be(SendResult.Failed);
        away.Problem.Should().StartWith("fcm.googleapis.com cannot be reached (");
        service.IsReachable = true;
        using var second = await new PushBrowser("https://updates.push.services.mozilla.com/wpush/v2").Subscribe(server.Http);
        service.Then(http => http.Response.StatusCode = http.Request.Host.Host.StartsWith("fcm", StringComparison.Ordinal) ? 503 : 201)
            .Then(http => http.Response.StatusCode = http.Request.Host.Host.StartsWith("fcm", StringComparison.Ordinal) ? 503 : 201);
        (await Send(sender, DigestOf(old))).Problem.Should().Be("fcm.googleapis.com has answered 503 for 1 of 2 browsers");
        (await Send(sender, DigestOf(old, news))).Should().Be(SendOutcome.Sent);
        var titles = service.Received.Skip(2).Select(pushed => (pushed.Token, (pushed.Token == first.Token ? first : second).Read(pushed).GetProperty("notification").GetProperty("title").GetString()));
        titles.Should().BeEquivalentTo([(first.Token, "2 alerts"), (second.Token, "Cold")]);
    }

    [Fact]
    public async Task Without_a_browser_the_channel_says_so()
    {
        await using var server = await Server.Start(Phone);
        await server.Http.AddRule("""[{"to":["phone"]}]""");
        await server.Publish(("wican/coolant_temperature", "106"));
        await Eventually.Holds("the message is given up", async () => (await server.Http.Channel("phone")).GetProperty("last_error").GetString() == "no browser has subscribed");
        (await server.Http.Channel("phone")).GetProperty("kind").GetString().Should().Be("push");
        using var test = await server.Http.PostAsync("/alerts/channels/phone/test", null);
        (await test.Content.ReadAsStringAsync()).Should().Contain("no browser has subscribed");
    }

    [Fact]
    public async Task A_push_service_on_another_port_gets_its_own_origin_in_the_token()
    {
        await using var service = await PushService.Start();
        await using var server = await Server.Start([.. Phone, $"Alerts:PushServices=http://127.0.0.1:{service.PlainPort}"]);
        using var browser = await new PushBrowser($"http://127.0.0.1:{service.PlainPort}/up").Subscribe(server.Http);
        (await Send(Sender(server), DigestOf(AlertOf(null)))).Should().Be(SendOutcome.Sent);
        await IsSigned(server, service.Received[^1], $"http://127.0.0.1:{service.PlainPort}", null);
    }

    static async Task IsSigned(Server server, Pushed pushed, string audience, string? contact)
    {
        var key = (await server.Http.GetFromJsonAsync<JsonElement>("/push/key")).GetProperty("key").GetString()!;
        var authorization = pushed.Headers["authorization"];
        authorization.Should().StartWith("vapid t=").And.EndWith($", k={key}");
        var token = authorization.Split(' ', ',')[1]["t=".Length..];
        var point = Base64Url.DecodeFromChars(key);
        using var verifier = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = point[1..33], Y = point[33..] } });
        verifier.VerifyData(Encoding.ASCII.GetBytes(string.Join('.', token.Split('.')[..2])), Base64Url.DecodeFromChars(token.AsSpan()[(token.LastIndexOf('.') + 1)..]), HashAlgorithmName.SHA256).Should().BeTrue();
        var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[1])).RootElement;
        claims.GetProperty("aud").GetString().Should().Be(audience);
        claims.GetProperty("exp").GetInt64().Should().BeInRange(DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds(), DateTimeOffset.UtcNow.AddHours(24).ToUnixTimeSeconds());
        (claims.TryGetProperty("sub", out var sub) ? sub.GetString() : null).Should().Be(contact);
    }

    static IChannelSender Sender(Server server) => server.Service<CreatePushSender>()(TimeZoneInfo.Utc, isFrench: false);

    static Task<SendOutcome> Send(IChannelSender sender, Digest digest) => sender.SendAsync(digest.Id, sender.Write(digest), TestContext.Current.CancellationToken);

    static Alert AlertOf(Vehicle? vehicle)
    {
        var now = DateTime.UtcNow;
        return new Alert(AlertIds.New(now), 7, vehicle, Severity.Warning, now, now) { Rule = "Hot" };
    }

    static Digest DigestOf(params Alert[] alerts) => Digest.Of(alerts.Select(alert => new Notice(alert, null, NoticeKind.Fired, 0)), new HashSet<string>(), DateTime.UtcNow);
}
