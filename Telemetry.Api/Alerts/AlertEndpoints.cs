using System.Reactive.Concurrency;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Telemetry.Api.Access;
using Telemetry.Api.Http;
using Telemetry.Api.Queries;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;

namespace Telemetry.Api.Alerts;

static class AlertEndpoints
{
    static readonly TimeSpan MaxSnooze = TimeSpan.FromDays(366);

    public static void MapAlertList(this WebApplication app)
    {
        app.MapGet("/alerts", ListAsync).ShowsOnlyVehiclesOfViewer().ReadsStore()
            .Describe("alerts", "listAlerts", "Alerts, the newest first; while the store is away, those that are open or not in it yet", "A page");
        app.MapGet("/alerts/{id}", FindAsync).ShowsOnlyVehiclesOfViewer().ReadsStore().Describe("alerts", "getAlert", "One alert, whenever it was", "The alert");
        app.MapPost("/alerts/{id}/ack", AckAsync).Changes().OpensWithKey().Describe("alerts", "acknowledgeAlert", "Acknowledge an alert", "The alert as it is now");
        app.MapDelete("/alerts/{id}/ack", UnackAsync).Changes().Describe("alerts", "unacknowledgeAlert", "Take an acknowledgement back", "The alert as it is now");
        app.MapPost("/alerts/{id}/snooze", SnoozeAsync).Changes().Describe("alerts", "snoozeAlert", "Silence an alert until a time", "The alert as it is now");
    }

    static RouteHandlerBuilder Changes(this RouteHandlerBuilder endpoint) => endpoint.ShowsOnlyVehiclesOfViewer().ChecksOrigin().ReadsStore().MayAnswer(StatusCodes.Status409Conflict);

    static async Task<Ok<IEnumerable<AlertView>>> ListAsync(QueriedAlerts queried, AlertHistory history, DeliveriesOf deliveries, IScheduler clock, CancellationToken cancelled)
    {
        var alerts = await history.ReadAsync(queried.Query, cancelled);
        var now = clock.Now.UtcDateTime;
        return TypedResults.Ok(alerts.Select(alert => AlertView.Of(alert, now, deliveries(alert.Id))));
    }

    static async Task<Ok<AlertView>> FindAsync(PathAlert path, HttpContext http, AlertHistory history, DeliveriesOf deliveries, IScheduler clock)
    {
        if (await history.FindAsync(path.Id, http.RequestAborted) is not { } alert || !IsShown(alert, http.Viewer())) throw PathAlert.NoAlert;
        return TypedResults.Ok(AlertView.Of(alert, clock.Now.UtcDateTime, deliveries(path.Id)));
    }

    static Task<Results<Ok<AlertView>, ProblemHttpResult>> AckAsync(AckKey key, PathAlert path, Acknowledgement ack, HttpContext http, AlertHistory history, AlertAnswers answers, DeliveriesOf deliveries, IScheduler clock)
    {
        var now = TimeRange.Whole(clock.Now.UtcDateTime);
        return ChangeAsync(path, http, key.IsGiven, history, answers, deliveries, now, alert => alert with
        {
            AckedAt = alert.AckedAt ?? now,
            AckedBy = alert.AckedAt is null ? http.Viewer().Subject : alert.AckedBy,
            Note = ack.Note ?? alert.Note,
        });
    }

    static Task<Results<Ok<AlertView>, ProblemHttpResult>> UnackAsync(PathAlert path, HttpContext http, AlertHistory history, AlertAnswers answers, DeliveriesOf deliveries, IScheduler clock) =>
        ChangeAsync(path, http, isOpen: false, history, answers, deliveries, clock.Now.UtcDateTime, alert => alert with { AckedAt = null, AckedBy = null, Note = null });

    static Task<Results<Ok<AlertView>, ProblemHttpResult>> SnoozeAsync(PathAlert path, Snooze snooze, HttpContext http, AlertHistory history, AlertAnswers answers, DeliveriesOf deliveries, IScheduler clock)
    {
        var now = clock.Now.UtcDateTime;
        if (snooze.Until <= now || snooze.Until > now + MaxSnooze) throw Snooze.Wrong;
        return ChangeAsync(path, http, isOpen: false, history, answers, deliveries, now, alert => alert with { SnoozedUntil = snooze.Until });
    }

    static async Task<Results<Ok<AlertView>, ProblemHttpResult>> ChangeAsync(
        PathAlert path, HttpContext http, bool isOpen, AlertHistory history, AlertAnswers answers, DeliveriesOf deliveries, DateTime now, Func<Alert, Alert> change)
    {
        if (await history.FindAsync(path.Id, http.RequestAborted) is not { } known || !(isOpen || IsShown(known, http.Viewer()))) throw PathAlert.NoAlert;
        var (result, changed) = await answers.ChangeAsync(path.Id, change);
        return result switch
        {
            AnswerResult.Over => Problem.Of(StatusCodes.Status409Conflict, "The alert is over.", "id"),
            AnswerResult.StoreAway => Problem.NotNow(http, StatusCodes.Status503ServiceUnavailable, "The store cannot be written now, and nothing has changed; see /health/ready.", TimeSpan.FromSeconds(5)),
            _ => TypedResults.Ok(AlertView.Of(changed!, now, deliveries(path.Id))),
        };
    }

    static bool IsShown(Alert alert, AccessScope viewer) => alert.VehicleId is { } id ? viewer.Allows(id) : viewer.VehicleIds is null;
}

[JsonSerializable(typeof(IEnumerable<AlertView>))]
[JsonSerializable(typeof(AlertView))]
[JsonSerializable(typeof(IEnumerable<RuleView>))]
[JsonSerializable(typeof(AlertRuleFields))]
[JsonSerializable(typeof(Acknowledgement))]
[JsonSerializable(typeof(Snooze))]
sealed partial class AlertsJson : JsonSerializerContext;
