using System.Text.Json;

namespace Telemetry.Tests.Deploy;

/// <summary>Grafana's requirements for a dashboard's file.</summary>
public class DashboardFileTests
{
    public static TheoryData<string> Files => [.. Dashboard.Names];

    [Theory]
    [MemberData(nameof(Files))]
    public void Panels_have_ids_of_their_own_and_do_not_overlap(string name)
    {
        var panels = Dashboard.Open(name).Panels;
        panels.Should().NotBeEmpty();
        panels.Select(panel => panel.GetProperty("id").GetInt32()).Should().OnlyHaveUniqueItems();
        var cells = panels.SelectMany(Cells).ToList();
        cells.Should().OnlyHaveUniqueItems();
        cells.Should().OnlyContain(cell => cell.X >= 0 && cell.X < 24);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_variable_of_a_query_is_defined(string name)
    {
        var dashboard = Dashboard.Open(name);
        var defined = dashboard.Variables.Select(variable => variable.GetProperty("name").GetString()!).ToList();
        dashboard.Panels.Should().OnlyContain(panel => panel.GetProperty("datasource").GetProperty("uid").GetString() == "${source}");
        defined.Should().Contain("source");
        var used = dashboard.Panels.SelectMany(panel => System.Text.RegularExpressions.Regex.Matches(panel.GetProperty("targets").ToString(), @"\$(?!__)(\w+)").Select(match => match.Groups[1].Value));
        used.Distinct().Should().BeSubsetOf(defined).And.NotBeEmpty();
    }

    static IEnumerable<(int X, int Y)> Cells(JsonElement panel)
    {
        var place = panel.GetProperty("gridPos");
        int Of(string property) => place.GetProperty(property).GetInt32();
        return from x in Enumerable.Range(Of("x"), Of("w")) from y in Enumerable.Range(Of("y"), Of("h")) select (x, y);
    }
}
