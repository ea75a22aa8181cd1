using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Access;

/// <summary>Tokens of an OpenID Connect provider.</summary>
public class AuthorityTests
{
    static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Its_tokens_are_good_and_no_others()
    {
        using var key = RSA.Create(2048);
        await using var provider = await Provider(key, Ports.Free());
        var issuer = provider.Urls.First();
        await using var server = await Server.Start($"Auth:Authority={issuer}", "Auth:Audience=cars");
        (await Status(server, Jwt.Signed(key, issuer, "cars", Hour))).Should().Be(HttpStatusCode.OK);
        (await Status(server, Jwt.Signed(key, issuer, "others", Hour))).Should().Be(HttpStatusCode.Unauthorized);
        (await Status(server, Jwt.Signed(key, "http://stranger.example", "cars", Hour))).Should().Be(HttpStatusCode.Unauthorized);
        (await Status(server, Jwt.Signed(key, issuer, "cars", -Hour))).Should().Be(HttpStatusCode.Unauthorized);
        using var other = RSA.Create(2048);
        (await Status(server, Jwt.Signed(other, issuer, "cars", Hour))).Should().Be(HttpStatusCode.Unauthorized);
        // Its public key is known to everybody, and must not pass for a secret one.
        (await Status(server, Jwt.Token(audience: "cars", key: key.ExportSubjectPublicKeyInfoPem()))).Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task While_it_is_away_the_answer_is_503_and_afterwards_its_tokens_are_good()
    {
        using var key = RSA.Create(2048);
        var port = Ports.Free();
        await using var server = await Server.Start($"Auth:Authority=http://127.0.0.1:{port}", "Auth:Audience=cars");
        var token = Jwt.Signed(key, $"http://127.0.0.1:{port}", "cars", Hour);
        (await Status(server, token)).Should().Be(HttpStatusCode.ServiceUnavailable);
        await using var provider = await Provider(key, port);
        await Eventually.Holds("the token is good", async () => await Status(server, token) == HttpStatusCode.OK, TimeSpan.FromSeconds(60));
    }

    static async Task<HttpStatusCode> Status(Server server, string token)
    {
        using var answer = await server.Http.GetAsync($"/vehicles?token={token}");
        return answer.StatusCode;
    }

    // What a provider tells of itself: its name, and where its keys are.
    internal static async Task<WebApplication> Provider(RSA key, int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var address = $"http://127.0.0.1:{port}";
        app.Urls.Add(address);
        var known = key.ExportParameters(false);
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = address, jwks_uri = $"{address}/keys" }));
        app.MapGet("/keys", () => Results.Json(new { keys = new[] { new { kty = "RSA", use = "sig", kid = "one", alg = "RS256", n = Base64Url.EncodeToString(known.Modulus), e = Base64Url.EncodeToString(known.Exponent) } } }));
        await app.StartAsync();
        return app;
    }
}
