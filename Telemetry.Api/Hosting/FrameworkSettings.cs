using System.Security.Authentication;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Telemetry.Api.Hosting;

/// <summary>Reports invalid framework settings as one-line errors; the framework itself ignores them or fails with a stack trace.</summary>
static partial class FrameworkSettings
{
    public static void Check(IConfiguration configuration)
    {
        foreach (var other in configuration.GetSection("ConnectionStrings").GetChildren().Where(child => !Same(child.Key, "Telemetry")))
            throw new SettingException($"Unknown setting {other.Path}. Valid keys of ConnectionStrings: Telemetry.");
        string[] lists = ["ConnectionStrings", "AllowedOrigins", "AllowedHosts", "TrustedProxies"];
        foreach (var tooDeep in lists.SelectMany(list => configuration.GetSection(list).GetChildren()).SelectMany(entry => entry.GetChildren()))
            throw new SettingException($"Unknown setting {tooDeep.Path}: {tooDeep.Path[..tooDeep.Path.LastIndexOf(':')]} has no keys, it takes a value.");
        foreach (var (key, level) in Values(configuration, "Logging").Where(pair => IsLogLevel(pair.Key.Split(':')))) MustBe<LogLevel>(key, level);
        foreach (var (key, value) in Values(configuration, "Kestrel").Where(pair => !pair.Key.StartsWith("Kestrel:Limits:", StringComparison.OrdinalIgnoreCase))) CheckKestrel(key, value);
        KestrelLimits.Apply(configuration, new KestrelServerLimits());
        if (configuration["Urls"] is { } urls && string.IsNullOrWhiteSpace(urls))
            throw new SettingException($"Urls is '{urls}'; it takes addresses such as http://localhost:8000, separated by ;.");
    }

    static void CheckKestrel(string key, string? value)
    {
        if (!KestrelKey().IsMatch(key))
            throw new SettingException($"Unknown setting {key}. Valid keys of Kestrel: Endpoints, EndpointDefaults, Certificates and Limits, as in the documentation of ASP.NET Core.");
        if (EndsWith(key, ":Protocols")) MustBe<HttpProtocols>(key, value);
        if (EndsWith(key, ":ClientCertificateMode")) MustBe<ClientCertificateMode>(key, value);
        if (key.Contains(":SslProtocols", StringComparison.OrdinalIgnoreCase)) MustBe<SslProtocols>(key, value);
    }

    // Logging:LogLevel:<category>, or that of one provider. No regular expression: loading it would slow down every start.
    static bool IsLogLevel(string[] key) => key is [_, var level, _, ..] && (Same(level, "LogLevel") || (key is [_, _, var ofProvider, _, ..] && Same(ofProvider, "LogLevel")));

    static IEnumerable<KeyValuePair<string, string?>> Values(IConfiguration configuration, string section) =>
        configuration.GetSection(section).AsEnumerable().Where(pair => pair.Value is not null);

    static void MustBe<T>(string key, string? value) where T : struct, Enum
    {
        if (!Enum.GetNames<T>().Contains(value, StringComparer.OrdinalIgnoreCase))
            throw new SettingException($"{key} is '{value}'; it takes one of {string.Join(", ", Enum.GetNames<T>())}.");
    }

    static bool EndsWith(string key, string end) => key.EndsWith(end, StringComparison.OrdinalIgnoreCase);

    static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("""
        ^Kestrel:(
          (Certificates:[^:]+|Endpoints:[^:]+:(Sni:[^:]+:)?Certificate):(Path|KeyPath|Password|Subject|Store|Location|AllowInvalid)
          |(EndpointDefaults|Endpoints:[^:]+(:Sni:[^:]+)?):(Protocols|SslProtocols(:\d+)?|ClientCertificateMode)
          |Endpoints:[^:]+:Url
        )$
        """, RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex KestrelKey();
}
