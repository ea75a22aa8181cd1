using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Telemetry.Api.Http;

namespace Telemetry.Api.Access;

/// <summary><c>POST /login</c> and <c>POST /logout</c> of the pages.</summary>
static partial class LoginEndpoints
{
    public static void MapLogin(this WebApplication app)
    {
        app.MapPost("/login", LogInAsync).AllowAnonymous();
        app.MapPost("/logout", LogOut).AllowAnonymous();
    }

    static async Task<IResult> LogInAsync(HttpContext http, AuthSettings settings, LoginAttempts attempts, AllowedOrigins origins, ILogger<LoginAttempts> log)
    {
        if (settings.Username == "") return Problem.Of(StatusCodes.Status404NotFound, "No login is configured: Auth:Username is not set.");
        if (!origins.Allow(http.Request)) return Problem.Of(StatusCodes.Status403Forbidden, "Origin is not one of AllowedOrigins.", "Origin");
        if (await ReadAsync(http) is not var (username, password)) return Problem.Of(StatusCodes.Status400BadRequest, "The body takes JSON of at most 4096 bytes: {\"username\":\"…\",\"password\":\"…\"}.");
        if (username == "" || password == "") return Wrong(); // Not a guess, so not counted.
        if (attempts.Try(http.Connection.RemoteIpAddress) is { } wait) return TooMany(http, wait);
        if (await attempts.AcquireAsync(http.RequestAborted) is not { } turn) return TooMany(http, LoginAttempts.TurnTimeout);
        using (turn)
        {
            if (!(Passwords.Match(password, settings.PasswordHash) & AreEqual(username, settings.Username)))
            {
                Log.Refused(log, http.Connection.RemoteIpAddress);
                return Wrong();
            }
        }

        http.Response.Cookies.Append(Tokens.CookieOf(http.Request), Tokens.Issue(settings, username, DateTime.UtcNow), Options(http, settings.LoginLifetime));
        return Results.NoContent();
    }

    static IResult LogOut(HttpContext http, AllowedOrigins origins, Logouts logouts)
    {
        if (!origins.Allow(http.Request)) return Problem.Of(StatusCodes.Status403Forbidden, "Origin is not one of AllowedOrigins.", "Origin");
        if (http.Viewer().Login is { } login) logouts.End(login);
        http.Response.Cookies.Delete(Tokens.CookieOf(http.Request), Options(http, null));
        return Results.NoContent();
    }

    static IResult Wrong() => Problem.Of(StatusCodes.Status401Unauthorized, "Username or password is wrong.");

    static IResult TooMany(HttpContext http, TimeSpan wait)
    {
        http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return Problem.Of(StatusCodes.Status429TooManyRequests, "Too many login attempts. Try again after the seconds in Retry-After.");
    }

    // HttpOnly: scripts cannot read it. SameSite=Strict: requests from other sites do not carry it.
    static CookieOptions Options(HttpContext http, TimeSpan? lifetime) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, MaxAge = lifetime };

    static async Task<(string Username, string Password)?> ReadAsync(HttpContext http)
    {
        if (!http.Request.HasJsonContentType()) return null; // Forms of other sites can send other types without a preflight.
        try
        {
            using var body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
            return Text(body.RootElement, "username") is { } username && Text(body.RootElement, "password") is { } password ? (username, password) : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException) // InvalidOperationException: text that is not UTF-8.
        {
            return null;
        }
    }

    static string? Text(JsonElement body, string key) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static bool AreEqual(string given, string expected) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));

    static partial class Log
    {
        [LoggerMessage(600, LogLevel.Warning, "A login from {Address} was refused")]
        public static partial void Refused(ILogger log, System.Net.IPAddress? address);
    }
}
