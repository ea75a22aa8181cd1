using System.Text.RegularExpressions;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Deploy;

/// <summary>The compose file of three instances. No container runs here.</summary>
public partial class ClusterComposeTests
{
    static readonly string Text = File.ReadAllText(Path.Combine(Repository.Top, "deploy", "compose", "cluster.yaml"));

    [Fact]
    public async Task The_settings_of_its_instances_are_taken()
    {
        var settings = Setting().Matches(Text).Select(match => $"--{match.Groups["name"].Value.Replace("__", ":", StringComparison.Ordinal)}={match.Groups["value"].Value.Trim('"')}").ToArray();
        settings.Should().Contain("--Cluster:Name=telemetry").And.Contain("--Mqtt:ClientId=telemetry").And.HaveCount(6);
        await ClusterBuild.MustTake([.. settings, "--Cluster:Address=10.0.0.1"]);
    }

    [Fact]
    public void It_builds_the_stage_of_the_cluster_and_opens_ports_to_this_machine_only()
    {
        File.ReadAllText(Path.Combine(Repository.Top, "Dockerfile")).Should().Contain("FROM base AS cluster\n").And.Contain("Telemetry.Cluster.dll");
        Text.Should().Contain("target: cluster").And.Contain("exec dotnet /app/Telemetry.Cluster.dll");
        Port().Matches(Text).Select(match => match.Groups["port"].Value).Should().HaveCount(2).And.OnlyContain(port => port.StartsWith("127.0.0.1:", StringComparison.Ordinal));
    }

    [GeneratedRegex("""^    (?<name>[A-Z][A-Za-z]+__[A-Za-z]+): (?<value>.+)$""", RegexOptions.Multiline)]
    private static partial Regex Setting();

    [GeneratedRegex("""^ +- "(?<port>[^"]+:\d+:\d+)"$""", RegexOptions.Multiline)]
    private static partial Regex Port();
}
