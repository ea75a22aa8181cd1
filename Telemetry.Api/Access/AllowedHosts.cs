using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.HostFiltering;
using Telemetry.Api.Hosting;
using Telemetry.Api.Http;

namespace Telemetry.Api.Access;

/// <summary>Host names that the server answers to.</summary>
/// <remarks>Protects against DNS rebinding: an attacker's name resolves to this machine, and the browser treats his page and this server as one origin. Such requests have his name in Host; an IP address there is safe.</remarks>
sealed partial class AllowedHosts
{
    readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase) { "localhost" };
    readonly List<string> _endings = [".localhost"];
    readonly HashSet<IPAddress> _addresses = [];
    readonly bool _anyAddress;
    readonly bool _anyName;

    public AllowedHosts(IConfiguration configuration, AllowedOrigins origins)
    {
        foreach (var host in Listening.Hosts(configuration).Concat(origins.Hosts)) Add(host);
        if (!Listening.IsLocal(configuration))
        {
            _anyAddress = true;
            _names.UnionWith([Environment.MachineName, $"{Environment.MachineName}.local", Dns.GetHostName()]);
        }

        foreach (var host in TextList.Read(configuration, "AllowedHosts", [',', ';']))
        {
            _anyName |= host == "*";
            if (host != "*" && !IsName(host) && !IPAddress.TryParse(host, out _))
                throw new SettingException($"AllowedHosts holds '{host}'; it takes names without scheme and port such as car.example, *.car.example, or * for every name, as a list or separated by commas.");
            Add(host);
        }
    }

    /// <summary>A request without Host does not come from a browser.</summary>
    public bool Allow(HostString host)
    {
        if (_anyName || !host.HasValue) return true;
        var name = host.Host;
        if (IPAddress.TryParse(name, out var address)) return _anyAddress || IPAddress.IsLoopback(address) || _addresses.Contains(address);
        return _names.Contains(name) || _endings.Exists(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
    }

    void Add(string host)
    {
        if (IPAddress.TryParse(host, out var address)) _addresses.Add(address);
        else if (host.StartsWith("*.", StringComparison.Ordinal)) _endings.Add(host[1..]);
        else _names.Add(host);
    }

    static bool IsName(string host) => Entry().IsMatch(host);

    [GeneratedRegex(@"^(\*\.)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$")]
    private static partial Regex Entry();
}

static class HostCheck
{
    public static void AddHostCheck(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AllowedHosts>();
        // The framework's own check of this setting answers in HTML and does not know our defaults.
        builder.Services.PostConfigure<HostFilteringOptions>(options => options.AllowedHosts = ["*"]);
    }

    public static void UseHostCheck(this WebApplication app)
    {
        var hosts = app.Services.GetRequiredService<AllowedHosts>();
        app.Use((http, next) => hosts.Allow(http.Request.Host)
            ? next(http)
            : Problem.Of(StatusCodes.Status400BadRequest, "Host is not a name of this server. Add further names to the setting AllowedHosts.", "Host").ExecuteAsync(http));
    }
}
