using Microsoft.AspNetCore.Http.HttpResults;
using Telemetry.Api.Access;
using Telemetry.Api.Http;
using Telemetry.Core.Alerts;
using Telemetry.Core.Live;

namespace Telemetry.Api.Alerts;

/// <summary><c>/alerts/rules</c>: the rules. Changing them needs a viewer of all vehicles.</summary>
static class RuleEndpoints
{
    // Vehicles of a rule in the list. A rule by itself has more.
    const int MaxVehiclesInList = 100;
    const int MaxVehicles = 1000;

    public static void MapRules(this WebApplication app)
    {
        app.MapGet("/alerts/rules", List).ShowsOnlyVehiclesOfViewer().Describe("alerts", "listRules", "The rules, by id", "The rules");
        app.MapGet("/alerts/rules/{id:int}", Get).ShowsOnlyVehiclesOfViewer().Describe("alerts", "getRule", "A rule", "The rule");
        app.MapPost("/alerts/rules", AddAsync).ChecksOrigin().WithMetadata(new RuleSize())
            .Describe("alerts", "addRule", "Add a rule, at most 200", "The rule").MayAnswer(StatusCodes.Status503ServiceUnavailable);
        app.MapPut("/alerts/rules/{id:int}", ReplaceAsync).ChecksOrigin().WithMetadata(new RuleSize())
            .Describe("alerts", "replaceRule", "Change a rule; where it judges otherwise than before, its open alerts end", "The rule as it is now")
            .MayAnswer(StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable);
        app.MapDelete("/alerts/rules/{id:int}", RemoveAsync).ChecksOrigin()
            .Describe("alerts", "removeRule", "Remove a rule; its open alerts end", "It is removed").MayAnswer(StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable);
    }

    static Ok<IEnumerable<RuleView>> List(HttpContext http, AlertRules rules, LiveGraphs graphs, AlertsSettings settings) =>
        TypedResults.Ok(rules.All.Where(rule => IsShown(rule, http.Viewer())).Select(rule => RuleView.Of(rule, http.Viewer(), graphs, settings, MaxVehiclesInList)));

    static Results<Ok<RuleView>, ProblemHttpResult> Get(PathRule path, HttpContext http, AlertRules rules, LiveGraphs graphs, AlertsSettings settings) =>
        rules.Find(path.Id) is { } rule && IsShown(rule, http.Viewer()) ? TypedResults.Ok(RuleView.Of(rule, http.Viewer(), graphs, settings, MaxVehicles)) : NoRule(path.Id);

    static async Task<Results<Created<RuleView>, ProblemHttpResult>> AddAsync(RuleBody body, HttpContext http, AlertRules rules, LiveGraphs graphs, AlertsSettings settings)
    {
        try
        {
            var (change, rule) = await rules.AddAsync(body.Json, http.Viewer().Subject);
            return rule is not null ? TypedResults.Created($"/alerts/rules/{rule.Rule.Id}", RuleView.Of(rule, http.Viewer(), graphs, settings, MaxVehicles)) : Refusal(http, change, 0);
        }
        catch (AlertRuleException wrong)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, wrong.Message, wrong.Field);
        }
    }

    static async Task<Results<Ok<RuleView>, ProblemHttpResult>> ReplaceAsync(PathRule path, RuleBody body, HttpContext http, AlertRules rules, LiveGraphs graphs, AlertsSettings settings)
    {
        try
        {
            var (change, rule) = await rules.ReplaceAsync(path.Id, body.Version ?? throw RuleBody.NoVersion, body.Json, http.Viewer().Subject);
            return change == RuleChange.Done && rule is not null ? TypedResults.Ok(RuleView.Of(rule, http.Viewer(), graphs, settings, MaxVehicles)) : Refusal(http, change, path.Id);
        }
        catch (AlertRuleException wrong)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, wrong.Message, wrong.Field);
        }
    }

    static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(PathRule path, RuleVersion version, HttpContext http, AlertRules rules)
    {
        var (change, _) = await rules.RemoveAsync(path.Id, version.Number);
        return change == RuleChange.Done ? TypedResults.NoContent() : Refusal(http, change, path.Id);
    }

    static ProblemHttpResult Refusal(HttpContext http, RuleChange change, int id) => change switch
    {
        RuleChange.Missing => NoRule(id),
        RuleChange.OtherVersion => Problem.Of(StatusCodes.Status409Conflict, "The rule has been changed meanwhile and has another version now; GET /alerts/rules has it.", "version"),
        RuleChange.NameTaken => Problem.Of(StatusCodes.Status400BadRequest, "name takes a name that no other rule has.", "name"),
        RuleChange.TooMany => Problem.Of(StatusCodes.Status400BadRequest, $"There are {AlertRules.MaxRules} rules, as many as there may be.", "rules"),
        _ => Problem.NotNow(http, StatusCodes.Status503ServiceUnavailable, "The store cannot be written now, and nothing has changed; see /health/ready.", TimeSpan.FromSeconds(5)),
    };

    static bool IsShown(StoredRule rule, AccessScope viewer) => viewer.VehicleIds is not { } ids || Array.Exists(ids, rule.Rule.AppliesTo);

    static ProblemHttpResult NoRule(int id) => Problem.Of(StatusCodes.Status404NotFound, $"No rule has the id {id}; GET /alerts/rules lists them.", "id");
}
