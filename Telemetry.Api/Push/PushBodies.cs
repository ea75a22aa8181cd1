using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Telemetry.Api.Http;

namespace Telemetry.Api.Push;

/// <summary>A browser's subscription: <c>PushSubscription.toJSON()</c>, and the language of its pages.</summary>
sealed record PushSubscriptionBody : IJsonBody<PushSubscriptionBody>
{
    const int PublicKeyBytes = 65;
    const int SecretBytes = 16;

    public static string Takes => "The body takes a JSON object of endpoint, keys and language.";

    public static Type Schema => typeof(PushSubscriptionFields);

    public required Uri Endpoint { get; init; }

    public required string P256dh { get; init; }

    public required string Auth { get; init; }

    /// <summary>Null: that of the channel.</summary>
    public string? Language { get; init; }

    public static PushSubscriptionBody Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object) throw new ProblemException(Takes, null);
        var endpoint = PushEndpointBody.ReadEndpoint(body);
        if (!body.TryGetProperty("keys", out var keys) || keys.ValueKind != JsonValueKind.Object) throw new ProblemException("keys takes a JSON object of p256dh and auth.", "keys");
        var key = ReadBytes(keys, "p256dh", PublicKeyBytes);
        if (!PushKey.IsPublicKey(key)) throw new ProblemException("keys.p256dh takes a point on the curve P-256, uncompressed.", "keys.p256dh");
        return new PushSubscriptionBody { Endpoint = endpoint, P256dh = Base64Url.EncodeToString(key), Auth = Base64Url.EncodeToString(ReadBytes(keys, "auth", SecretBytes)), Language = ReadLanguage(body) };
    }

    static string? ReadLanguage(JsonElement body)
    {
        if (!body.TryGetProperty("language", out var given) || given.ValueKind == JsonValueKind.Null) return null;
        return given.ValueKind == JsonValueKind.String && given.GetString() is "en" or "fr" ? given.GetString() : throw new ProblemException("language takes en or fr.", "language");
    }

    static byte[] ReadBytes(JsonElement keys, string name, int length)
    {
        var wrong = new ProblemException($"keys.{name} takes {length} bytes in base64url.", $"keys.{name}");
        if (!keys.TryGetProperty(name, out var given) || given.ValueKind != JsonValueKind.String) throw wrong;
        var text = given.GetString()!.TrimEnd('=');
        if (text.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))) throw wrong;
        try
        {
            return Base64Url.DecodeFromChars(text) is var bytes && bytes.Length == length ? bytes : throw wrong;
        }
        catch (FormatException)
        {
            throw wrong;
        }
    }
}

/// <summary>The subscription of one browser.</summary>
sealed record PushEndpointBody(Uri Endpoint) : IJsonBody<PushEndpointBody>
{
    const int MaxLength = 2048;

    public static string Takes => "The body takes a JSON object of endpoint.";

    public static Type Schema => typeof(PushEndpointFields);

    public static PushEndpointBody Read(JsonElement body) => new(body.ValueKind == JsonValueKind.Object ? ReadEndpoint(body) : throw new ProblemException(Takes, null));

    public static Uri ReadEndpoint(JsonElement body) =>
        body.TryGetProperty("endpoint", out var given) && given.ValueKind == JsonValueKind.String && given.GetString() is { Length: <= MaxLength } text && Uri.TryCreate(text, UriKind.Absolute, out var endpoint)
            && endpoint.Scheme is "https" or "http"
            ? endpoint
            : throw Wrong($"takes the https address of a push service, of up to {MaxLength} characters");

    public static ProblemException Wrong(string takes) => new($"endpoint {takes}.", "endpoint");
}

/// <summary>A browser's subscription.</summary>
/// <param name="Endpoint">Address of the push service, for this browser.</param>
/// <param name="Keys">The browser's keys.</param>
/// <param name="Language">Language of the messages; missing: that of the channel.</param>
sealed record PushSubscriptionFields([property: Required, StringLength(2048)] string Endpoint, [property: Required] PushKeyFields Keys, [property: AllowedValues("en", "fr")] string? Language);

/// <summary>Keys that messages to a browser are encrypted with (RFC 8291), base64url.</summary>
/// <param name="P256dh">Its public key: 65 bytes.</param>
/// <param name="Auth">Its secret: 16 bytes.</param>
sealed record PushKeyFields([property: Required] string P256dh, [property: Required] string Auth);

/// <summary>The subscription of one browser.</summary>
/// <param name="Endpoint">Its endpoint.</param>
sealed record PushEndpointFields([property: Required, StringLength(2048)] string Endpoint);
