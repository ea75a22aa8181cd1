using System.Text.RegularExpressions;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Rules;

/// <summary>Ports and settings of the compose file.</summary>
public partial class ComposeTests
{
    static readonly string Text = File.ReadAllText(Path.Combine(Repository.Top, "compose.yaml"));

    [Fact]
    public void Every_port_is_open_to_this_machine_only_unless_configured_otherwise()
    {
        var ports = Port().Matches(Text).Select(match => match.Groups["port"].Value).ToList();
        ports.Should().HaveCount(2).And.OnlyContain(port => port.StartsWith("127.0.0.1:", StringComparison.Ordinal) || port.StartsWith("${MQTT_ADDRESS:-127.0.0.1}:", StringComparison.Ordinal));
    }

    [Fact]
    public void No_password_is_in_an_environment()
    {
        Text.Should().NotContain("${MQTT_PASSWORD").And.NotContain("${POSTGRES_PASSWORD");
        Text.Should().Contain("environment: MQTT_PASSWORD").And.Contain("environment: POSTGRES_PASSWORD").And.Contain("POSTGRES_PASSWORD_FILE: /run/secrets/postgres_password");
    }

    [GeneratedRegex("""^ +- "(?<port>[^"]+:\d+:\d+)"$""", RegexOptions.Multiline)]
    private static partial Regex Port();
}
