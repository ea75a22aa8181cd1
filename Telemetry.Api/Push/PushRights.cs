using System.Security.Cryptography;
using System.Text;
using Telemetry.Api.Access;

namespace Telemetry.Api.Push;

/// <summary>Rights of subscribers: those of their token, for as long as that would be accepted, apart from its expiry.</summary>
sealed class PushRights(AuthSettings settings)
{
    // If the page is not opened for this long, the phone may have another owner.
    static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    /// <summary>Fingerprint of what a subject's tokens depend on: the signing key or authority, and the password. Empty while no login is configured.</summary>
    public string AccessOf(string? subject)
    {
        if (!settings.IsOn) return "";
        var password = settings.Username != "" && subject == settings.Username ? settings.PasswordHash : "";
        var key = Encoding.UTF8.GetBytes(settings.SigningKey != "" ? settings.SigningKey : settings.Authority);
        return Convert.ToHexString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"push\n{settings.Audience}\n{password}")));
    }

    /// <summary>Hash of a login, which does not reveal the token; null: none.</summary>
    public static string? LoginOf(AccessScope viewer) => viewer.Login is { } login ? HashOf(login) : null;

    /// <summary>Hash of a login.</summary>
    public static string HashOf(string login) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(login)));

    /// <summary>True while messages may be sent to a subscriber.</summary>
    public bool IsValid(PushSubscriber subscriber, DateTime now) => now - DateTime.UnixEpoch.AddMicroseconds(subscriber.SeenAt) < Lifetime && subscriber.Access == AccessOf(subscriber.Subject);
}
