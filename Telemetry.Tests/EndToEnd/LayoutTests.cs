using Microsoft.Playwright;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

public class LayoutTests(Browser browser)
{
    [Theory]
    [InlineData("")]
    [InlineData("analytics.html")]
    [InlineData("fleet.html")]
    public async Task Nothing_is_wider_than_the_screen_from_a_small_phone_to_a_wall(string page)
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.Publish(
            ("wican/a-dongle-with-a-name-that-is-longer-than-a-phone-is-wide/rpm", "16383.75"), ("wican/van/rpm", "900"),
            ("wican/rpm", "16383.75"), ("wican/vehicle_speed", "254.9"), ("wican/coolant_temperature", "-39.9"),
            ("wican/engine_load", "99.95"), ("wican/control_module_voltage", "65.53"), ("wican/fuel_rail_pressure", "655350"));
        await using var tab = await browser.Open(server, page + "?vehicle_id=1");
        if (page == "fleet.html")
        {
            await tab.Shows("[data-vehicle='1'] .fleet-number >> nth=0", "254.9");
            await Fits(tab, "running");
        }
        else
        {
            await tab.Shows(Places.State, "Running");
            await tab.Shows(page == "" ? Places.RailPressure : Places.Chart("fuel_rail_pressure"), "655 MPa");
            await Fits(tab, "running");

            await tab.Page.Locator("vehicle-switch select").SelectOptionAsync("2");
            await tab.Shows(page == "" ? Places.Card("rpm") : Places.Chart("rpm"), "16,384 rpm");
            await Fits(tab, "vehicle 2");
        }

        await server.Stop();
        await tab.Shows(page == "fleet.html" ? "[data-vehicle='1'] .badge" : Places.State, "Unknown");
        await Fits(tab, "without the server");
    }

    [Theory]
    [InlineData("en-US")]
    [InlineData("fr-FR")]
    [InlineData("de-DE")]
    public async Task Nor_is_a_drive_or_the_list_of_them(string language)
    {
        var start = new DateTime(2026, 11, 18, 10, 0, 0, DateTimeKind.Utc);
        await using var server = await Server.Start();
        await server.Import([.. Enumerable.Range(0, 200).SelectMany(i => new[] { (start.AddMinutes(i), "default", "rpm", 16383.75), (start.AddMinutes(i), "default", "vehicle_speed", 254.9) }), (start, "van", "rpm", 900)]);
        await using var tab = await browser.Open(server, "drives.html?vehicle_id=1", with: settings => settings.Locale = language);
        await Assertions.Expect(tab.Page.Locator(".drive")).ToBeVisibleAsync();
        await Fits(tab, "the list");
        await tab.Page.GotoAsync(new Uri(server.Address, "drives.html?vehicle_id=1#t=2026-11-18T11:00:00Z").AbsoluteUri);
        await tab.Page.ReloadAsync();
        await Assertions.Expect(tab.Page.Locator("signal-chart canvas").First).ToBeVisibleAsync();
        await Fits(tab, "a drive");
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("es-ES")]
    public async Task Nor_is_a_page_with_the_longer_words_of_German_or_Spanish(string language)
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.Publish(("wican/rpm", "16383.75"), ("wican/vehicle_speed", "254.9"), ("wican/coolant_temperature", "-39.9"), ("wican/soc", "100"), ("wican/van/rpm", "900"));
        await using var tab = await browser.Open(server, "?vehicle_id=1", with: settings => settings.Locale = language);
        foreach (var (page, part) in new[]
        {
            ("./?vehicle_id=1", ".facts"), ("analytics.html?vehicle_id=1", "signal-chart canvas"), ("fleet.html", ".fleet-row"), ("alerts.html", ".alerts-parts label"),
            ("alerts.html?tab#rules", "rules-part .part-title"), ("alerts.html?tab#new", "rule-editor .clause"), ("settings.html", ".unit-row"),
        })
        {
            await tab.Page.GotoAsync(new Uri(server.Address, page).AbsoluteUri);
            await Assertions.Expect(tab.Page.Locator(part).First).ToBeVisibleAsync();
            await Fits(tab, $"{page} in {language}");
        }
    }

    [Theory]
    [InlineData(390, 844)]
    [InlineData(1440, 900)]
    public async Task The_first_card_is_near_the_top(int width, int height)
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.Publish(("wican/rpm", "900"), ("wican/vehicle_speed", "65.5"), ("wican/van/rpm", "1000"));
        await using var tab = await browser.Open(server, "?vehicle_id=1", with: settings => settings.ViewportSize = new() { Width = width, Height = height });
        await tab.Shows(Places.State, "Running");
        (await tab.Page.Locator("kpi-card[data-signal=vehicle_speed]").BoundingBoxAsync())!.Y.Should().BeLessThanOrEqualTo(120);
    }

    [Theory]
    [InlineData("", ".facts")]
    [InlineData("analytics.html", ".pause")]
    [InlineData("fleet.html", ".fleet-body .fleet-row")]
    [InlineData("drives.html", "drive-list")]
    [InlineData("alerts.html", ".alerts-parts label")]
    [InlineData("settings.html", ".unit-row")]
    public async Task What_is_tapped_on_a_phone_is_as_large_as_a_finger(string page, string part)
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.Publish(("wican/rpm", "900"), ("wican/vehicle_speed", "65.5"), ("wican/van/rpm", "1000"));
        await using var tab = await browser.Open(server, page + "?vehicle_id=1", with: settings => (settings.ViewportSize, settings.HasTouch) = (new() { Width = 390, Height = 844 }, true));
        await Assertions.Expect(tab.Page.Locator(part).First).ToBeVisibleAsync();
        await tab.Shows(Places.Link, "Connected");
        // A link may be laid over the whole of its card or row.
        var small = await tab.Page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll('a[href], button, select, input, summary')]
              .map((element) => (element.matches('.visually-hidden, a') ? element.closest('label, kpi-card, .fleet-row, .drive') : null) ?? element)
              .filter((element) => !element.matches('.skip, .setting-facts a') && element.checkVisibility({ visibilityProperty: true }))
              .map((element) => [element, element.getBoundingClientRect()])
              .filter(([, { width, height }]) => Math.min(width, height) < 43.5)
              .map(([element, { width, height }]) => `${element.localName}.${element.className} ${element.textContent} is ${width} x ${height}`)
            """);
        small.Should().BeEmpty();
    }

    static async Task Fits(Tab tab, string when)
    {
        foreach (var width in new[] { 320, 390, 768, 844, 1440, 2560, 3840 })
        {
            await tab.Page.SetViewportSizeAsync(width, width == 844 ? 390 : 900);
            // Fonts have come, and what follows the new size in a frame of its own has done so.
            await tab.Page.EvaluateAsync("() => document.fonts.ready.then(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))");
            var wide = await tab.Page.EvaluateAsync<string[]>("""
                () => [...document.querySelectorAll('html, header, header *, main, section, kpi-card, .kpi-reading, .facts > div, .fleet, .fleet-row, fleet-filter, .field, .choice, signal-chart, .chart-head, .strip, .state, .drive, .player, .player-head, .transport, play-controls, .play-clock, .play-gaps, .choice-one')]
                  .filter((element) => element.scrollWidth > element.clientWidth && getComputedStyle(element).display !== 'inline')
                  .map((element) => `${element.localName}.${element.className} is ${element.scrollWidth} wide in ${element.clientWidth}`)
                """);
            wide.Should().BeEmpty($"{width} px are enough, {when}");
        }
    }
}
