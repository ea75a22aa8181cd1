using System.Globalization;
using System.Text.RegularExpressions;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Deploy;

/// <summary>docs/deploy.md: ways, commands and sums that hold.</summary>
public partial class DeployGuideTests
{
    static readonly string Guide = File.ReadAllText(Path.Combine(Repository.Top, "docs", "deploy.md"));

    [Fact]
    public void Links_between_pages_lead_to_a_heading()
    {
        var pages = Directory.GetFiles(Path.Combine(Repository.Top, "docs"), "*.md").Append(Path.Combine(Repository.Top, "README.md"));
        foreach (var page in pages)
        {
            foreach (var (path, anchor) in Link().Matches(File.ReadAllText(page)).Select(match => (match.Groups["path"].Value, match.Groups["anchor"].Value)))
            {
                var target = path == "" ? page : Path.Combine(Path.GetDirectoryName(page)!, path);
                File.Exists(target).Should().BeTrue($"{page} leads to {path}");
                if (anchor != "") Heading().Matches(File.ReadAllText(target)).Select(match => Anchor(match.Groups["text"].Value)).Should().Contain(anchor, page);
            }
        }
    }

    [Theory]
    [InlineData("Raspberry Pi")]
    [InlineData("NAS")]
    [InlineData("VPS")]
    public void A_way_takes_at_most_ten_commands_and_its_settings_exist(string way)
    {
        var commands = Commands(way);
        commands.Count.Should().BeInRange(3, 10);
        var settings = File.ReadAllText(Path.Combine(Repository.Top, "docs", "settings.md"));
        foreach (var name in Variable().Matches(string.Join('\n', commands)).Select(match => match.Groups["name"].Value)) settings.Should().Contain($"| `{name.Replace("__", ":", StringComparison.Ordinal)}` |");
    }

    [Fact]
    public async Task The_commands_for_a_VPS_make_an_env_file_with_all_that_Compose_needs()
    {
        using var folder = new TempFolder();
        File.Copy(Path.Combine(Repository.Top, ".env.example"), folder[".env.example"]);
        var (exitCode, output) = await Daemon.Run(Require.Program("bash"), ["-c", $"cd '{folder.Path}' && {string.Join(" && ", Commands("VPS").Where(command => !command.StartsWith("docker", StringComparison.Ordinal)))}"]);
        exitCode.Should().Be(0, output);
        var values = (await File.ReadAllLinesAsync(folder[".env"])).Where(line => !line.StartsWith('#')).ToDictionary(line => line[..line.IndexOf('=')], line => line[(line.IndexOf('=') + 1)..]);
        values.Keys.Should().BeEquivalentTo("MQTT_PASSWORD", "POSTGRES_PASSWORD", "DOMAIN", "LOGIN_PASSWORD", "COMPOSE_FILE");
        values["MQTT_PASSWORD"].Should().MatchRegex("^'[0-9a-f]{32}'$").And.NotBe(values["POSTGRES_PASSWORD"]);
        foreach (var file in values["COMPOSE_FILE"].Split(':')) File.Exists(Path.Combine(Repository.Top, file)).Should().BeTrue(file);
    }

    [Fact]
    public void The_costs_are_the_sums_of_their_parts()
    {
        var rows = Guide.Split('\n').SkipWhile(line => !line.StartsWith("| | price and source", StringComparison.Ordinal)).TakeWhile(line => line.StartsWith('|')).Skip(2).Select(line => line.Split('|')[3..6]).ToList();
        var numbers = rows.ConvertAll(row => Array.ConvertAll(row, cell => decimal.Parse(cell.Trim(' ', '*'), CultureInfo.InvariantCulture)));
        for (var column = 0; column < 3; column++) numbers[..^1].Sum(row => row[column]).Should().Be(numbers[^1][column]);
    }

    static List<string> Commands(string way)
    {
        var section = Guide[Guide.IndexOf($"\n### {way}\n", StringComparison.Ordinal)..];
        return [.. section.Split("```")[1].Replace("\\\n", "", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    static string Anchor(string heading) => NotInAnchor().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\]\((?<path>[\w./-]*\.md)?(#(?<anchor>[^)]+))?\)")]
    private static partial Regex Link();

    [GeneratedRegex("(?m)^#+ (?<text>.+)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"\b(?<name>[A-Z]\w+__\w+)=")]
    private static partial Regex Variable();
}
