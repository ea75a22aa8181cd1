using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Telemetry.Tests.Support;

/// <summary>JSON web tokens written by hand, good ones and others.</summary>
static class Jwt
{
    public const string Key = "a key of the tests, of more than 32 bytes";

    /// <summary>The setting that makes tokens needed.</summary>
    public const string On = $"Auth:SigningKey={Key}";

    /// <param name="lifetime">Until it expires; an hour.</param>
    /// <param name="key">What it is signed with.</param>
    /// <param name="audience">Whom it is for.</param>
    /// <param name="vehicles">Raw JSON of the claim; null: none.</param>
    /// <param name="algorithm">What its header says.</param>
    public static string Token(TimeSpan? lifetime = null, string key = Key, string audience = "telemetry", string? vehicles = null, string algorithm = "HS256")
    {
        var expires = DateTimeOffset.UtcNow + (lifetime ?? TimeSpan.FromHours(1));
        return Signed($"{{\"alg\":\"{algorithm}\",\"typ\":\"JWT\"}}",
            $"{{\"sub\":\"me\",\"aud\":\"{audience}\",\"exp\":{expires.ToUnixTimeSeconds()}{(vehicles is null ? "" : $",\"vehicles\":{vehicles}")}}}", key);
    }

    /// <summary>Any header and payload, signed with HMAC-SHA256.</summary>
    public static string Signed(string header, string payload, string key = Key)
    {
        var text = $"{Encode(header)}.{Encode(payload)}";
        return $"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text)))}";
    }

    /// <summary>Signed with a private key.</summary>
    public static string Signed(RSA key, string issuer, string audience, TimeSpan lifetime)
    {
        var payload = JsonSerializer.Serialize(new { iss = issuer, aud = audience, exp = (DateTimeOffset.UtcNow + lifetime).ToUnixTimeSeconds() });
        var text = $"{Encode("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"one\"}")}.{Encode(payload)}";
        return $"{text}.{Base64Url.EncodeToString(key.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    /// <summary>Invalid tokens, each with its fault.</summary>
    public static TheoryData<string, string> Bad() => new()
    {
        { "expired", Token(TimeSpan.FromSeconds(-2)) },
        { "of another key", Token(key: "another key of the tests, of 32 bytes") },
        { "for somebody else", Token(audience: "somebody-else") },
        { "without algorithm", $"{Encode("{\"alg\":\"none\"}")}.{Token().Split('.')[1]}." },
        { "without algorithm, but signed", Token(algorithm: "none") },
        { "of another algorithm", Token(algorithm: "HS512") },
        { "of a public key that is none", Token(algorithm: "RS256") },
        { "without signature", Token()[..(Token().LastIndexOf('.') + 1)] },
        { "cut off", Token()[..^3] },
        { "for ever", Signed("{\"alg\":\"HS256\"}", "{\"aud\":\"telemetry\"}") },
        { "not yet valid", Signed("{\"alg\":\"HS256\"}", $"{{\"aud\":\"telemetry\",\"nbf\":{DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds()},\"exp\":{DateTimeOffset.UtcNow.AddHours(2).ToUnixTimeSeconds()}}}") },
        { "of text as vehicles", Token(vehicles: "\"1\"") },
        { "of one number as vehicles", Token(vehicles: "1") },
        { "of vehicles that are text", Token(vehicles: "[\"1\"]") },
        { "of no vehicles at all", Token(vehicles: "null") },
        { "empty", "" },
        { "no token", "x" },
        { "dots", "...." },
        { "no JSON", $"{Encode("x")}.{Encode("y")}.{Encode("z")}" },
    };
}
