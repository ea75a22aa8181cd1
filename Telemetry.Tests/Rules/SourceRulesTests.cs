using System.Text.RegularExpressions;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Rules;

public partial class SourceRulesTests
{
    const int MaxLines = 250;
    const double MaxCommentShare = 0.08;

    [Fact]
    public void No_file_of_the_product_is_longer_than_250_lines()
    {
        var scripts = Files("wwwroot/js", "*.js").Where(file => !file.StartsWith("wwwroot/js/words/", StringComparison.Ordinal));
        var files = Files("Telemetry.Api", "*.cs").Concat(Files("Telemetry.Core", "*.cs")).Concat(Files("Telemetry.Cluster", "*.cs")).Concat(scripts).ToList();
        files.Should().HaveCountGreaterThan(500);
        files.Select(file => (File: file, Lines: Lines(file).Count())).Where(file => file.Lines > MaxLines).Should().BeEmpty();
    }

    [Fact]
    public void At_most_8_percent_of_the_lines_of_the_api_are_comments()
    {
        var lines = Files("Telemetry.Api", "*.cs").SelectMany(Lines).Select(line => line.Trim()).Where(line => line != "").ToList();
        var share = (double)lines.Count(line => line.StartsWith("//", StringComparison.Ordinal)) / lines.Count;
        share.Should().BeInRange(0.01, MaxCommentShare, "a comment says what the code cannot: units, null, errors, threads, sources and reasons");
    }

    [Fact]
    public void Summaries_name_the_thing()
    {
        var projects = new[] { "Telemetry.Api", "Telemetry.Cluster", "Telemetry.Core", "Telemetry.Tests", "bench" };
        projects.SelectMany(project => Files(project, "*.cs")).SelectMany(file => Lines(file).Where(line => Question().IsMatch(line)).Select(line => $"{file}: {line.Trim()}")).Should().BeEmpty();
    }

    [GeneratedRegex("<summary>(What|Who|Whom|Whose|Whether|How) ")]
    private static partial Regex Question();

    static IEnumerable<string> Lines(string file) => File.ReadLines(Path.Combine(Repository.Top, file));

    static IEnumerable<string> Files(string folder, string pattern) => Directory.EnumerateFiles(Path.Combine(Repository.Top, folder), pattern, SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Repository.Top, file).Replace('\\', '/')).Where(file => !file.Split('/').Any(part => part is "obj" or "bin" or "node_modules"));
}
