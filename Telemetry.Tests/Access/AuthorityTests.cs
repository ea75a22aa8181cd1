using System.Net;
using System.Security.Cryptography;
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
        await using var provider = await OpenIdProvider.Start(key);
        var issuer = provider.Issuer;
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
        await using var provider = await OpenIdProvider.Start(key, port);
        await Eventually.Holds("the token is good", async () => await Status(server, token) == HttpStatusCode.OK, TimeSpan.FromSeconds(60));
    }

    static async Task<HttpStatusCode> Status(Server server, string token)
    {
        using var answer = await server.Http.GetAsync($"/vehicles?token={token}");
        return answer.StatusCode;
    }
}
