using System.Security.Cryptography;
using System.Text;
using Telemetry.Api.Access;
using Telemetry.Api.History;

namespace Telemetry.Api.Alerts;

/// <summary>Keys of links that acknowledge one alert without a token, as buttons of notifications need them.</summary>
sealed class AckKeys(AuthSettings auth, Spool spool)
{
    const string Note = "ack_secret";
    const int SecretLength = 32;

    readonly Lock _gate = new();
    byte[]? _secret;

    /// <summary>The key of an alert. Throws a <see cref="System.Data.Common.DbException"/> if the secret is in the spool and that cannot be read.</summary>
    public string Of(Guid alert)
    {
        var bytes = HMACSHA256.HashData(Secret(), Encoding.UTF8.GetBytes($"ack {alert}"));
        return Convert.ToBase64String(bytes, 0, 18).Replace('+', '-').Replace('/', '_');
    }

    public bool Matches(Guid alert, string key) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Of(alert)), Encoding.UTF8.GetBytes(key));

    // Not a Lazy, which would keep its exception: a full disk may be free again later.
    byte[] Secret()
    {
        lock (_gate) return _secret ??= auth.SigningKey != "" ? Encoding.UTF8.GetBytes(auth.SigningKey) : Kept(spool);
    }

    // Kept across restarts: buttons of earlier messages still work.
    static byte[] Kept(Spool spool)
    {
        var notes = new SpoolNotes(spool);
        if (notes.Find(Note) is { } kept) return Convert.FromBase64String(kept);
        var secret = RandomNumberGenerator.GetBytes(SecretLength);
        notes.Save(Note, Convert.ToBase64String(secret));
        return secret;
    }
}
