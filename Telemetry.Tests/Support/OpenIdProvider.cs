using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Telemetry.Tests.Support;

/// <summary>OpenID Connect provider with one key: its configuration and its keys.</summary>
sealed class OpenIdProvider : IAsyncDisposable
{
    readonly WebApplication _app;

    OpenIdProvider(WebApplication app, string issuer) => (_app, Issuer) = (app, issuer);

    public string Issuer { get; }

    public static async Task<OpenIdProvider> Start(RSA key, int? port = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var issuer = $"http://127.0.0.1:{port ?? Ports.Free()}";
        app.Urls.Add(issuer);
        var published = key.ExportParameters(false);
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer, jwks_uri = $"{issuer}/keys" }));
        app.MapGet("/keys", () => Results.Json(new { keys = new[] { new { kty = "RSA", use = "sig", kid = "one", alg = "RS256", n = Base64Url.EncodeToString(published.Modulus), e = Base64Url.EncodeToString(published.Exponent) } } }));
        await app.StartAsync();
        return new OpenIdProvider(app, issuer);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
