using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Telemetry.Api.Push;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Push;

/// <summary>Subscription of browsers.</summary>
public class PushEndpointTests
{
    [Fact]
    public async Task A_browser_subscribes_is_sent_a_test_and_ends_that()
    {
        await using var service = await PushService.Start();
        await using var server = await Server.Start(service.Connect);
        var key = (await server.Http.GetFromJsonAsync<JsonElement>("/push/key")).GetProperty("key").GetString();
        (await server.Http.GetFromJsonAsync<JsonElement>("/push/key")).GetProperty("key").GetString().Should().Be(key);
        using var browser = new PushBrowser();
        (await Post(server, browser.Subscription())).Should().Be((HttpStatusCode.Created, (string?)null));
        (await Post(server, browser.Subscription(",\"language\":\"fr\""))).Should().Be((HttpStatusCode.OK, (string?)null));
        using var sent = await browser.Test(server.Http);
        sent.StatusCode.Should().Be(HttpStatusCode.OK, await sent.Content.ReadAsStringAsync());
        var notification = browser.Read((await service.Got(1))[0]).GetProperty("notification");
        notification.GetProperty("title").GetString().Should().Be("Test");
        notification.GetProperty("lang").GetString().Should().Be("fr");
        notification.GetProperty("navigate").GetString().Should().Be(new Uri(server.Address, "alerts.html").AbsoluteUri);

        using var ended = await server.Http.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/push/subscriptions") { Content = JsonContent.Create(new { endpoint = browser.Endpoint }) });
        ended.StatusCode.Should().Be(HttpStatusCode.NoContent);
        using var unknown = await browser.Test(server.Http);
        unknown.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_is_no_subscription_is_refused_with_the_field()
    {
        await using var server = await Server.Start("Alerts:PushServices=*.push.example, http://192.168.1.5:8080, 127.0.0.1:9, gateway.example:8443");
        using var browser = new PushBrowser();
        var (right, curve) = (browser.Subscription(), Convert.ToBase64String(new byte[65]).TrimEnd('='));
        foreach (var endpoint in new[]
                 {
                     "http://fcm.googleapis.com/fcm/send/x", "https://127.0.0.1/fcm/send/x", "https://localhost/x", "https://x.example/a.googleapis.com", "https://127.0.0.1:9443/x.google.com/",
                     "https://fcm.googleapis.com.evil.example/x", "https://fcm.googleapis.com@evil.example/x", "https://me@fcm.googleapis.com/x", "https://fcm.googleapis.com:8443/x", "https://evilfcm.googleapis.com/x",
                     "https://push.apple.com/x", "https://evilpush.apple.com/x", "https://evil.example/?push.apple.com", "https://evil.example\\\\.push.apple.com/x", "https://web.push.apple.com./x", "https://web.push.apple.com/x#f",
                     "https://push.example/x", "https://a.push.example.evil/x", "http://a.push.example/x", "http://192.168.1.5/x", "http://192.168.1.6:8080/x", "https://gateway.example/x", "https://169.254.169.254/x",
                     "ftp://fcm.googleapis.com/x", "/push", "", "https://", $"https://fcm.googleapis.com/{new string('x', 2048)}",
                 })
        {
            (await Refused(server, right.Replace(browser.Endpoint, endpoint))).Should().Be((HttpStatusCode.BadRequest, "endpoint"), endpoint);
        }

        foreach (var (json, field) in new[]
                 {
                     ("[]", (string?)null), ("{", null), ("{}", "endpoint"), ("{\"endpoint\":7}", "endpoint"), ($"{{\"endpoint\":\"{browser.Endpoint}\"}}", "keys"), ($"{{\"endpoint\":\"{browser.Endpoint}\",\"keys\":[]}}", "keys"),
                     (With(right, "p256dh", new string('A', 86)), "keys.p256dh"), (With(right, "p256dh", new string('A', 87)), "keys.p256dh"), (With(right, "p256dh", curve), "keys.p256dh"), (With(right, "p256dh", "no base64!"), "keys.p256dh"),
                     (With(right, "p256dh", ""), "keys.p256dh"), (With(right, "auth", new string('A', 20)), "keys.auth"), (With(right, "auth", new string('A', 21)), "keys.auth"), (With(right, "auth", "++//++//++//++//++//++"), "keys.auth"),
                     (right.Replace("\"auth\":", "\"other\":"), "keys.auth"), (right.Replace("\"p256dh\":", "\"other\":"), "keys.p256dh"), (browser.Subscription(",\"language\":\"de\""), "language"), (browser.Subscription(",\"language\":1"), "language"),
                 })
        {
            (await Refused(server, json)).Should().Be((HttpStatusCode.BadRequest, field), json);
        }

        server.Service<PushSubscribers>().Valid.Should().BeEmpty();
        var services = server.Service<PushServices>();
        foreach (var endpoint in new[]
                 {
                     "https://fcm.googleapis.com/fcm/send/x", "https://jmt17.google.com/fcm/send/x", "https://updates.push.services.mozilla.com/wpush/v2/x", "https://web.push.apple.com/x", "https://wns2-par02p.notify.windows.com/w/?token=x",
                     "https://a.push.example/x", "https://a.b.push.example:8443/x", "http://192.168.1.5:8080/x", "http://127.0.0.1:9/x", "https://GATEWAY.example:8443/x",
                 })
        {
            services.Allow(new Uri(endpoint)).Should().BeTrue(endpoint);
        }
    }

    [Fact]
    public async Task A_subject_has_up_to_20_browsers_and_ten_attempts_a_minute()
    {
        await using var service = await PushService.Start();
        await using var server = await Server.Start(service.Connect, Jwt.On);
        var (me, other) = ($"?token={Jwt.Token()}", $"?token={Jwt.Signed("{\"alg\":\"HS256\"}", $"{{\"sub\":\"you\",\"aud\":\"telemetry\",\"exp\":{DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds()}}}")}");
        using var last = new PushBrowser();
        foreach (var _ in Enumerable.Range(0, 20)) (await server.Service<PushSubscribers>().SaveAsync(Subscriber(server, "me"))).Result.Should().Be(SubscribeResult.Saved);
        (await Post(server, last.Subscription(), me)).Status.Should().Be(HttpStatusCode.Conflict);
        (await Post(server, last.Subscription(), other)).Status.Should().Be(HttpStatusCode.Created);
        foreach (var _ in Enumerable.Range(0, 9)) (await Post(server, last.Subscription(), me)).Status.Should().Be(HttpStatusCode.Conflict);
        using var refused = await PushBrowser.Post(server.Http, "/push/subscriptions" + me, last.Subscription());
        refused.StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta.Should().BeGreaterThan(TimeSpan.Zero).And.BeLessThanOrEqualTo(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Ten_subscriptions_a_minute_can_be_ended()
    {
        await using var server = await Server.Start();
        foreach (var attempt in Enumerable.Range(1, 11))
        {
            using var ended = await server.Http.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/push/subscriptions") { Content = JsonContent.Create(new { endpoint = "https://fcm.googleapis.com/none" }) });
            ended.StatusCode.Should().Be(attempt <= 10 ? HttpStatusCode.NoContent : HttpStatusCode.TooManyRequests);
        }
    }

    [Fact]
    public async Task A_server_without_the_internet_says_so_when_a_browser_subscribes()
    {
        await using var service = await PushService.Start();
        service.IsReachable = false;
        await using var server = await Server.Start(service.Connect);
        using var browser = new PushBrowser();
        var (status, problem) = await Post(server, browser.Subscription());
        status.Should().Be(HttpStatusCode.Created);
        problem.Should().StartWith("fcm.googleapis.com cannot be reached (");
        using var sent = await browser.Test(server.Http);
        sent.StatusCode.Should().Be(HttpStatusCode.BadGateway);
        (await sent.Content.ReadAsStringAsync()).Should().Contain("fcm.googleapis.com cannot be reached");
    }

    [Fact]
    public async Task Pages_of_other_origins_are_refused()
    {
        await using var server = await Server.Start();
        using var browser = new PushBrowser();
        foreach (var (method, path) in new[] { (HttpMethod.Post, "/push/subscriptions"), (HttpMethod.Delete, "/push/subscriptions"), (HttpMethod.Post, "/push/test") })
        {
            using var request = new HttpRequestMessage(method, path) { Content = new StringContent(browser.Subscription()) };
            request.Headers.Add("Origin", "https://evil.example");
            using var answer = await server.Http.SendAsync(request);
            answer.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        }
    }

    static PushSubscriber Subscriber(Server server, string subject)
    {
        using var browser = new PushBrowser();
        var now = (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        return new PushSubscriber { Endpoint = browser.Endpoint, P256dh = "x", Auth = "x", Origin = "x", Subject = subject, Access = server.Service<PushRights>().AccessOf(subject), CreatedAt = now, SeenAt = now };
    }

    static string With(string json, string key, string value) => System.Text.RegularExpressions.Regex.Replace(json, $"\"{key}\":\"[^\"]*\"", $"\"{key}\":\"{value}\"");

    static async Task<(HttpStatusCode Status, string? Problem)> Post(Server server, string json, string query = "")
    {
        using var answer = await PushBrowser.Post(server.Http, "/push/subscriptions" + query, json);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (answer.StatusCode, body.TryGetProperty("problem", out var problem) ? problem.GetString() : null);
    }

    static async Task<(HttpStatusCode Status, string? Field)> Refused(Server server, string json)
    {
        using var answer = await PushBrowser.Post(server.Http, "/push/subscriptions", json);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (answer.StatusCode, body.TryGetProperty("parameter", out var field) ? field.GetString() : null);
    }
}
