using System.Text.Json;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Deploy;

/// <summary>A Grafana dashboard of the repository.</summary>
sealed class Dashboard
{
    readonly JsonElement _json;

    Dashboard(JsonElement json) => _json = json;

    public static IEnumerable<string> Names => Directory.GetFiles(Path.Combine(Repository.Top, "deploy", "grafana"), "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!);

    public IReadOnlyList<JsonElement> Panels => [.. _json.GetProperty("panels").EnumerateArray()];

    public IReadOnlyList<JsonElement> Variables => [.. _json.GetProperty("templating").GetProperty("list").EnumerateArray()];

    public static Dashboard Open(string name) => new(JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Top, "deploy", "grafana", $"{name}.json"))).RootElement);

    /// <summary>The queries of all panels.</summary>
    /// <param name="property">Where a target has it: <c>expr</c> or <c>rawSql</c>.</param>
    public IReadOnlyList<string> Queries(string property) =>
        [.. Panels.SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty(property).GetString()!)];
}
