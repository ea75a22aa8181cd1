using Microsoft.Playwright;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

public class KeyboardTests(Browser browser)
{
    const string Where = "() => { const { activeElement: at } = document; return at.closest('language-switch, theme-switch, vehicle-switch, fleet-filter, signal-chart, pause-button, live-detail, export-link')?.localName ?? at.dataset.word ?? at.className; }";

    [Theory]
    [InlineData("?vehicle_id=1", "skip", "page.dashboard", "page.analytics", "page.fleet", "page.drives", "page.trips", "page.alerts", "language-switch", "theme-switch", "icon-button bell", "icon-button gear", "vehicle-switch")]
    [InlineData("analytics.html?vehicle_id=1", "skip", "page.dashboard", "page.analytics", "page.fleet", "page.drives", "page.trips", "page.alerts", "language-switch", "theme-switch", "icon-button bell", "icon-button gear", "vehicle-switch", "live", "pause-button", "live-detail", "export-link", "signal-chart")]
    [InlineData("fleet.html", "skip", "page.dashboard", "page.analytics", "page.fleet", "page.drives", "page.trips", "page.alerts", "language-switch", "theme-switch", "icon-button bell", "icon-button gear", "fleet-filter", "fleet-filter", "fleet-filter", "fleet-filter", "fleet-filter", "fleet-sort", "fleet-sort", "fleet-sort", "fleet-sort", "fleet-sort", "fleet-sort", "fleet-sort", "fleet-sort", "fleet-link")]
    public async Task The_tab_key_goes_through_the_page_as_it_is_read(string page, params string[] expected)
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.Publish(("wican/rpm", "900"), ("wican/van/rpm", "900"));
        await using var tab = await browser.Open(server, page);
        await Assertions.Expect(tab.Page.Locator("theme-switch button")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.Locator(page.StartsWith("fleet", StringComparison.Ordinal) ? "[data-vehicle='2']" : "vehicle-switch select")).ToBeVisibleAsync();
        foreach (var place in expected)
        {
            await tab.Page.Keyboard.PressAsync("Tab");
            var at = await tab.Page.EvaluateAsync<string>(Where);
            if (place == "live") (await tab.Page.EvaluateAsync<string>("() => document.activeElement.value")).Should().Be(place);
            else at.Should().Be(place);
            (await tab.Page.EvaluateAsync<bool>("() => { const at = document.activeElement; return [at, ...at.querySelectorAll('*'), at.closest('label, .fleet-row') ?? at].some((e) => getComputedStyle(e).outlineStyle !== 'none'); }"))
                .Should().BeTrue($"{place} shows that it has the focus");
        }

        await tab.Page.ReloadAsync();
        await tab.Page.Keyboard.PressAsync("Tab");
        await tab.Page.Keyboard.PressAsync("Enter");
        (await tab.Page.EvaluateAsync<string>("() => document.activeElement.id")).Should().Be("main");
    }
}
