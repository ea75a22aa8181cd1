using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Telemetry.Tests.Support;

/// <summary>A browser as push services see it: its keys, its endpoint, and the decryption of RFC 8291, written from the RFC.</summary>
sealed class PushBrowser : IDisposable
{
    readonly ECDiffieHellman _key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
    readonly byte[] _secret = RandomNumberGenerator.GetBytes(16);

    public PushBrowser(string service = "https://fcm.googleapis.com/fcm/send") => Endpoint = $"{service}/{Token}";

    public string Token { get; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(30));

    public string Endpoint { get; }

    /// <summary>The subscription as the page posts it.</summary>
    public string Subscription(string more = "") =>
        $$"""{"endpoint":"{{Endpoint}}","expirationTime":null,"keys":{"p256dh":"{{Base64Url.EncodeToString(PublicKey)}}","auth":"{{Base64Url.EncodeToString(_secret)}}"}{{more}}}""";

    /// <summary>Subscribes at a server.</summary>
    public async Task<PushBrowser> Subscribe(HttpClient http, string more = ",\"language\":\"en\"", string query = "")
    {
        using var answer = await Post(http, "/push/subscriptions" + query, Subscription(more));
        answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
        return this;
    }

    /// <summary>Asks for a test message.</summary>
    public Task<HttpResponseMessage> Test(HttpClient http, string query = "") => Post(http, "/push/test" + query, $$"""{"endpoint":"{{Endpoint}}"}""");

    public static Task<HttpResponseMessage> Post(HttpClient http, string path, string json) => http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));

    /// <summary>The notification in a message for this browser.</summary>
    public JsonElement Read(Pushed pushed) => JsonDocument.Parse(Decrypt(pushed.Body)).RootElement;

    /// <summary>The payload of a message of one record (RFC 8188) for this browser.</summary>
    public byte[] Decrypt(byte[] body)
    {
        var (salt, recordSize, idLength) = (body[..16], BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(16)), body[20]);
        var (server, record) = (body[21..(21 + idLength)], body[(21 + idLength)..]);
        record.Length.Should().BeLessThanOrEqualTo((int)recordSize);
        using var sender = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = server[1..33], Y = server[33..] } });
        var shared = _key.DeriveRawSecretAgreement(sender.PublicKey);
        var material = HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, 32, _secret, [.. "WebPush: info\0"u8, .. PublicKey, .. server]);
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, material, 16, salt, "Content-Encoding: aes128gcm\0"u8.ToArray());
        var nonce = HKDF.DeriveKey(HashAlgorithmName.SHA256, material, 12, salt, "Content-Encoding: nonce\0"u8.ToArray());
        using var cipher = new AesGcm(key, 16);
        var plain = new byte[record.Length - 16];
        cipher.Decrypt(nonce, record[..^16], record[^16..], plain);
        var end = Array.FindLastIndex(plain, one => one != 0);
        plain[end].Should().Be(2, "it is the last record");
        return plain[..end];
    }

    public void Dispose() => _key.Dispose();

    byte[] PublicKey
    {
        get
        {
            var point = _key.ExportParameters(includePrivateParameters: false).Q;
            return [4, .. point.X!, .. point.Y!];
        }
    }
}
