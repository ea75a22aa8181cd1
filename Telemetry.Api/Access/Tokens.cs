using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Telemetry.Api.Access;

/// <summary>JSON web tokens: which are good, and those of our own. Not touched, and so not loaded, while nobody has to log in.</summary>
static class Tokens
{
    const string Cookie = "telemetry_token";

    // A browser accepts a cookie with this prefix only over HTTPS, from this host, for the whole host: no other host can plant one.
    const string SecureCookie = $"__Host-{Cookie}";

    const string Issuer = "telemetry";

    /// <summary>How far the clock of whoever issues tokens may be ahead.</summary>
    static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    static readonly string[] PublicKeyAlgorithms =
        ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    public static void Add(IHostApplicationBuilder builder, AuthSettings settings)
    {
        builder.Services.AddAuthentication().AddJwtBearer(options =>
        {
            options.MapInboundClaims = false;
            options.RequireHttpsMetadata = settings.Authority.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
            if (settings.Authority != "") options.Authority = settings.Authority;
            options.TokenValidationParameters = Rules(settings);
            options.Events = new JwtBearerEvents { OnMessageReceived = FindAsync, OnTokenValidated = UnderstandAsync, OnAuthenticationFailed = RefuseAsync };
        });
        // Its keys would be written to the disk at the start, with a warning, and nothing here uses any.
        foreach (var unused in builder.Services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Assembly == typeof(KeyManagementOptions).Assembly).ToList())
            builder.Services.Remove(unused);
        // A token that is no good is an answer, not an error of the server.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Authentication", LogLevel.None);
    }

    /// <summary>Name of the cookie of a login.</summary>
    public static string CookieOf(HttpRequest request) => request.IsHttps ? SecureCookie : Cookie;

    /// <summary>A token for whoever has logged in.</summary>
    /// <param name="settings">The key.</param>
    /// <param name="user">Their name.</param>
    /// <param name="now">UTC.</param>
    public static string Issue(AuthSettings settings, string user, DateTime now) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Issuer,
        Audience = settings.Audience,
        Claims = new Dictionary<string, object> { ["sub"] = user, ["jti"] = Guid.NewGuid().ToString("N") }, // Two logins of one second are two.
        IssuedAt = now,
        NotBefore = now,
        Expires = now + settings.LoginLifetime,
        SigningCredentials = new SigningCredentials(Key(settings), SecurityAlgorithms.HmacSha256),
    });

    /// <summary>What is wrong with a token.</summary>
    public static string Explain(Exception wrong) => wrong switch
    {
        SecurityTokenExpiredException => "The token has expired.",
        SecurityTokenInvalidAudienceException => "The token is for somebody else: its aud is not Auth:Audience.",
        SecurityTokenNotYetValidException => "The token is not valid yet.",
        _ => "The token is not valid.",
    };

    static TokenValidationParameters Rules(AuthSettings settings) => new()
    {
        ValidAudience = settings.Audience,
        ValidateIssuer = settings.Authority != "", // Whoever has the key is one of us.
        IssuerSigningKey = settings.SigningKey != "" ? Key(settings) : null,
        ValidAlgorithms = settings.SigningKey != "" ? [SecurityAlgorithms.HmacSha256] : PublicKeyAlgorithms,
        RequireExpirationTime = true,
        RequireSignedTokens = true,
        LifetimeValidator = IsAlive,
    };

    // Nothing is added to the end: a socket ends there.
    static bool IsAlive(DateTime? from, DateTime? until, SecurityToken token, TokenValidationParameters rules)
    {
        var now = DateTime.UtcNow;
        if (until is not null && until <= now) throw new SecurityTokenExpiredException();
        if (from > now + ClockSkew) throw new SecurityTokenNotYetValidException();
        return until is not null;
    }

    static SymmetricSecurityKey Key(AuthSettings settings) => new(Encoding.UTF8.GetBytes(settings.SigningKey));

    // A header is read by the library itself.
    static Task FindAsync(MessageReceivedContext context)
    {
        if (context.Request.Headers.Authorization.Count == 0)
            context.Token = context.HttpContext.Features.Get<QueryToken>()?.Value ?? context.Request.Cookies[CookieOf(context.Request)];
        return Task.CompletedTask;
    }

    static Task UnderstandAsync(TokenValidatedContext context)
    {
        var token = (JsonWebToken)context.SecurityToken;
        if (TryReadVehicles(token, out var vehicles)) context.HttpContext.Features.Set(new AccessScope(vehicles, token.ValidTo, token.EncodedSignature));
        else context.Fail(new SecurityTokenException("vehicles"));
        return Task.CompletedTask;
    }

    static Task RefuseAsync(AuthenticationFailedContext context)
    {
        context.Fail(context.Exception);
        return Task.CompletedTask;
    }

    // From the token itself: as claims of an identity an empty list would be no claim at all, and open everything.
    static bool TryReadVehicles(JsonWebToken token, out int[]? vehicles)
    {
        vehicles = null;
        using var payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload));
        if (!payload.RootElement.TryGetProperty("vehicles", out var claim)) return true;
        if (claim.ValueKind != JsonValueKind.Array) return false;
        var ids = new SortedSet<int>();
        foreach (var element in claim.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt32(out var id)) return false;
            ids.Add(id);
        }

        vehicles = [.. ids];
        return true;
    }
}
