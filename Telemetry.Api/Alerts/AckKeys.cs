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

    readonly Lazy<byte[]> _secret = new(() => auth.SigningKey != "" ? Encoding.UTF8.GetBytes(auth.SigningKey) : Kept(spool));

    /// <summary>The key of an alert.</summary>
    public string Of(Guid alert)
    {
        var bytes = HMACSHA256.HashData(_secret.Value, Encoding.UTF8.GetBytes($"ack {alert}"));
        return Convert.ToBase64String(bytes, 0, 18).Replace('+', '-').Replace('/', '_');
    }

    /// <summary>True where a key is that of an alert.</summary>
    public bool Matches(Guid alert, string key) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Of(alert)), Encoding.UTF8.GetBytes(key));

    // After a restart, buttons of before still work.
    static byte[] Kept(Spool spool)
    {
        if (spool.Note(Note) is { } kept) return Convert.FromBase64String(kept);
        var secret = RandomNumberGenerator.GetBytes(SecretLength);
        spool.SaveNote(Note, Convert.ToBase64String(secret));
        return secret;
    }
}
