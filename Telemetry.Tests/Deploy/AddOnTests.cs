using System.Text.Json;
using System.Text.RegularExpressions;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Deploy;

/// <summary>The add-on for Home Assistant, as its Supervisor reads it. Rules: developers.home-assistant.io, "Add-on configuration".</summary>
public sealed partial class AddOnTests : IDisposable
{
    static readonly string Folder = Path.Combine(Repository.Top, "deploy", "home-assistant", "telemetry");

    static readonly string[] Known =
        ["name", "version", "slug", "description", "arch", "startup", "boot", "webui", "watchdog", "timeout", "backup", "ports", "ports_description", "options", "schema"];

    readonly JsonDocument _config = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "config.json")));

    public void Dispose() => _config.Dispose();

    [Fact]
    public void Its_description_has_what_the_Supervisor_takes()
    {
        var config = _config.RootElement;
        config.EnumerateObject().Select(property => property.Name).Should().BeSubsetOf(Known).And.Contain(["name", "version", "slug", "description", "arch"]);
        config.GetProperty("slug").GetString().Should().MatchRegex("^[-_.A-Za-z0-9]+$");
        config.GetProperty("arch").Deserialize<string[]>().Should().BeSubsetOf(["aarch64", "amd64"]);
        config.GetProperty("startup").GetString().Should().BeOneOf("initialize", "system", "services", "application", "once");
        config.GetProperty("boot").GetString().Should().BeOneOf("auto", "manual", "manual_only");
        config.GetProperty("backup").GetString().Should().BeOneOf("hot", "cold");
        config.GetProperty("timeout").GetInt32().Should().BeInRange(10, 300);
        config.GetProperty("webui").GetString().Should().MatchRegex(@"^(?:https?|\[PROTO:\w+\]):\/\/\[HOST\]:\[PORT:\d+\].*$");
        config.GetProperty("watchdog").GetString().Should().MatchRegex(@"^(?:https?|\[PROTO:\w+\]|tcp):\/\/\[HOST\]:(\[PORT:\d+\]|\d+).*$");
        config.GetProperty("ports").EnumerateObject().Should().OnlyContain(port => Port().IsMatch(port.Name));
        config.GetProperty("ports_description").EnumerateObject().Select(port => port.Name).Should().BeEquivalentTo(config.GetProperty("ports").EnumerateObject().Select(port => port.Name));
        config.GetProperty("version").GetString().Should().Be(VersionOf(File.ReadAllText(Path.Combine(Repository.Top, "Directory.Build.props"))));
        File.ReadAllText(Path.Combine(Folder, "Dockerfile")).Should().Contain($":{config.GetProperty("version").GetString()}");
    }

    [Fact]
    public void Each_option_has_a_type_and_each_type_a_form()
    {
        var (options, schema) = (_config.RootElement.GetProperty("options"), _config.RootElement.GetProperty("schema"));
        foreach (var section in schema.EnumerateObject())
        {
            foreach (var type in section.Value.EnumerateObject()) type.Value.GetString().Should().MatchRegex(OptionType().ToString(), type.Name);
            var optional = section.Value.EnumerateObject().Where(type => type.Value.GetString()!.EndsWith('?')).Select(type => type.Name);
            if (options.TryGetProperty(section.Name, out var given)) section.Value.EnumerateObject().Select(type => type.Name).Except(optional).Should().BeEquivalentTo(given.EnumerateObject().Select(option => option.Name));
            else section.Value.EnumerateObject().Should().OnlyContain(type => type.Value.GetString()!.EndsWith('?'), section.Name);
        }

        options.EnumerateObject().Select(section => section.Name).Should().BeSubsetOf(schema.EnumerateObject().Select(section => section.Name));
    }

    [Fact]
    public async Task The_options_are_settings_that_the_server_takes()
    {
        var link = new FileInfo(Path.Combine(Folder, "rootfs", "app", "appsettings.Production.json"));
        link.LinkTarget.Should().Be("/data/options.json", "the Supervisor writes the options there");
        var environment = _config.RootElement.GetProperty("options").EnumerateObject()
            .SelectMany(section => section.Value.EnumerateObject().Select(option => ($"{section.Name}__{option.Name}", option.Value.ToString())))
            .Append(("Mqtt__Host", "127.0.0.1")).Append(("Auth__AllowAnonymous", "True")).GroupBy(one => one.Item1).ToDictionary(one => one.Key, one => one.Last().Item2);
        foreach (var name in _config.RootElement.GetProperty("schema").EnumerateObject().SelectMany(section => section.Value.EnumerateObject().Select(option => $"{section.Name}:{option.Name}")))
            File.ReadAllText(Path.Combine(Repository.Top, "docs", "settings.md")).Should().Contain($"`{name}`");
        await RecipeEnvironment.MustBeTaken(environment);
    }

    static string VersionOf(string properties) => Version().Match(properties).Groups[1].Value;

    [GeneratedRegex(@"^\d+/(tcp|udp)$")]
    private static partial Regex Port();

    [GeneratedRegex("<Version>(.*)</Version>")]
    private static partial Regex Version();

    /// <summary>Types of options, as the Supervisor parses them.</summary>
    [GeneratedRegex(@"^(?:str(?:\(\d*,\d*\))?|bool|email|url|port|password(?:\(\d*,\d*\))?|int(?:\(\d*,\d*\))?|float(?:\([\d.]*,[\d.]*\))?|match\(.*\)|list\(.+\))\??$")]
    private static partial Regex OptionType();
}
