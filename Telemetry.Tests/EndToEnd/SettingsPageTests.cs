using System.Diagnostics;
using Microsoft.Playwright;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>The settings page, and the card of a server that no car has been heard by.</summary>
public class SettingsPageTests(Browser browser)
{
    static string Form(int id) => $"vehicle-form[data-vehicle='{id}']";

    static Task<IResponse?> Go(Tab tab, Server server, string page) => tab.Page.GotoAsync(new Uri(server.Address, page).AbsoluteUri);

    [Fact]
    public async Task A_first_start_says_what_to_enter_and_what_came_and_gives_way_to_the_first_car()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await using var tab = await browser.Open(server);
        await tab.Shows("first-start h2", "Connect your car");
        await Assertions.Expect(tab.Page.Locator("first-start dd").Filter(new() { HasText = $"{server.BrokerPort}" }).Locator("button")).ToHaveTextAsync("Copy");
        await Assertions.Expect(tab.Page.Locator("first-start .start-command")).ToContainTextAsync("--demo");
        await server.Publish(("wican/rpm", "fast"));
        await tab.Shows("first-start .message >> nth=0 >> .message-reason", "Not a number");
        await tab.Shows("first-start .message >> nth=0 >> .message-payload", "fast");
        await Axe.FindsNothing(tab, "a first start");
        await server.Publish(("wican/golf/rpm", "2500"));
        await tab.Shows(Places.Card("rpm"), "2500 rpm");
        await tab.Hides("first-start");
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task A_household_names_its_car_sets_its_units_brings_its_readings_and_deletes_a_car()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.Publish(("wican/golf/vehicle_speed", "100"), ("wican/golf/coolant_temperature", "90"), ("wican/van/rpm", "900"), ("wican/golf/rpm", "none"));
        await using var dashboard = await browser.Open(server, "?vehicle_id=2");
        await dashboard.Shows(Places.Card("vehicle_speed"), "100 km/h");
        await using var fleet = await browser.Open(server, "fleet.html");
        await fleet.Shows("fleet-count", "2 of 2 running");
        await using var tab = await browser.Open(server, "settings.html");
        await tab.Page.Locator(Form(2)).Locator("summary").ClickAsync();

        // A new name is on every open page within a second.
        await tab.Page.Locator(Form(2)).GetByLabel("Name", new() { Exact = true }).FillAsync("Family Golf");
        var clock = Stopwatch.StartNew();
        await tab.Page.Keyboard.PressAsync("Tab");
        await dashboard.Shows(Places.Title, "Family Golf");
        await Assertions.Expect(fleet.Page.Locator("[data-vehicle='2'] .fleet-link")).ToHaveTextAsync("Family Golf");
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(5), "a busy machine has some seconds more than the one that is promised");
        await tab.Shows($"{Form(2)} .vehicle-summary-name", "Family Golf");
        await tab.Page.Locator(Form(2)).GetByLabel("Vehicle type").SelectOptionAsync("electric");
        await tab.Page.Locator(Form(2)).GetByLabel("Parked after silence of").FillAsync("0.5");
        await tab.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(tab.Page.Locator(Form(2)).Locator(".setting-problem").Filter(new() { HasText = "offline_after_seconds takes" })).ToBeVisibleAsync();
        await Eventually.Holds("the kind is kept", async () => (await server.Http.GetStringAsync("/vehicles")).Contains("\"kind\":\"electric\""));

        // Units of this browser.
        await tab.Page.GetByText("miles, mph").ClickAsync();
        await tab.Page.GetByText("°F").ClickAsync();
        await Go(tab, server, "?vehicle_id=2");
        await tab.Shows(Places.Card("vehicle_speed"), "62 mph");
        await tab.Shows(Places.Card("coolant_temperature"), "194 °F");
        await Go(tab, server, "analytics.html?vehicle_id=2");
        await tab.Shows(Places.Chart("vehicle_speed"), "62 mph");
        await Go(tab, server, "settings.html");

        await tab.Shows("connection-info .message >> nth=0 >> .message-reason", "Not a number");
        await Assertions.Expect(tab.Page.Locator("connection-info")).ToContainTextAsync($"{server.BrokerPort}");
        await Axe.FindsNothing(tab, "settings");
        foreach (var width in new[] { 320, 390, 768, 3840 })
        {
            await tab.Page.SetViewportSizeAsync(width, 900);
            (await tab.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")).Should().BeLessThanOrEqualTo(0, $"{width} px are enough");
        }

        await tab.Page.Locator("data-transfer input[type=file]").SetInputFilesAsync(new FilePayload { Name = "old.csv", MimeType = "text/csv", Buffer = "recorded_at,vehicle,signal,value\n2026-11-01T10:00:00Z,bike,rpm,1\nx,y,z\n"u8.ToArray() });
        await Assertions.Expect(tab.Page.Locator("data-transfer .setting-status")).ToContainTextAsync("old.csv");
        await Assertions.Expect(tab.Page.Locator(Form(4))).ToBeVisibleAsync();

        // Gone for good, once its name has been typed.
        await tab.Page.Locator(Form(3)).Locator("summary").ClickAsync();
        await tab.Page.Locator(Form(3)).GetByText("Delete with all its data").ClickAsync();
        await Assertions.Expect(tab.Page.Locator(Form(3)).GetByText("Delete for good")).ToBeDisabledAsync();
        await tab.Page.Locator(Form(3)).GetByLabel("Type “Vehicle 3” to confirm").FillAsync("Vehicle 3");
        await tab.Page.Locator(Form(3)).GetByText("Delete for good").ClickAsync();
        await Assertions.Expect(tab.Page.Locator(Form(3))).ToHaveCountAsync(0);
        await fleet.Shows("fleet-count", "1 of 2 running");
        (await server.Http.GetStringAsync("/notices.txt")).Should().Contain("uPlot");
        tab.Errors.Where(error => !error.Contains("400")).Should().BeEmpty();
    }
}
