using System.Reflection;
using System.Text.RegularExpressions;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Deploy;

/// <summary>The recipe for Azure, built and linted by Bicep with the types of all resources. Nothing is deployed.</summary>
public partial class AzureTests
{
    static readonly string Recipe = Path.Combine(Repository.Top, "deploy", "azure", "main.bicep");

    [Fact]
    public async Task It_builds_without_a_warning()
    {
        var (exitCode, output) = await Bicep("lint", Recipe);
        exitCode.Should().Be(0, output);
        output.Should().BeEmpty();
        var parameters = await Bicep("build-params", Path.ChangeExtension(Recipe, ".bicepparam"), "--stdout");
        parameters.ExitCode.Should().Be(0, parameters.Output);
    }

    [Fact]
    public async Task Misspelt_fields_are_found()
    {
        using var folder = new TempFolder();
        var text = await File.ReadAllTextAsync(Recipe);
        var misspelt = text.Replace("targetPort:", "targetPorts:", StringComparison.Ordinal).Replace("storageSizeGB:", "storageSizeGb:", StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder["main.bicep"], misspelt);
        (await Bicep("lint", folder["main.bicep"])).Output.Should().Contain("\"targetPorts\"").And.Contain("\"storageSizeGb\"");
    }

    [Fact]
    public async Task The_program_takes_its_environment()
    {
        using var folder = new TempFolder();
        var (certificate, key) = CertificateAuthority.Pem("telemetry");
        await File.WriteAllTextAsync(folder["broker.pem"], certificate + "\n" + key);
        var text = await File.ReadAllTextAsync(Recipe);
        var environment = Entry().Matches(text).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value switch
        {
            "/run/secrets/mqtt-certificate" => folder["broker.pem"],
            "" => "a secret of more than thirty-two bytes",
            // Expressions of names that only a deployment knows.
            var value => Expression().Replace(value, "name.example"),
        });
        environment["Mqtt__Host"] = "127.0.0.1";
        environment.Should().HaveCountGreaterThan(10).And.ContainKeys("Urls", "Auth__SigningKey", "Mqtt__Certificate");
        await RecipeEnvironment.MustBeTaken(environment, [.. Probe().Matches(text).Select(match => match.Groups["path"].Value)]);
    }

    static Task<(int ExitCode, string Output)> Bicep(params string[] arguments)
    {
        var program = typeof(AzureTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().SingleOrDefault(item => item.Key == "Bicep")?.Value;
        Require.That(File.Exists(program), "Bicep is not there for this system");
        var environment = new Dictionary<string, string> { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1", ["MQTT_PASSWORD"] = "choose-one", ["SIGNING_KEY"] = new('k', 32), ["POSTGRES_PASSWORD"] = new('p', 16) };
        return Daemon.Run(program!, environment, arguments);
    }

    [GeneratedRegex("""\{ name: '(?<name>[A-Z]\w+)', (value: ('(?<value>[^']*)'|\w+) \}|secretRef: )""")]
    private static partial Regex Entry();

    [GeneratedRegex(@"\$\{[^}]+\}")]
    private static partial Regex Expression();

    [GeneratedRegex("httpGet: \\{ path: '(?<path>[^']+)'")]
    private static partial Regex Probe();
}
