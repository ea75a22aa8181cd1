using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Telemetry.Api.Http;

namespace Telemetry.Api.Alerts;

/// <summary>A rule as the body of <c>POST</c> and <c>PUT</c> has it. <see cref="AlertRules"/> reads its fields.</summary>
sealed record RuleBody(JsonElement Json, int? Version) : IJsonBody<RuleBody>
{
    public static string Takes => "The body takes a rule as a JSON object.";

    public static Type Schema => typeof(AlertRuleFields);

    public static RuleBody Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object) throw new ProblemException(Takes, null);
        if (!body.TryGetProperty("version", out var given)) return new RuleBody(body.Clone(), null);
        return given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out var version) ? new RuleBody(body.Clone(), version) : throw NoVersion;
    }

    public static ProblemException NoVersion => new("version takes the version of the rule that is changed, as GET /alerts/rules has it.", "version");
}

sealed record PathRule(int Id) : IRequestPart<PathRule>
{
    static readonly WholeNumber Parameter = new("id", "The id of a rule", Min: 1, Max: int.MaxValue) { IsInPath = true };

    public static IReadOnlyList<Parameter> Parameters => [Parameter];

    public static IReadOnlyList<int> Problems => [StatusCodes.Status404NotFound];

    // The route accepts whole numbers only.
    public static PathRule Read(HttpContext http) => new(int.Parse((string)http.GetRouteValue(Parameter.Name)!, CultureInfo.InvariantCulture));
}

sealed record RuleVersion(int? Number) : IRequestPart<RuleVersion>
{
    static readonly WholeNumber Parameter = new("version", "The version that is meant; without it any", Min: 1, Max: int.MaxValue);

    public static IReadOnlyList<Parameter> Parameters => [Parameter];

    public static RuleVersion Read(HttpContext http) => new(Parameter.Read(http));
}

/// <summary>The shape of a rule, for the OpenAPI document; docs/alerts.md has its meaning.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
sealed class AlertRuleFields
{
    [StringLength(100, MinimumLength = 1)]
    public required string Name { get; init; }

    [AllowedValues("info", "warning", "critical")]
    public string Severity { get; init; } = "warning";

    /// <summary>Ids of vehicles; without it all.</summary>
    public IReadOnlyList<int>? Vehicles { get; init; }

    public bool Enabled { get; init; } = true;

    /// <summary>Conditions, 1 to 10: all of them must hold for the rule to be true.</summary>
    public required IReadOnlyList<JsonObject> When { get; init; }

    /// <summary>Conditions, at most 10: all of them must hold for the rule to be judged.</summary>
    public IReadOnlyList<JsonObject>? While { get; init; }

    /// <summary>Judged seconds that the rule must be true until it fires.</summary>
    public double For { get; init; }

    /// <summary>Judged seconds that the rule must be clear until its alert ends.</summary>
    public double ClearFor { get; init; }

    public bool OncePerDrive { get; init; }

    /// <summary>Seconds after an alert in which others of the same vehicle are not sent.</summary>
    public double Cooldown { get; init; }

    public IReadOnlyList<JsonObject>? Notify { get; init; }

    public string? Message { get; init; }

    /// <summary>The version of the rule that is changed; not for a new one.</summary>
    public int Version { get; init; }
}
