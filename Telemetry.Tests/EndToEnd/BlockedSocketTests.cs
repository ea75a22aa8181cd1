using Microsoft.Playwright;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>Pages behind a proxy that lets requests through, and no WebSocket.</summary>
public class BlockedSocketTests(Browser browser)
{
    const string Banner = "server-banner";

    [Theory]
    [InlineData(426, "", "en-US")]
    [InlineData(400, "analytics.html", "fr-FR")]
    [InlineData(502, "fleet.html", "en-US")]
    [InlineData(null, "", "fr-FR")]
    [InlineData(200, "analytics.html", "en-US")]
    public async Task The_page_says_that_no_socket_gets_through(int? refusal, string page, string locale)
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.Publish(("wican/rpm", "2500"));
        await using var proxy = await UpgradeRefusingProxy.Start(server.Address, refusal);
        await using var tab = await browser.Open(new Uri(proxy.Address, page), "Math.random = () => 0.9999", settings => settings.Locale = locale);
        await tab.Shows(Places.Link, locale == "fr-FR" ? "Pas de direct" : "No live connection");
        await Assertions.Expect(tab.Page.Locator(Banner)).ToContainTextAsync(locale == "fr-FR" ? "aucun WebSocket ne s’ouvre" : "no WebSocket can be opened");
        // Nor does it say anything else while it tries again.
        await tab.Watch(Places.Link);
        var tried = 0;
        tab.Page.Request += (_, request) => tried += request.Url.EndsWith("/clock", StringComparison.Ordinal) ? 1 : 0;
        await tab.Page.EvaluateAsync("() => dispatchEvent(new Event('online'))");
        await Eventually.Holds("it has tried again", () => tried > 0);
        (await tab.Seen()).Should().HaveCount(1);
        if (page == "") await tab.Shows(Places.Card("rpm"), locale == "fr-FR" ? "2500 tr/min" : "2500 rpm");
        foreach (var width in new[] { 320, 1440 })
        {
            await tab.Page.SetViewportSizeAsync(width, 900);
            await Axe.FindsNothing(tab, $"without a socket, {width} px");
        }
    }

    [Fact]
    public async Task A_server_that_is_away_is_not_taken_for_such_a_proxy()
    {
        await using var server = await Server.Start();
        await using var tab = await browser.Open(server, before: "Math.random = () => 0.9999");
        await tab.Shows(Places.Link, "Connected");
        await server.Stop();
        await Assertions.Expect(tab.Page.Locator(Places.Link)).ToContainTextAsync("Reconnecting in");
        await tab.Page.EvaluateAsync("() => dispatchEvent(new Event('online'))");
        await Assertions.Expect(tab.Page.Locator(Places.Link)).ToContainTextAsync("Reconnecting in 2");
        await tab.Hides(Banner);
    }
}
