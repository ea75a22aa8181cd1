using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Telemetry.Tests.Drives;
using Telemetry.Tests.Support;
using static Telemetry.Tests.Drives.TripRequests;

namespace Telemetry.Tests.EndToEnd;

/// <summary>The trips page: totals, calendar, tags and notes, the logbook on paper, the route.</summary>
public sealed class TripsPageTests(Browser browser)
{
    const string Page = "trips.html?vehicle_id=2&period=2026-03";

    static void InBerlin(BrowserNewContextOptions settings) => settings.TimezoneId = "Europe/Berlin";

    static ILocator Row(Tab tab, int index) => tab.Page.Locator(".trip-list tbody tr").Nth(index);

    static ILocator Figure(Tab tab, string name) => tab.Page.Locator(".trip-figure").Filter(new() { HasText = name }).Locator("dd");

    static async Task<Server> StartServer()
    {
        var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.Import(Petrol());
        await server.StoreIs("direct");
        return server;
    }

    [Fact]
    public async Task Totals_calendar_and_drives_of_a_month_and_a_price()
    {
        await using var server = await StartServer();
        await using var tab = await browser.Open(server, Page, with: InBerlin);
        await tab.Shows(".period-name", "March 2026");
        await Assertions.Expect(Figure(tab, "Distance")).ToHaveTextAsync("1.1 km");
        await Assertions.Expect(Figure(tab, "Cost")).ToHaveCountAsync(0);
        await Assertions.Expect(tab.Page.Locator(".calendar a")).ToHaveTextAsync(["28, March 2026, drives: 1, 0.5 km", "29, March 2026, drives: 1, 0.5 km", "30, March 2026, drives: 1, 0.1 km"]);
        await Assertions.Expect(tab.Page.Locator(".trip-table tbody tr")).ToHaveCountAsync(2);
        await tab.Page.GetByLabel("Price of a litre").FillAsync("2");
        await tab.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(Figure(tab, "Cost")).ToHaveTextAsync("0.20");
        await tab.Page.GetByText("Day", new() { Exact = true }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".trip-table tbody tr")).ToHaveCountAsync(3);
        await tab.Page.GetByText("Year", new() { Exact = true }).ClickAsync();
        await tab.Shows(".period-name", "2026");
        await Assertions.Expect(tab.Page.Locator(".trip-table tbody tr")).ToHaveCountAsync(1);
        await tab.Hides("trip-calendar");
        await Row(tab, 0).Locator(".trip-link").ClickAsync();
        await tab.Page.WaitForURLAsync("**/drives.html?vehicle_id=2#t=2026-03-29T22:30:00Z");
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task The_later_of_two_browsers_sees_what_the_other_wrote_before_it_replaces_it()
    {
        await using var server = await StartServer();
        await using var one = await browser.Open(server, Page, with: InBerlin);
        await using var other = await browser.Open(server, Page, with: InBerlin);
        await Assertions.Expect(Row(other, 2)).ToBeVisibleAsync();
        await Write(one, "business", "To the customer");
        await Assertions.Expect(Row(one, 2).Locator(".trip-note")).ToContainTextAsync("To the customer");
        await Write(other, "private", "To the lake");
        await Assertions.Expect(Row(other, 2).Locator(".note-status")).ToHaveTextAsync("Changed elsewhere meanwhile: Business, To the customer. Save again to replace it.");
        await Axe.FindsNothing(other, "a form with a conflict");
        await Row(other, 2).GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(Row(other, 2).Locator(".trip-note")).ToContainTextAsync("To the lake");
        (await server.Trips($"vehicle_id=2&{Days}", "/trips/drives")).Texts("tag", "note", "version").First().Should().Be("private To the lake 2");

        await other.Page.EvaluateAsync("() => dispatchEvent(new Event('beforeprint'))");
        await other.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await Assertions.Expect(other.Page.Locator(".log tbody tr").First).ToHaveTextAsync("3/28/2623:5900:00––0.5 kmPrivateTo the lake");
        await Assertions.Expect(other.Page.Locator(".log tfoot tr").First).ToHaveTextAsync("Sum: Private0.5 km");
        await other.Hides("header.top");
        await other.Hides("trip-list");

        async Task Write(Tab tab, string tag, string note)
        {
            await Row(tab, 2).GetByRole(AriaRole.Button).ClickAsync();
            await Row(tab, 2).GetByLabel("Kind", new() { Exact = true }).SelectOptionAsync(tag);
            await Row(tab, 2).GetByLabel("Purpose", new() { Exact = true }).FillAsync(note);
            await tab.Page.Keyboard.PressAsync("Enter");
        }
    }

