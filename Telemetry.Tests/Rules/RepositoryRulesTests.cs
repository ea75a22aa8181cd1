using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Telemetry.Api.Alerts;
using Telemetry.Core.Ingest;
using Telemetry.Core.Live;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Rules;

public partial class RepositoryRulesTests
{
    static readonly string SettingsPage = Path.Combine(Repository.Top, "docs", "settings.md");

    [Fact]
    public void Core_uses_no_io_and_no_wall_clock()
    {
        var references = typeof(LiveGraph).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name).ToList();
        references.Should().OnlyContain(name => name!.StartsWith("System.", StringComparison.Ordinal));
        references.Should().NotContain(name => name!.StartsWith("System.Net", StringComparison.Ordinal) || name.StartsWith("System.Data", StringComparison.Ordinal)
            || name.StartsWith("System.IO", StringComparison.Ordinal) || name == "System.Console");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Top, "Telemetry.Core"), "*.cs", SearchOption.AllDirectories).Where(IsSource))
            File.ReadAllText(file).Should().NotContainAny("UtcNow", "DateTime.Now", "Stopwatch.GetTimestamp", "Environment.TickCount");
    }

    [Fact]
    public void Every_setting_is_documented()
    {
        var documentation = File.ReadAllText(SettingsPage);
        foreach (var settings in typeof(Api.Program).Assembly.GetTypes().Concat(typeof(Telemetry.Cluster.ClusterStage).Assembly.GetTypes()).Where(type => type.Name.EndsWith("Settings", StringComparison.Ordinal) && !type.IsAbstract))
        {
            foreach (var property in settings.GetProperties().Where(property => property.CanWrite))
                documentation.Should().Contain($"`{settings.Name[..^"Settings".Length]}:{property.Name}`");
        }
    }

    /// <summary>The generated binding leaves properties out that are set on initialization only, without a word.</summary>
    [Fact]
    public void Every_setting_can_be_bound_by_generated_code()
    {
        var settings = typeof(Api.Program).Assembly.GetTypes().Where(type => type.Name.EndsWith("Settings", StringComparison.Ordinal)).Append(typeof(TopicRule)).Append(typeof(ChannelSection));
        settings.SelectMany(type => type.GetProperties()).Where(property => property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true)
            .Select(property => $"{property.DeclaringType!.Name}.{property.Name}").Should().BeEmpty("settings have set, not init");
    }

    [Fact]
    public void Every_documented_setting_is_an_argument()
    {
        var keys = File.ReadLines(SettingsPage).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]).Where(key => Key().IsMatch(key)).ToList();
        keys.Should().HaveCountGreaterThan(30);
        foreach (var key in keys) Api.Hosting.CommandLine.Parse([$"--{key}=x"]).Configuration.Should().Equal($"--{key}=x");
    }

    [Fact]
    public void Every_source_file_that_a_page_of_docs_names_exists()
    {
        var pages = Directory.GetFiles(Path.Combine(Repository.Top, "docs"), "*.md");
        var files = pages.SelectMany(page => SourcePath().Matches(File.ReadAllText(page))).Select(match => match.Groups[1].Value).ToList();
        files.Should().HaveCountGreaterThan(30);
        files.Should().OnlyContain(file => Path.Exists(Path.Combine(Repository.Top, file)));
    }

    [GeneratedRegex("`((?:Telemetry\\.\\w+|wwwroot)/[\\w./-]+)`")]
    private static partial Regex SourcePath();

    [GeneratedRegex("^[A-Z][A-Za-z]+(:[A-Z][A-Za-z]+)+$")]
    private static partial Regex Key();

    static bool IsSource(string path) => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}");
}
