using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

public partial class DashboardTests(Browser browser)
{
    [Fact]
    public async Task The_cards_show_what_the_car_sends_and_move_with_it()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await using var tab = await browser.Open(server);
        await server.Publish(
            ("wican/vehicle_speed", "65.5"), ("wican/rpm", "2500"), ("wican/coolant_temperature", "87.3"),
            ("wican/engine_load", "45.2"), ("wican/control_module_voltage", "13.8"), ("wican/fuel_rail_pressure", "350.2"));
        await tab.Shows(Places.Card("vehicle_speed"), "65.5 km/h");
        await tab.Shows(Places.Card("rpm"), "2500 rpm");
        await tab.Shows(Places.Card("coolant_temperature"), "87.3 °C");
        await tab.Shows(Places.Card("engine_load"), "45.2 %");
        await tab.Shows(Places.Card("control_module_voltage"), "13.8 V");
        await tab.Shows(Places.RailPressure, "350.2 kPa");
        await tab.Shows(Places.State, "Running");
        await tab.Shows(Places.Link, "Connected");
        await tab.Hides(Places.LastValue);

        var needle = tab.Page.Locator("kpi-card[data-signal=vehicle_speed] .dial-fill");
        await Assertions.Expect(needle).ToHaveCSSAsync("stroke-dashoffset", "67.25px");
        await server.Publish(("wican/vehicle_speed", "120"), ("wican/rpm", "0"), ("wican/coolant_temperature", "-7.04"), ("wican/fuel_rail_pressure", "35000.4"));
        await tab.Shows(Places.Card("vehicle_speed"), "120.0 km/h");
        await tab.Shows(Places.Card("rpm"), "0 rpm");
        await tab.Shows(Places.Card("coolant_temperature"), "-7.0 °C");
        await tab.Shows(Places.RailPressure, "35000 kPa");
        await tab.Shows(Places.Card("engine_load"), "45.2 %");
        await Assertions.Expect(needle).ToHaveCSSAsync("stroke-dashoffset", "40px");

        tab.Console.Should().Contain("✅ WebSocket connecté").And.Contain("📊 Données reçues - État: running");
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task When_the_car_falls_silent_the_last_values_stay_and_say_how_old_they_are()
    {
        await using var server = await Server.Start("Presence:Timeout=00:00:02");
        await using var tab = await browser.Open(server);
        await server.Publish(("wican/rpm", "2500"), ("wican/vehicle_speed", "65.5"));
        await tab.Shows(Places.State, "Running");

        await tab.Shows(Places.State, "Offline");
        await Assertions.Expect(tab.Page.Locator(Places.LastValue)).ToHaveTextAsync(LastValueOfSecondsAgo());
        await Assertions.Expect(tab.Page.Locator(Places.LastValue)).ToBeVisibleAsync();
        await tab.Shows(Places.Card("rpm"), "2500 rpm");
        await tab.Shows(Places.Card("vehicle_speed"), "65.5 km/h");
        await tab.Shows(Places.Card("engine_load"), "— %");
        await tab.Shows(Places.Link, "Connected");
        tab.Console.Should().EndWith("📊 Données reçues - État: offline");

        await server.Publish(("wican/rpm", "900"));
        await tab.Shows(Places.State, "Running");
        await tab.Shows(Places.Card("rpm"), "900 rpm");
        await tab.Hides(Places.LastValue);
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task A_car_never_heard_has_dashes_and_no_last_value()
    {
        await using var server = await Server.Start();
        await using var tab = await browser.Open(server);
        await tab.Shows(Places.State, "Offline");
        await tab.Shows(Places.LastValue, "No reading yet");
        (await tab.Page.Locator(".kpi-value, [data-fact=rail], [data-fact=reading]").AllTextContentsAsync()).Should().Equal(Enumerable.Repeat("—", 7));
        (await tab.Page.Locator("body").InnerTextAsync()).Should().NotContain("Last value");
        tab.Errors.Should().BeEmpty();
    }

    [GeneratedRegex(@"^Last value · \d+ s ago$")]
    private static partial Regex LastValueOfSecondsAgo();
}
