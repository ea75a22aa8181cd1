using System.Net;
using System.Net.Mail;
using Telemetry.Api.Hosting;

namespace Telemetry.Api.Push;

/// <summary>Contact of the server's operator in each message (<c>sub</c> of RFC 8292). Apple refuses hosts that do not exist on the internet.</summary>
static class PushContact
{
    // RFC 2606, RFC 6761 and RFC 6762: names that only this network can resolve.
    static readonly string[] PrivateEndings = [".localhost", ".local", ".internal", ".invalid", ".test"];

    /// <summary>Throws <see cref="SettingException"/> if the setting is no contact, or one that Apple refuses.</summary>
    public static void Check(string setting)
    {
        if (setting != "" && !IsContact(setting)) throw new SettingException($"Alerts:PushSubject is '{setting}'; it takes mailto:you@example.com or https://car.example, with a name that the internet knows: not localhost, and not without a dot.");
    }

    /// <summary>The contact of the settings, otherwise the public address of the pages; null: none.</summary>
    public static string? Of(string setting, string url, string origin) => setting != "" ? setting : new[] { url, origin }.Select(OriginOf).FirstOrDefault(IsContact);

    static string OriginOf(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.GetLeftPart(UriPartial.Authority) : "";

    // The library writes it into JSON without escaping.
    static bool IsContact(string text)
    {
        if (!Uri.IsWellFormedUriString(text, UriKind.Absolute) || text.AsSpan().IndexOfAny('"', '\\') >= 0) return false;
        var address = new Uri(text);
        if (address.Scheme == Uri.UriSchemeHttps) return address.UserInfo == "" && IsPublic(address.Host);
        return address.Scheme == Uri.UriSchemeMailto && text.StartsWith("mailto:", StringComparison.Ordinal) && MailAddress.TryCreate(text["mailto:".Length..], out var mail) && IsPublic(mail.Host);
    }

    static bool IsPublic(string host) => host.Trim('.').Contains('.') && host[^1] != '.' && !IPAddress.TryParse(host.Trim('[', ']'), out _) && !Array.Exists(PrivateEndings, ending => host.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
}
