using System.Text.Json;
using Telemetry.Api.Access;
using Telemetry.Api.Http;
using Telemetry.Api.Queries;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;

namespace Telemetry.Api.Alerts;

sealed record QueriedAlerts(AlertQuery Query) : IRequestPart<QueriedAlerts>
{
    static readonly Choice State = new("state", "open: those that are not over", "all", "open");
    static readonly WholeNumber RuleId = new("rule_id", "Alerts of this rule", Min: 1, Max: int.MaxValue);
    static readonly Text From = new("from", "Those that fired at this time or later") { Format = "date-time" };
    static readonly Text To = new("to", "Those that fired before this time") { Format = "date-time" };
    static readonly WholeNumber Limit = new("limit", "Alerts in a page", Min: 1, Max: 1000, Default: 100);
    static readonly Text After = new("after", "The last alert_id of the page before") { Format = "uuid" };

    public static IReadOnlyList<Parameter> Parameters => [.. VehicleIds.Parameters, State, RuleId, From, To, Limit, After];

    public static QueriedAlerts Read(HttpContext http) => new(new AlertQuery
    {
        VehicleIds = http.Viewer().Intersect(VehicleIds.Read(http).Ids),
        IsOpen = State.Read(http) == "open",
        RuleId = RuleId.Read(http),
        From = TimeRange.Read(From, http),
        To = TimeRange.Read(To, http),
        Limit = Limit.Read(http)!.Value,
        After = After.Read(http) is not { } text ? null : Guid.TryParseExact(text, "D", out var id) ? id : throw After.Wrong("the last alert_id of the page before"),
    });
}

/// <summary>The alert of a path. An id that cannot be parsed is that of no alert.</summary>
sealed record PathAlert(Guid Id) : IRequestPart<PathAlert>
{
    static readonly Text Parameter = new("id", "The id of an alert") { IsInPath = true, Format = "uuid" };

    public static IReadOnlyList<Parameter> Parameters => [Parameter];

    public static IReadOnlyList<int> Problems => [StatusCodes.Status404NotFound];

    public static PathAlert Read(HttpContext http) => new(Guid.TryParseExact((string)http.GetRouteValue(Parameter.Name)!, "D", out var id) ? id : throw NoAlert);

    /// <summary>Also thrown for alerts that the viewer may not see.</summary>
    public static ProblemException NoAlert => new(StatusCodes.Status404NotFound, "No alert has this id; GET /alerts lists them.", Parameter.Name);
}

sealed record AckKey(bool IsGiven) : IRequestPart<AckKey>
{
    static readonly Text Parameter = new(OpensByKey.Parameter, "The key of the link in a message about the alert; it opens this alert without a token");

    public static IReadOnlyList<Parameter> Parameters => [Parameter];

    public static IReadOnlyList<int> Problems => [StatusCodes.Status404NotFound];

    public static AckKey Read(HttpContext http)
    {
        if (Parameter.Read(http) is not { } key) return new AckKey(false);
        return http.RequestServices.GetRequiredService<AckKeys>().Matches(PathAlert.Read(http).Id, key) ? new AckKey(true) : throw PathAlert.NoAlert;
    }
}

/// <summary>An acknowledgement.</summary>
/// <param name="Note">Note; null: none.</param>
sealed record Acknowledgement(string? Note) : IJsonBody<Acknowledgement>
{
    const int MaxNoteLength = 500;

    public static string Takes => "The body takes a JSON object of note, or nothing.";

    public static Acknowledgement Absent => new((string?)null);

    public static Acknowledgement Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object) throw new ProblemException(Takes, null);
        if (!body.TryGetProperty("note", out var given) || given.ValueKind == JsonValueKind.Null) return Absent;
        var note = given.ValueKind == JsonValueKind.String ? StorableText.Of(given, mayBreakLines: true)?.Trim() ?? "" : "";
        return note.Length is > 0 and <= MaxNoteLength ? new Acknowledgement(note) : throw new ProblemException($"note takes a text of 1 to {MaxNoteLength} characters without control characters, or null.", "note");
    }
}

/// <summary>Body of a snooze: the time until which no messages about the alert are sent.</summary>
/// <param name="Until">UTC.</param>
sealed record Snooze(DateTime Until) : IJsonBody<Snooze>
{
    public static string Takes => "The body takes a JSON object of until.";

    public static Snooze Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object) throw new ProblemException(Takes, null);
        return body.TryGetProperty("until", out var given) && given.ValueKind == JsonValueKind.String && TimeRange.TryTime(given.GetString(), out var until)
            ? new Snooze(TimeRange.Whole(until))
            : throw Wrong;
    }

    public static ProblemException Wrong => new("until takes an ISO 8601 time in UTC, such as 2026-11-23T10:00:00Z, later than now and within a year.", "until");
}
