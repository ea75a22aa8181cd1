using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Telemetry.Api.Access;

/// <summary>Validates JSON web tokens and issues our own. Not loaded while no login is configured.</summary>
static class Tokens
{
    const string Cookie = "telemetry_token";

    // Browsers accept this prefix only over HTTPS, from this host, for the whole host: no other host can set the cookie.
    const string SecureCookie = $"__Host-{Cookie}";

    const string Issuer = "telemetry";

    /// <summary>Tolerance for the issuer's clock, on <c>nbf</c> only.</summary>
    static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    static readonly string[] PublicKeyAlgorithms =
        ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    public static void Add(IHostApplicationBuilder builder, AuthSettings settings)
    {
        // As AddAuthentication does, without data protection: it would write keys to disk at start, and nothing here uses them.
        builder.Services.AddAuthenticationCore();
        builder.Services.AddWebEncoders();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IAuthenticationConfigurationProvider, AuthenticationSection>();
        new AuthenticationBuilder(builder.Services).AddJwtBearer(options =>
        {
            options.MapInboundClaims = false;
            options.RequireHttpsMetadata = settings.Authority.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
            if (settings.Authority != "") options.Authority = settings.Authority;
            options.TokenValidationParameters = Rules(settings);
            options.Events = new JwtBearerEvents { OnMessageReceived = FindTokenAsync, OnTokenValidated = ReadScopeAsync, OnAuthenticationFailed = FailAsync };
        });
        // An invalid token is an answer to the client, not an error of the server.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Authentication", LogLevel.None);
    }

    public static string CookieOf(HttpRequest request) => request.IsHttps ? SecureCookie : Cookie;

    public static string Issue(AuthSettings settings, string user, DateTime now) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Issuer,
        Audience = settings.Audience,
        Claims = new Dictionary<string, object> { ["sub"] = user, ["jti"] = Guid.NewGuid().ToString("N") }, // jti: two logins within a second stay two logins.
        IssuedAt = now,
        NotBefore = now,
        Expires = now + settings.LoginLifetime,
        SigningCredentials = new SigningCredentials(Key(settings), SecurityAlgorithms.HmacSha256),
    });

    public static string Explain(Exception wrong) => wrong switch
    {
        SecurityTokenExpiredException => "The token has expired.",
        SecurityTokenInvalidAudienceException => "The token is for another audience: its aud is not Auth:Audience.",
        SecurityTokenNotYetValidException => "The token is not valid yet.",
        _ => "The token is not valid.",
    };

    static TokenValidationParameters Rules(AuthSettings settings) => new()
    {
        ValidAudience = settings.Audience,
        ValidateIssuer = settings.Authority != "", // With a shared key, its owner may be any issuer.
        IssuerSigningKey = settings.SigningKey != "" ? Key(settings) : null,
        ValidAlgorithms = settings.SigningKey != "" ? [SecurityAlgorithms.HmacSha256] : PublicKeyAlgorithms,
        RequireExpirationTime = true,
        RequireSignedTokens = true,
        LifetimeValidator = IsCurrent,
    };

    // No clock skew on exp: sockets are closed at exactly that instant.
    static bool IsCurrent(DateTime? from, DateTime? until, SecurityToken token, TokenValidationParameters rules)
    {
        var now = DateTime.UtcNow;
        if (until is not null && until <= now) throw new SecurityTokenExpiredException();
        if (from > now + ClockSkew) throw new SecurityTokenNotYetValidException();
        return until is not null;
    }

    static SymmetricSecurityKey Key(AuthSettings settings) => new(Encoding.UTF8.GetBytes(settings.SigningKey));

    // The library itself reads the Authorization header.
    static Task FindTokenAsync(MessageReceivedContext context)
    {
        if (context.Request.Headers.Authorization.Count == 0)
            context.Token = context.HttpContext.Features.Get<QueryToken>()?.Value ?? context.Request.Cookies[CookieOf(context.Request)];
        return Task.CompletedTask;
    }

    static Task ReadScopeAsync(TokenValidatedContext context)
    {
        var token = (JsonWebToken)context.SecurityToken;
        if (TryReadVehicles(token, out var vehicles)) context.HttpContext.Features.Set(new AccessScope(vehicles, token.ValidTo, token.EncodedSignature, token.Subject is "" ? null : token.Subject));
        else context.Fail(new SecurityTokenException("vehicles"));
        return Task.CompletedTask;
    }

    static Task FailAsync(AuthenticationFailedContext context)
    {
        context.Fail(context.Exception);
        return Task.CompletedTask;
    }

    // Read from the payload: as a claim of an identity an empty list would vanish, and open everything.
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
