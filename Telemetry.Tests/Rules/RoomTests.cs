using Telemetry.Tests.Support;

namespace Telemetry.Tests.Rules;

public class RoomTests
{
    static readonly (string Project, string Assembly)[] Projects =
        [("Telemetry.Api", typeof(Api.Program).Assembly.Location), ("Telemetry.Core", typeof(Core.Signals.Signal).Assembly.Location)];

    [Fact]
    public void No_folder_depends_on_one_that_depends_on_it()
    {
        foreach (var (project, assembly) in Projects)
            RoomGraph.Of(assembly, project).OnCircles().Should().BeEmpty(project);
    }

    [Fact]
    public void Folders_use_only_those_below_them_in_the_readme()
    {
        foreach (var (project, assembly) in Projects)
        {
            var levels = Map(project);
            foreach (var ((from, to), types) in RoomGraph.Of(assembly, project).Arrows.Where(arrow => arrow.Key.From != ""))
            {
                levels.Should().ContainKey(from).And.ContainKey(to);
                levels[from].Should().BeLessThan(levels[to], $"{project}: {from} → {to} ({string.Join("; ", types)})");
            }
        }
    }

    // The README's map: a heading "Telemetry.Api", then a line of folders for each level, the uppermost first.
    static Dictionary<string, int> Map(string project)
    {
        var lines = File.ReadLines(Path.Combine(Repository.Top, "README.md")).SkipWhile(line => line != project).Skip(1).TakeWhile(line => line.StartsWith("  ", StringComparison.Ordinal));
        return lines.SelectMany((line, level) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(room => (room, level))).ToDictionary(place => place.room, place => place.level);
    }
}
