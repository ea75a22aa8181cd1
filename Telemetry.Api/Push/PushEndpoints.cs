using Microsoft.AspNetCore.Http.HttpResults;
using Telemetry.Api.Access;
using Telemetry.Api.Http;
using Telemetry.Api.Notify;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;
using Telemetry.Core.Notifications;

namespace Telemetry.Api.Push;

/// <summary><c>/push</c>: browsers that alerts are sent to. Each has the rights of its own token.</summary>
static class PushEndpoints
{
    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    public static void MapPush(this WebApplication app)
    {
        app.MapGet("/push/key", KeyAsync).ShowsOnlyVehiclesOfViewer().ReadsStore().Describe("push", "getPushKey", "The server's key, which a browser needs to subscribe", "The key");
        app.MapPost("/push/subscriptions", SubscribeAsync).Changes().MayAnswer(StatusCodes.Status409Conflict, StatusCodes.Status429TooManyRequests)
            .Describe("push", "subscribe", "Send alerts to a browser, with the rights of the token; pages repeat it at each start", "The subscription");
        app.MapDelete("/push/subscriptions", UnsubscribeAsync).Changes().MayAnswer(StatusCodes.Status429TooManyRequests).Describe("push", "unsubscribe", "Send no more alerts to a browser", "It is sent nothing any more");
        app.MapPost("/push/test", TestAsync).Changes().MayAnswer(StatusCodes.Status404NotFound, StatusCodes.Status429TooManyRequests, StatusCodes.Status502BadGateway)
            .Describe("push", "testPush", "Send a test message to one browser at once", "The push service has taken it");
    }

    static RouteHandlerBuilder Changes(this RouteHandlerBuilder endpoint) => endpoint.ShowsOnlyVehiclesOfViewer().ChecksOrigin().ReadsStore();

    static async Task<Results<Ok<PushKeyView>, ProblemHttpResult>> KeyAsync(HttpContext http, PushKeys keys, Channels channels)
    {
        if (await keys.FindOrCreateAsync(http.RequestAborted) is not { } key) return StoreAway(http);
        return TypedResults.Ok(new PushKeyView(key.Public, channels.All.Where(channel => channel.Kind == "push").Select(channel => channel.Name)));
    }

