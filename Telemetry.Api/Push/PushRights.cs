using System.Security.Cryptography;
using System.Text;
using Telemetry.Api.Access;

namespace Telemetry.Api.Push;

/// <summary>Rights of subscribers: those of their token, as long as it would be accepted apart from its expiry.</summary>
sealed class PushRights(AuthSettings settings)
{
    // If the page was not opened for this long, the phone may have another owner.
    static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    /// <summary>Fingerprint of the settings that a subject's tokens depend on: signing key or authority, and password. Empty without login.</summary>
    public string AccessOf(string? subject)
    {
        if (!settings.IsOn) return "";
        var password = settings.Username != "" && subject == settings.Username ? settings.PasswordHash : "";
        var key = Encoding.UTF8.GetBytes(settings.SigningKey != "" ? settings.SigningKey : settings.Authority);
        return Convert.ToHexString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"push\n{settings.Audience}\n{password}")));
    }

    /// <summary>Hash of a login, which does not reveal the token; null: none.</summary>
    public static string? LoginOf(AccessScope viewer) => viewer.Login is { } login ? HashOf(login) : null;

    public static string HashOf(string login) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(login)));

    public bool IsValid(PushSubscriber subscriber, DateTime now) => now - DateTime.UnixEpoch.AddMicroseconds(subscriber.SeenAt) < Lifetime && subscriber.Access == AccessOf(subscriber.Subject);
}
