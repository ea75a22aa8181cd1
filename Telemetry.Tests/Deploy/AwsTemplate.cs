using System.Text.Json;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Deploy;

/// <summary>The CloudFormation template of the recipe for AWS, made by CDK once for all tests. CDK validates it too.</summary>
public sealed class AwsTemplate : IAsyncLifetime
{
    public static readonly string Recipe = Path.Combine(Repository.Top, "deploy", "aws");

    readonly TempFolder _folder = new();
    JsonDocument? _template;

    public JsonElement Root => _template!.RootElement;

    public string Output { get; private set; } = "";

    /// <summary>Properties of the resources of a type.</summary>
    public List<JsonElement> All(string type) => [.. Root.GetProperty("Resources").EnumerateObject().Where(resource => resource.Value.GetProperty("Type").GetString() == type).Select(resource => resource.Value.GetProperty("Properties"))];

    public JsonElement Only(string type) => All(type).Should().ContainSingle().Which;

    public async ValueTask InitializeAsync()
    {
        if (!IsInstalled)
        {
            var install = await Daemon.Run(Require.Program("npm"), "ci", "--prefix", Recipe, "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error");
            install.ExitCode.Should().Be(0, install.Output);
        }

        var (exitCode, output) = await Daemon.Run(Require.Program("node"), new Dictionary<string, string> { ["CDK_OUTDIR"] = _folder.Path }, Path.Combine(Recipe, "app.js"));
        exitCode.Should().Be(0, output);
        Output = output;
        _template = JsonDocument.Parse(await File.ReadAllTextAsync(_folder["Telemetry.template.json"]));
    }

    public ValueTask DisposeAsync()
    {
        _template?.Dispose();
        _folder.Dispose();
        return default;
    }

    // npm writes this file at the end of an installation.
    static bool IsInstalled => File.GetLastWriteTimeUtc(Path.Combine(Recipe, "node_modules", ".package-lock.json")) >= File.GetLastWriteTimeUtc(Path.Combine(Recipe, "package-lock.json"));
}