    [Theory]
    [InlineData("en-US", ColorScheme.Light)]
    [InlineData("fr-FR", ColorScheme.Dark)]
    public async Task No_finding_of_axe_and_no_page_wider_than_the_screen(string locale, ColorScheme colors)
    {
        await using var server = await StartServer();
        await using var tab = await browser.Open(server, Page, with: settings => (settings.Locale, settings.ColorScheme, settings.TimezoneId) = (locale, colors, "Europe/Berlin"));
        await Assertions.Expect(Row(tab, 2)).ToBeVisibleAsync();
        foreach (var width in (int[])[320, 390, 768, 1440])
        {
            await tab.Page.SetViewportSizeAsync(width, 900);
            (await tab.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")).Should().BeLessThanOrEqualTo(0, $"{width} px are enough");
            await Axe.FindsNothing(tab, $"trips, {width} px");
        }

        await tab.Page.Locator(".trips-vehicle").SelectOptionAsync("2");
        await tab.Page.Locator(".period-step").First.ClickAsync();
        await Assertions.Expect(tab.Page.Locator("trip-list .quiet")).ToHaveTextAsync(locale == "fr-FR" ? "Aucun trajet dans cette période." : "No drive in this period.");
        await Axe.FindsNothing(tab, "a month without drives");
    }

    [Fact]
    public async Task A_vehicle_that_sends_its_position_has_routes_and_another_has_none()
    {
        await using var server = await StartServer();
        await server.Import([.. Every10(Night, "bus", "latitude", 48.1, 48.2, 48.3), .. Every10(Night, "bus", "longitude", 11.5, 11.5, 11.6)]);
        await server.StoreIs("direct");
        await using var tab = await browser.Open(server, "trips.html?vehicle_id=3&period=2026-03", with: InBerlin);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Route" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".track polyline")).ToHaveAttributeAsync("points", new Regex(@"^8\.0,216\.0( [\d.]+,[\d.]+)+ [\d.]+,8\.0$"));
        await Assertions.Expect(tab.Page.Locator(".track image")).ToHaveCountAsync(0);
        await Axe.FindsNothing(tab, "a route");
        await tab.Page.Locator(".trips-vehicle").SelectOptionAsync("2");
        await Assertions.Expect(tab.Page.Locator(".trip-list tbody tr")).ToHaveCountAsync(3);
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Button, new() { Name = "Route" })).ToHaveCountAsync(0);
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task Tiles_are_loaded_from_the_address_that_is_set_and_from_no_other()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00", "Map:TileUrl=http://127.0.0.1:9/{z}/{x}/{y}.png", "Map:Attribution=Tiles: example");
        using var answer = await server.Http.GetAsync("/trips.html");
        answer.Headers.GetValues("Content-Security-Policy").Single().Should().Contain("img-src 'self' http://127.0.0.1:9;");
        await server.Import([.. Every10(Night, "bus", "latitude", 48.1, 48.2, 48.3), .. Every10(Night, "bus", "longitude", 11.5, 11.5, 11.6)]);
        await server.StoreIs("direct");
        await using var tab = await browser.Open(server, Page, with: InBerlin);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Route" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".track image").First).ToHaveAttributeAsync("href", new Regex(@"^http://127\.0\.0\.1:9/\d+/\d+/\d+\.png$"));
        (await tab.Page.Locator(".track image").EvaluateAllAsync<string[]>("images => images.map((image) => image.getAttribute('href'))")).Should().Contain(Tile(48.2, 11.5, await Zoom(tab)));
        await tab.Shows(".track-credit", "Tiles: example");
    }

    static async Task<int> Zoom(Tab tab) => int.Parse((await tab.Page.Locator(".track image").First.GetAttributeAsync("href"))!.Split('/')[3], null);

    // The formula of OpenStreetMap's wiki, "Slippy map tilenames".
    static string Tile(double latitude, double longitude, int zoom)
    {
        var radians = latitude * Math.PI / 180;
        var (x, y) = (Math.Floor((longitude + 180) / 360 * (1 << zoom)), Math.Floor((1 - Math.Asinh(Math.Tan(radians)) / Math.PI) / 2 * (1 << zoom)));
        return $"http://127.0.0.1:9/{zoom}/{x}/{y}.png";
    }
}
