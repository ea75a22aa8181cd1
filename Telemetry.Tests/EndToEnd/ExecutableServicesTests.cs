using System.Net;
using System.Security.Cryptography;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>The executable with services outside it: an OpenID Connect provider, a collector of traces, a push service. <c>scripts/native test</c> runs it against the native file.</summary>
public class ExecutableServicesTests
{
    [Fact]
    public async Task Tokens_of_a_provider_are_checked_with_its_keys()
    {
        using var key = RSA.Create(2048);
        using var other = RSA.Create(2048);
        await using var provider = await OpenIdProvider.Start(key);
        var issuer = provider.Issuer;
        await using var server = await Executable.Start($"--Auth:Authority={issuer}", "--Auth:Audience=cars");
        (await StatusAsync(Jwt.Signed(key, issuer, "cars", TimeSpan.FromHours(1)))).Should().Be(HttpStatusCode.OK);
        (await StatusAsync(Jwt.Signed(other, issuer, "cars", TimeSpan.FromHours(1)))).Should().Be(HttpStatusCode.Unauthorized);
        (await StatusAsync(Jwt.Signed(key, issuer, "cars", -TimeSpan.FromHours(1)))).Should().Be(HttpStatusCode.Unauthorized);

        async Task<HttpStatusCode> StatusAsync(string token)
        {
            using var answer = await server.Http.GetAsync($"/vehicles?token={token}");
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Spans_reach_a_collector()
    {
        await using var collector = await TraceCollector.Start();
        await using (var server = await Executable.Start($"--Traces:Endpoint={collector.Address}"))
        {
            await server.Publish("wican/rpm", "901");
            await Eventually.Holds("the reading is kept", async () => (await server.Get("/telemetry/export")).Contains(",rpm,901"));
        } // What has not been sent yet is sent at the stop.

        collector.Received.Should().Contain("wican/rpm").And.Contain("keep readings");
    }

    [Fact]
    public async Task A_notification_is_encrypted_for_the_browser()
    {
        await using var service = await PushService.Start();
        await using var server = await Executable.Start("--Alerts:Channels:phone:Push=true", $"--Alerts:PushServices=http://127.0.0.1:{service.PlainPort}");
        using var browser = await new PushBrowser($"http://127.0.0.1:{service.PlainPort}/up").Subscribe(server.Http);
        using var answer = await browser.Test(server.Http);
        answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
        await Eventually.Holds("the message is there", () => service.Received.Count > 0);
        browser.Read(service.Received[0]).GetProperty("notification").GetProperty("title").GetString().Should().NotBeNullOrEmpty();
    }
}
