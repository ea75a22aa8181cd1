using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Telemetry.Api.Notify;

/// <summary>Signature of a webhook by Standard Webhooks, https://www.standardwebhooks.com.</summary>
static class WebhookSignature
{
    const string Prefix = "whsec_";

    public const string Takes = "takes whsec_ and 24 to 64 bytes in base64, such as openssl rand -base64 32 prints; two, comma-separated, during a change";

    /// <summary>The keys of one secret or two; null if invalid.</summary>
    public static IReadOnlyList<byte[]>? Keys(string secrets)
    {
        var keys = new List<byte[]>();
        foreach (var secret in secrets.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var key = new byte[secret.Length];
            if (!secret.StartsWith(Prefix, StringComparison.Ordinal) || !Convert.TryFromBase64String(secret[Prefix.Length..], key, out var length) || length is < 24 or > 64) return null;
            keys.Add(key[..length]);
        }

        return keys.Count > 2 ? null : keys;
    }

    public static void Sign(HttpRequestMessage request, string id, DateTimeOffset now, string body, IReadOnlyList<byte[]> keys)
    {
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        if (keys.Count == 0) return;
        var signed = Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}");
        request.Headers.Add("webhook-signature", string.Join(' ', keys.Select(key => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}")));
    }
}
