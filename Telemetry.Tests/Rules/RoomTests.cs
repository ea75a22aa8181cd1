using System.Text.RegularExpressions;
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

    // The compiler copies constants, so the assemblies do not show who uses one of another folder.
    [Fact]
    public void Sources_name_only_folders_below_their_own()
    {
        foreach (var (project, _) in Projects)
        {
            var levels = Map(project);
            var top = Path.Combine(Repository.Top, project);
            foreach (var file in Directory.EnumerateFiles(top, "*.cs", SearchOption.AllDirectories))
            {
                var from = Path.GetRelativePath(top, file).Split(Path.DirectorySeparatorChar)[0];
                if (!levels.TryGetValue(from, out var level)) continue;
                foreach (var to in Named(project).Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value).Where(to => to != from && levels.ContainsKey(to)))
                    level.Should().BeLessThan(levels[to], $"{file} names {to}");
            }
        }
    }

    static Regex Named(string project) => new($@"(?<!///.*)\b{Regex.Escape(project)}\.(\w+)\b");

    // The README's map: a heading "Telemetry.Api", then a line of folders for each level, the uppermost first.
    static Dictionary<string, int> Map(string project)
    {
        var lines = File.ReadLines(Path.Combine(Repository.Top, "README.md")).SkipWhile(line => line != project).Skip(1).TakeWhile(line => line.StartsWith("  ", StringComparison.Ordinal));
        return lines.SelectMany((line, level) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(room => (room, level))).ToDictionary(place => place.room, place => place.level);
    }
}
