using System.Text.RegularExpressions;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Pages;

/// <summary>The rooms of <c>wwwroot/js</c>: what each may import, types included.</summary>
public partial class PageRoomTests
{
    /// <summary>Each room names rooms below it only, so that there is no circle. The entry files beside the rooms may import anything.</summary>
    static readonly (string Room, string[] Below)[] Map =
    [
        ("words", []),
        ("app", ["words"]),
        ("scene", []),
        ("elements", ["app", "scene"]),
        ("charts", ["app", "elements"]),
        ("forecasts", ["app"]),
        ("fleet", ["app", "elements"]),
        ("drives", ["app", "elements", "charts"]),
        ("alerts", ["app", "elements", "charts"]),
        ("settings", ["app", "elements"]),
        ("trips", ["app", "elements"]),
    ];

    [Fact]
    public void Each_room_imports_from_the_rooms_below_it_only()
    {
        var modules = Path.Combine(Repository.Top, "wwwroot/js");
        Directory.GetDirectories(modules).Select(Path.GetFileName).Should().BeEquivalentTo(Map.Select(entry => entry.Room));
        foreach (var (room, below) in Map)
        {
            foreach (var file in Directory.GetFiles(Path.Combine(modules, room)))
            {
                foreach (Match import in Import().Matches(File.ReadAllText(file)))
                {
                    var imported = Path.GetFullPath(import.Groups["path"].Value, Path.GetDirectoryName(file)!);
                    if (imported.StartsWith(Path.Combine(Repository.Top, "wwwroot/lib"), StringComparison.Ordinal)) continue;
                    var name = Path.GetRelativePath(modules, imported);
                    name.Split('/')[0].Should().BeOneOf([room, .. below], $"{Path.GetRelativePath(modules, file)} imports {name}");
                }
            }
        }
    }

    [Fact]
    public void The_map_has_no_circle()
    {
        var rooms = Map.Select(entry => entry.Room).ToList();
        foreach (var (room, below) in Map) below.Should().NotContain(other => rooms.IndexOf(other) >= rooms.IndexOf(room), room);
    }

    [GeneratedRegex("""['"`](?<path>\.{1,2}/[^'"`\s]+\.js)['"`]""")]
    private static partial Regex Import();
}
