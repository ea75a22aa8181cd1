using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Telemetry.Api.Access;
using Telemetry.Api.Http;
using Telemetry.Core.Alerts;
using Telemetry.Core.Notifications;

namespace Telemetry.Api.Notify;

/// <summary><c>/alerts/channels</c>: where alerts are sent. Nothing secret is shown.</summary>
static class NotifyEndpoints
{
    public static void MapNotify(WebApplication app)
    {
        app.MapGet("/alerts/channels", List).Describe("alerts", "listChannels", "Where alerts are sent, and how that goes", "The channels, as the settings name them");
        app.MapPost("/alerts/channels/{name}/test", TestAsync).ChecksOrigin().Describe("alerts", "testChannel", "Send a test message at once", "The receiver has taken it")
            .MayAnswer(StatusCodes.Status429TooManyRequests, StatusCodes.Status502BadGateway);
    }

    static Ok<IEnumerable<ChannelView>> List(ChannelWorkers workers) => TypedResults.Ok(workers.All.Select(ChannelView.Of));

    static async Task<Results<Ok<TestView>, ProblemHttpResult>> TestAsync(PathChannel path, HttpContext http, TimeProvider clock)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var alert = new Alert(AlertIds.New(now), ServerRules.Test, null, Severity.Info, now, now) { Rule = "Test" };
        var digest = Digest.Of([new Notice(alert, null, NoticeKind.Fired, 0)], new HashSet<string>(), now);
        return await path.Worker.TestAsync(digest, http.RequestAborted) switch
        {
            { Result: SendResult.Sent } => TypedResults.Ok(new TestView(digest.Id)),
            { } failed => Problem.Of(StatusCodes.Status502BadGateway, $"The message could not be delivered: {failed.Problem}."),
            null => Problem.NotNow(http, StatusCodes.Status429TooManyRequests, "A test message is being sent already.", Channel.SendTimeout),
        };
    }
}

/// <summary>A channel as <c>GET /alerts/channels</c> tells it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind"><c>webhook</c>, <c>smtp</c>, <c>mqtt</c> or <c>push</c>.</param>
/// <param name="Problem">Current problem; null: none known.</param>
/// <param name="LastSuccess">The last delivery; null: none.</param>
/// <param name="LastError">Last error since the start of the server; null: none.</param>
/// <param name="LastErrorAt">When.</param>
/// <param name="Waiting">Alerts that wait to be told.</param>
/// <param name="Sent">Messages delivered since the start of the server.</param>
/// <param name="GivenUp">Messages given up since then.</param>
sealed record ChannelView(
    string Name, [property: AllowedValues("webhook", "smtp", "mqtt", "push")] string Kind, string? Problem, string? LastSuccess, string? LastError, string? LastErrorAt, int Waiting, long Sent, long GivenUp)
{
    public static ChannelView Of(ChannelWorker worker)
    {
        var now = worker.Status.Now;
        return new ChannelView(worker.Channel.Name, worker.Channel.Kind, now.Problem, Text(now.SucceededAt), now.Error, Text(now.FailedAt), now.Waiting, now.Sent, now.GivenUp);
    }

    static string? Text(DateTime? time) => time is { } known ? Timestamps.Text(known) : null;
}

/// <summary>A test message.</summary>
/// <param name="Id">Its idempotency key.</param>
sealed record TestView(string Id);

/// <summary>The channel of a path.</summary>
sealed record PathChannel(ChannelWorker Worker) : IRequestPart<PathChannel>
{
    static readonly Text Parameter = new("name", "The name of a channel") { IsInPath = true };

    public static IReadOnlyList<Parameter> Parameters => [Parameter];

    public static IReadOnlyList<int> Problems => [StatusCodes.Status404NotFound];

    public static PathChannel Read(HttpContext http) => new(http.RequestServices.GetRequiredService<ChannelWorkers>().Find((string)http.GetRouteValue(Parameter.Name)!)
        ?? throw new ProblemException(StatusCodes.Status404NotFound, "No channel has this name; GET /alerts/channels lists them.", Parameter.Name));
}
