using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.OpenApi;

/// <summary>The page to read the OpenAPI document on works without the internet, and under the same rules as the others.</summary>
public partial class DocsPageTests(Browser browser)
{
    [Fact]
    public async Task It_shows_the_endpoints_and_asks_no_other_server()
    {
        await using var server = await Server.Start(Jwt.On);
        var asked = new List<string>();
        await using var tab = await browser.Open(server, "docs");
        tab.Page.Request += (_, request) => asked.Add(request.Url);
        await tab.Page.ReloadAsync();
        await Assertions.Expect(tab.Page.Locator("body")).ToContainTextAsync("The live message of a vehicle, or of the one heard most recently");
        tab.Errors.Should().BeEmpty();
        asked.Should().NotBeEmpty().And.OnlyContain(url => url.StartsWith("data:", StringComparison.Ordinal) || new Uri(url).Authority == server.Address.Authority);
    }

    [Fact]
    public async Task Its_one_script_is_named_anew_in_each_answer_and_other_pages_allow_none()
    {
        await using var server = await Server.Start();
        var nonces = new HashSet<string>();
        for (var i = 0; i < 2; i++)
        {
            using var answer = await server.Http.GetAsync("/docs/");
            answer.StatusCode.Should().Be(HttpStatusCode.OK);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            policy.Should().Contain("default-src 'none'").And.Contain("connect-src 'self'");
            var nonce = Nonce().Match(policy).Groups["nonce"].Value;
            nonces.Add(nonce).Should().BeTrue();
            (await answer.Content.ReadAsStringAsync()).Should().Contain($"nonce=\"{nonce}\"");
        }

        using var other = await server.Http.GetAsync("/");
        other.Headers.GetValues("Content-Security-Policy").Single().Should().NotContain("nonce").And.NotContain("unsafe");
    }

    [GeneratedRegex("script-src 'self' 'nonce-(?<nonce>[^']+)';")]
    private static partial Regex Nonce();
}
