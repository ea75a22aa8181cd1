using Microsoft.Playwright;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>axe-core finds nothing, light or dark, in either language, as wide as a small phone, a tablet and a desk.</summary>
public class AccessibilityTests(Browser browser)
{
    static readonly int[] Widths = [320, 768, 1440];

    [Theory]
    [InlineData("", "en-US")]
    [InlineData("", "fr-FR")]
    [InlineData("analytics.html", "en-US")]
    [InlineData("analytics.html?range=1h&charts=boost", "fr-FR")]
    [InlineData("fleet.html", "en-US")]
    [InlineData("fleet.html", "fr-FR")]
    public async Task No_page_has_a_finding_running_offline_or_cut_off(string page, string locale)
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.Publish(
            ("wican/rpm", "900"), ("wican/vehicle_speed", "120"), ("wican/coolant_temperature", "96"), ("wican/control_module_voltage", "11.9"),
            ("wican/engine_load", "45"), ("wican/fuel_rail_pressure", "350"), ("wican/boost", "12"), ("wican/van/rpm", "1"));
        await using var tab = await browser.Open(server, page + (page.Contains('?') ? "&" : "?") + "vehicle_id=1", with: settings => settings.Locale = locale);
        var state = tab.Page.Locator(page.StartsWith("fleet", StringComparison.Ordinal) ? "[data-vehicle='1'] .badge" : Places.State);
        await Assertions.Expect(state).ToHaveAttributeAsync("data-state", "running");
        await Assertions.Expect(tab.Page.Locator("theme-switch button")).ToBeVisibleAsync();
        await HasNoFinding(tab, "running");
        await server.Publish(("wican/status", """{"status":"offline"}"""));
        await Assertions.Expect(state).ToHaveAttributeAsync("data-state", "offline");
        await HasNoFinding(tab, "offline");
        await server.Stop();
        await Assertions.Expect(state).ToHaveAttributeAsync("data-state", "unknown");
        await HasNoFinding(tab, "cut off");
    }

    [Theory]
    [InlineData("", 390, "en-US")]
    [InlineData("#t=2026-11-01T10:02:00Z", 390, "fr-FR")]
    [InlineData("#t=2026-11-01T10:02:00Z", 1440, "en-US")]
    public async Task Nor_has_the_page_of_drives_with_its_list_and_its_player(string moment, int width, string locale)
    {
        var start = new DateTime(2026, 11, 1, 10, 0, 0, DateTimeKind.Utc);
        await using var server = await Server.Start();
        await server.Import([.. Enumerable.Range(0, 300).SelectMany(i => new[] { (start.AddSeconds(i), "default", "rpm", 1000.0 + i), (start.AddSeconds(i), "default", "vehicle_speed", i / 2.0) }), (start.AddDays(-100), "van", "rpm", 900)]);
        await using var tab = await browser.Open(server, "drives.html?vehicle_id=1" + moment, with: settings => (settings.ViewportSize, settings.Locale) = (new() { Width = width, Height = 900 }, locale));
        if (moment == "") await Assertions.Expect(tab.Page.Locator(".drive")).ToBeVisibleAsync();
        else await tab.Shows(Places.Extent("rpm"), locale == "fr-FR" ? "1000 à 1299" : "1000 to 1299");
        await HasNoFinding(tab, "at rest");
        if (moment != "")
        {
            await tab.Page.Locator(".play-button").ClickAsync();
            await HasNoFinding(tab, "playing");
        }

        await tab.Page.Locator("vehicle-switch select").SelectOptionAsync("2");
        await Assertions.Expect(tab.Page.Locator(".days-none")).ToBeVisibleAsync();
        await HasNoFinding(tab, "without a drive");
        await server.Stop();
        await tab.Page.Locator("vehicle-switch select").SelectOptionAsync("1");
        await Assertions.Expect(tab.Page.Locator(".days-problem")).Not.ToBeEmptyAsync();
        await HasNoFinding(tab, "cut off");
    }

    static async Task HasNoFinding(Tab tab, string when)
    {
        foreach (var width in Widths)
        {
            await tab.Page.SetViewportSizeAsync(width, 900);
            await Axe.FindsNothing(tab, $"{when}, {width} px");
        }
    }
}
