using System.Text.Json;
using System.Text.Json.Nodes;
using Telemetry.Core.Alerts;

namespace Telemetry.Api.Alerts;

/// <summary>A rule as it is stored.</summary>
/// <param name="Json">The same as it was given, without its version.</param>
/// <param name="ChangedAt">Time of the last change, UTC.</param>
/// <param name="ChangedBy">Subject of the token that changed it; null without login.</param>
sealed record StoredRule(AlertRule Rule, string Json, DateTime ChangedAt, string? ChangedBy)
{
    /// <summary>The JSON of a rule without its version, which has a column of its own.</summary>
    public static string Text(JsonElement rule)
    {
        var fields = JsonObject.Create(rule)!;
        fields.Remove("version");
        return fields.ToJsonString();
    }

    /// <summary>The same JSON with another vehicle in the place of one.</summary>
    public JsonElement With(int vehicleId, int into)
    {
        var fields = JsonNode.Parse(Json)!.AsObject();
        fields["vehicles"] = new JsonArray([.. Rule.Vehicles!.Select(id => id == vehicleId ? into : id).Distinct().Order().Select(id => (JsonNode)id)]);
        return JsonElement.Parse(fields.ToJsonString());
    }

    /// <summary>The same JSON for a viewer: the list of vehicles has theirs alone.</summary>
    public JsonObject Shown(Func<int, bool> allows)
    {
        var fields = JsonNode.Parse(Json)!.AsObject();
        if (Rule.Vehicles is { } ids) fields["vehicles"] = new JsonArray([.. ids.Where(allows).Order().Select(id => (JsonNode)id)]);
        return fields;
    }
}