    static async Task<Results<Created<PushSubscriptionView>, Ok<PushSubscriptionView>, ProblemHttpResult>> SubscribeAsync(
        PushSubscriptionBody body, HttpContext http, PushServices services, PushAttempts attempts, PushSubscribers subscribers, PushRights rights, PushKeys keys, PushDelivery delivery, TimeProvider clock)
    {
        if (!services.Allow(body.Endpoint)) throw PushEndpointBody.Wrong($"takes an https address of a push service ({services.Names}); Alerts:PushServices adds others");
        if (attempts.Try("subscribe", http) is { } wait) return Problem.NotNow(http, StatusCodes.Status429TooManyRequests, "Too many subscriptions. Try again after the seconds in Retry-After.", wait);
        if (await keys.FindOrCreateAsync(http.RequestAborted) is null) return StoreAway(http);
        var viewer = http.Viewer();
        var now = (clock.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        var (result, isNew) = await subscribers.SaveAsync(new PushSubscriber
        {
            Endpoint = body.Endpoint.AbsoluteUri,
            P256dh = body.P256dh,
            Auth = body.Auth,
            // The page's own origin, allowed by OriginCheck: links in messages lead back to it.
            Origin = http.Request.Headers.Origin.ToString() is { Length: > 0 } origin ? origin : $"{http.Request.Scheme}://{http.Request.Host}",
            Language = body.Language,
            Subject = viewer.Subject,
            Vehicles = viewer.VehicleIds is { } ids ? string.Join(',', ids) : null,
            Access = rights.AccessOf(viewer.Subject),
            Login = PushRights.LoginOf(viewer),
            CreatedAt = now,
            SeenAt = now,
        });
        if (result == SubscribeResult.TooMany) return Problem.Of(StatusCodes.Status409Conflict, $"There are {PushSubscribers.MaxOfSubject} subscriptions already; end one on another browser first.", "endpoint");
        if (result == SubscribeResult.StoreAway) return StoreAway(http);
        var view = new PushSubscriptionView(body.Endpoint.Host, isNew ? await delivery.ProblemAsync(body.Endpoint, http.RequestAborted) : null);
        return isNew ? TypedResults.Created((string?)null, view) : TypedResults.Ok(view);
    }

    static async Task<Results<NoContent, ProblemHttpResult>> UnsubscribeAsync(PushEndpointBody body, HttpContext http, PushAttempts attempts, PushSubscribers subscribers)
    {
        if (attempts.Try("unsubscribe", http) is { } wait) return Problem.NotNow(http, StatusCodes.Status429TooManyRequests, "Too many requests to unsubscribe. Try again after the seconds in Retry-After.", wait);
        // No rights are checked: only the browser and its owner's server know the address.
        await subscribers.RemoveAsync([body.Endpoint.AbsoluteUri]);
        return TypedResults.NoContent();
    }

    static async Task<Results<Ok<TestView>, ProblemHttpResult>> TestAsync(
        PushEndpointBody body, HttpContext http, PushAttempts attempts, PushSubscribers subscribers, PushDelivery delivery, TimeProvider clock)
    {
        if (attempts.Try("test", http) is { } wait) return Problem.NotNow(http, StatusCodes.Status429TooManyRequests, "Too many test messages. Try again after the seconds in Retry-After.", wait);
        if (subscribers.Valid.FirstOrDefault(known => known.Endpoint == body.Endpoint.AbsoluteUri && known.Subject == http.Viewer().Subject) is not { } to)
            return Problem.Of(StatusCodes.Status404NotFound, "This browser has not subscribed.", "endpoint");
        if (await delivery.KeyAsync(http.RequestAborted) is not { } key) return StoreAway(http);
        var notice = PushTest.Notice(clock.GetUtcNow().UtcDateTime);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        patience.CancelAfter(Channel.SendTimeout);
        try
        {
            var answer = await delivery.SendAsync(to, [notice], key, isFrench: false, patience.Token);
            return answer.Outcome.Result == SendResult.Sent ? TypedResults.Ok(new TestView(notice.Key)) : NotDelivered(answer.Outcome.Problem);
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            return NotDelivered($"{body.Endpoint.Host} has not answered within {Channel.SendTimeout.TotalSeconds:0} s");
        }
    }

    static ProblemHttpResult NotDelivered(string problem) => Problem.Of(StatusCodes.Status502BadGateway, $"The message could not be delivered: {problem}.");

    static ProblemHttpResult StoreAway(HttpContext http) => Problem.NotNow(http, StatusCodes.Status503ServiceUnavailable, "The store cannot be used now, and nothing has changed; see /health/ready.", RetryAfter);
}

static class PushTest
{
    public static PushNotice Notice(DateTime now)
    {
        var alert = new Alert(AlertIds.New(now), ServerRules.Test, null, Severity.Info, now, now) { Rule = "Test" };
        return PushNotice.Of(new Notice(alert, null, NoticeKind.Fired, 0), now, Words(isFrench: false), Words(isFrench: true));
    }

    static NoticeText Words(bool isFrench) => new(isFrench, TimeZoneInfo.Local, _ => NoticeLinks.None);
}

/// <summary>Data that a browser needs to subscribe.</summary>
/// <param name="Key">The server's public key, base64url: <c>applicationServerKey</c>.</param>
/// <param name="Channels">Channels that send to browsers; a rule names one of them.</param>
sealed record PushKeyView(string Key, IEnumerable<string> Channels);

/// <summary>A subscription.</summary>
/// <param name="Service">Host of the push service.</param>
/// <param name="Problem">Why this server does not reach it; null: it does, or that was not tried.</param>
sealed record PushSubscriptionView(string Service, string? Problem);
