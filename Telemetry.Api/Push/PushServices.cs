using System.Net;
using Telemetry.Api.Hosting;

namespace Telemetry.Api.Push;

/// <summary>Push services that messages may be posted to. Clients send their addresses, so each host is compared as a whole or by its suffix.</summary>
sealed class PushServices
{
    const string Takes = "takes hosts such as push.example, *.push.example or http://192.168.1.5:8080, comma-separated";

    static readonly PushHost[] Known =
    [
        PushHost.Parse("fcm.googleapis.com")!,
        PushHost.Parse("jmt17.google.com")!, // What Chromium of Debian is given.
        PushHost.Parse("*.push.services.mozilla.com")!,
        PushHost.Parse("*.push.apple.com")!,
        PushHost.Parse("*.notify.windows.com")!,
    ];

    readonly PushHost[] _added;

    /// <exception cref="SettingException">An entry is no host.</exception>
    public PushServices(string added) =>
        _added = [.. added.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(entry => PushHost.Parse(entry) ?? throw new SettingException($"Alerts:PushServices holds '{entry}'; it {Takes}."))];

    public string Names => string.Join(", ", Known.Concat(_added).Select(service => service.Entry));

    public bool Allow(Uri endpoint)
    {
        if (endpoint.UserInfo != "" || endpoint.Fragment != "") return false;
        return Array.Exists(Known, service => endpoint.IsDefaultPort && service.Matches(endpoint)) || Array.Exists(_added, service => service.Matches(endpoint));
    }
}

/// <summary>Host of a push service. <paramref name="IsHttp"/>: without TLS, which only the settings can allow. A suffix begins with the dot. Without a port, any is allowed.</summary>
sealed record PushHost(string Entry, bool IsHttp, string Host, int? Port)
{
    const string HttpStart = "http://";
    const string HttpsStart = "https://";

    /// <summary>Null if the entry is no host.</summary>
    public static PushHost? Parse(string entry)
    {
        var isHttp = entry.StartsWith(HttpStart, StringComparison.OrdinalIgnoreCase);
        var isHttps = entry.StartsWith(HttpsStart, StringComparison.OrdinalIgnoreCase);
        var rest = isHttp ? entry[HttpStart.Length..] : isHttps ? entry[HttpsStart.Length..] : entry;
        var isSuffix = rest.StartsWith("*.", StringComparison.Ordinal);
        var name = (isSuffix ? rest[2..] : rest).TrimEnd('/');
        if (name.Contains('*') || !Uri.TryCreate($"{(isHttp ? HttpStart : HttpsStart)}{name}", UriKind.Absolute, out var address) || !IsBare(address) || (isSuffix && !IsParent(address))) return null;
        var host = HostOf(address);
        // Traffic on loopback cannot be intercepted.
        var isOpen = isHttp || (address.IsLoopback && !isHttps);
        return new PushHost(entry, isOpen, isSuffix ? $".{host}" : host, name.EndsWith($":{address.Port}", StringComparison.Ordinal) ? address.Port : null);
    }

    public bool Matches(Uri endpoint)
    {
        if (endpoint.Scheme != Uri.UriSchemeHttps && !(IsHttp && endpoint.Scheme == Uri.UriSchemeHttp)) return false;
        if (Port is { } port && endpoint.Port != port) return false;
        var host = HostOf(endpoint);
        return Host[0] == '.' ? host.EndsWith(Host, StringComparison.Ordinal) && !IPAddress.TryParse(host, out _) : host == Host;
    }

    static bool IsBare(Uri address) => address.PathAndQuery == "/" && address.UserInfo == "" && address.Fragment == "";

    // At least two labels, so that no entry allows a whole top-level domain.
    static bool IsParent(Uri address) => address.HostNameType == UriHostNameType.Dns && address.Host.Contains('.');

    static string HostOf(Uri address) => address.IdnHost.ToLowerInvariant();
}
