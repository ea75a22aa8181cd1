using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>Cards by what a vehicle sends, and as people pin them.</summary>
public partial class CardTests(Browser browser)
{
    const string Shown = "kpi-card:not([hidden])";

    static Task Cards(Tab tab, params string[] signals) => Eventually.Holds($"the cards are {string.Join(' ', signals)}", async () =>
        (await tab.Page.EvaluateAsync<string[]>($"() => [...document.querySelectorAll('{Shown}')].sort((a, b) => a.dataset.slot - b.dataset.slot).map((card) => card.dataset.signal)")).SequenceEqual(signals));

    [Fact]
    public async Task Each_car_has_the_cards_of_what_it_sends_and_people_pin_their_own()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.Publish(
            ("wican/golf", """{"0D-VehicleSpeed":34,"0C-EngineRPM":1500,"05-EngineCoolantTemp":80,"0F-IntakeAirTemperature":21}"""),
            ("wican/zoe", """{"SOC":71.5,"SPEED":34,"RANGE":221,"ODOMETER":41254,"HV_W":12000,"BATT_TEMP":27,"HV_C_V_01":3.91}"""));
        await using var tab = await browser.Open(server, "?vehicle_id=2");
        await Cards(tab, "vehicle_speed", "rpm", "coolant_temperature");
        await tab.Shows(Places.Card("vehicle_speed"), "34 km/h");
        await tab.Shows(Places.Card("coolant_temperature"), "80 °C");

        await tab.Page.Locator("vehicle-switch select").SelectOptionAsync("3");
        await Cards(tab, "soc", "hv_w", "range", "odometer", "batt_temp");
        await tab.Shows("kpi-card[data-signal=soc] .kpi-label", "Charge");
        await tab.Shows(Places.Card("soc"), "71.5 %");
        await tab.Shows(Places.Card("odometer"), "41,254 km");
        await tab.Shows("reading-list [data-signal=hv_c_v_01] dt", "Cell 1");
        await Assertions.Expect(tab.Page.Locator(".group-name")).ToHaveTextAsync(["Battery", "Trip"]);

        // Each leads to its chart.
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Link, new() { Name = "Odometer" })).ToHaveAttributeAsync("href", "analytics.html?vehicle_id=3&charts=odometer");

        // Pinned, moved and removed, in this browser.
        await tab.Page.GetByText("Arrange cards").ClickAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Pin Cell 1 as a card" }).ClickAsync();
        await Cards(tab, "soc", "hv_w", "range", "odometer", "batt_temp", "hv_c_v_01");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Move Range earlier" }).ClickAsync();
        await tab.Page.Locator("kpi-card[data-signal=odometer]").GetByRole(AriaRole.Button, new() { NameRegex = RemoveCard() }).ClickAsync();
        await Cards(tab, "soc", "range", "hv_w", "batt_temp", "hv_c_v_01");
        await Axe.FindsNothing(tab, "while cards are arranged");
        await tab.Page.ReloadAsync();
        await Cards(tab, "soc", "range", "hv_w", "batt_temp", "hv_c_v_01");

        // As the default for all users: another browser opens with it.
        await tab.Page.GetByText("Arrange cards").ClickAsync();
        await tab.Page.GetByText("Default for all users").ClickAsync();
        await Assertions.Expect(tab.Page.GetByText("Saved for all users")).ToBeVisibleAsync();
        await using var other = await browser.Open(server, "?vehicle_id=3");
        await Cards(other, "soc", "range", "hv_w", "batt_temp", "hv_c_v_01");
        await tab.Page.Locator("vehicle-switch select").SelectOptionAsync("2");
        await Cards(tab, "vehicle_speed", "rpm", "coolant_temperature");
        tab.Errors.Should().BeEmpty();
    }

    [GeneratedRegex("^Remove")]
    private static partial Regex RemoveCard();
}
