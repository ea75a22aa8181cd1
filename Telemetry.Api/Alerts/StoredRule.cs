using System.Text.Json;
using System.Text.Json.Nodes;
using Telemetry.Core.Alerts;

namespace Telemetry.Api.Alerts;

sealed record StoredRule(AlertRule Rule, string Json, DateTime ChangedAt, string? ChangedBy)
{
    /// <summary>The version is left out: it has a column of its own.</summary>
    public static string Text(JsonElement rule)
    {
        var fields = JsonObject.Create(rule)!;
        fields.Remove("version");
        return fields.ToJsonString();
    }

    public JsonElement With(int vehicleId, int into)
    {
        var fields = JsonNode.Parse(Json)!.AsObject();
        fields["vehicles"] = new JsonArray([.. Rule.Vehicles!.Select(id => id == vehicleId ? into : id).Distinct().Order().Select(id => (JsonNode)id)]);
        return JsonElement.Parse(fields.ToJsonString());
    }

    /// <summary>Lists only the vehicles that the viewer may see.</summary>
    public JsonObject Shown(Func<int, bool> allows)
    {
        var fields = JsonNode.Parse(Json)!.AsObject();
        if (Rule.Vehicles is { } ids) fields["vehicles"] = new JsonArray([.. ids.Where(allows).Order().Select(id => (JsonNode)id)]);
        return fields;
    }
}
