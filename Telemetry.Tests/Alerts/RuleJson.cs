using System.Text.Json;
using System.Text.Json.Nodes;
using Telemetry.Core.Alerts;
using Telemetry.Core.Signals;

namespace Telemetry.Tests.Alerts;

/// <summary>Rules of tests, which need no name.</summary>
static class RuleJson
{
    public static AlertRule Read(JsonElement rule, int id, SignalCatalog signals)
    {
        var named = JsonNode.Parse(rule.GetRawText())!.AsObject();
        named.TryAdd("name", $"rule {id}");
        return new AlertRuleReader(signals).Read(JsonSerializer.SerializeToElement(named), id, version: 1);
    }
}
