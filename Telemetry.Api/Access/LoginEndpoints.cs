using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Telemetry.Api.Http;

namespace Telemetry.Api.Access;

static partial class LoginEndpoints
{
    public static void MapLogin(this WebApplication app)
    {
        app.MapPost("/login", LogInAsync).AllowAnonymous().ChecksOrigin().Describe("server", "logIn", "Log in as the one configured user; sets a cookie", "Logged in")
            .MayAnswer(StatusCodes.Status401Unauthorized, StatusCodes.Status404NotFound, StatusCodes.Status429TooManyRequests);
        app.MapPost("/logout", LogOut).AllowAnonymous().ChecksOrigin().Describe("server", "logOut", "End the login and delete the cookie", "Logged out");
    }

    static async Task<Results<NoContent, ProblemHttpResult>> LogInAsync(Credentials given, HttpContext http, AuthSettings settings, LoginAttempts attempts, ILogger<LoginAttempts> log)
    {
        if (given.Username == "" || given.Password == "") return Wrong(); // Not a guess, so not counted.
        if (attempts.Try(http.Connection.RemoteIpAddress) is { } wait) return TooMany(http, wait);
        if (await attempts.AcquireAsync(http.RequestAborted) is not { } turn) return TooMany(http, LoginAttempts.TurnTimeout);
        using (turn)
        {
            if (!(Passwords.Match(given.Password, settings.PasswordHash) & AreEqual(given.Username, settings.Username)))
            {
                Log.Refused(log, http.Connection.RemoteIpAddress);
                return Wrong();
            }
        }

        http.Response.Cookies.Append(Tokens.CookieOf(http.Request), Tokens.Issue(settings, given.Username, DateTime.UtcNow), Options(http, settings.LoginLifetime));
        return TypedResults.NoContent();
    }

    static NoContent LogOut(HttpContext http, Logouts logouts)
    {
        if (http.Viewer().Login is { } login) logouts.End(login);
        http.Response.Cookies.Delete(Tokens.CookieOf(http.Request), Options(http, null));
        return TypedResults.NoContent();
    }

    static ProblemHttpResult Wrong() => Problem.Of(StatusCodes.Status401Unauthorized, "Username or password is wrong.");

    static ProblemHttpResult TooMany(HttpContext http, TimeSpan wait) =>
        Problem.NotNow(http, StatusCodes.Status429TooManyRequests, "Too many login attempts. Try again after the seconds in Retry-After.", wait);

    // HttpOnly: scripts cannot read it. SameSite=Strict: requests from other sites do not contain it.
    static CookieOptions Options(HttpContext http, TimeSpan? lifetime) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, MaxAge = lifetime };

    static bool AreEqual(string given, string expected) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));

    static partial class Log
    {
        [LoggerMessage(600, LogLevel.Warning, "A login from {Address} was refused")]
        public static partial void Refused(ILogger log, System.Net.IPAddress? address);
    }
}
