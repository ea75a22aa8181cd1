using System.Text.Json;
using System.Text.Json.Serialization;
using Telemetry.Api.Http;

namespace Telemetry.Api.Access;

/// <summary>Body of <c>POST /login</c>.</summary>
sealed record Credentials(string Username, string Password) : IJsonBody<Credentials>
{
    public static string Takes => "The body takes JSON of at most 4096 bytes: {\"username\":\"…\",\"password\":\"…\"}.";

    public static void Check(HttpContext http)
    {
        if (http.RequestServices.GetRequiredService<AuthSettings>().Username == "") throw new ProblemException(StatusCodes.Status404NotFound, "No login is configured: Auth:Username is not set.");
        if (!http.Request.HasJsonContentType()) throw new ProblemException(Takes, null); // Forms of other sites can send other types without a preflight.
    }

    public static Credentials Read(JsonElement body) =>
        Text(body, "username") is { } username && Text(body, "password") is { } password ? new Credentials(username, password) : throw new ProblemException(Takes, null);

    static string? Text(JsonElement body, string key) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

[JsonSerializable(typeof(Credentials))]
sealed partial class AccessJson : JsonSerializerContext;
