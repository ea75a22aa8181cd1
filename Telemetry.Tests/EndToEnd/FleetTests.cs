using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>All vehicles on one page: the list from <c>GET /vehicles</c>, the shown ones live.</summary>
public class FleetTests(Browser browser)
{
    const string KeepsSockets = """
        window.asked = [];
        window.WebSocket = class extends WebSocket { constructor(url) { super(url); window.asked.push(new URL(url).searchParams.get('vehicle_id')); } };
        """;

    static string Row(int id) => $".fleet-body [data-vehicle='{id}']";

    static string Cell(int id, string column) => $"{Row(id)} [data-column={column}]";

    static ILocator Rows(Tab tab) => tab.Page.Locator(".fleet-body .fleet-row");

    static Task<string[]> Asked(Tab tab) => tab.Page.EvaluateAsync<string[]>("() => window.asked");

    [Fact]
    public async Task Each_vehicle_has_its_state_its_numbers_and_its_age_and_leads_to_its_dashboard()
    {
        await using var server = await Server.Start("Presence:Timeout=00:00:02");
        await server.Import((DateTime.UtcNow.AddHours(-2), "van", "vehicle_speed", 40));
        await using var tab = await browser.Open(server, "fleet.html");
        await tab.Shows($"{Row(2)} .badge", "Parked");
        await tab.Shows($"{Row(2)} .fleet-heard", "2 h ago");
        await tab.Shows("fleet-count", "0 of 1 running");

        await server.Publish(("wican/van/vehicle_speed", "65.5"), ("wican/van/control_module_voltage", "11.5"));
        await tab.Shows($"{Row(2)} .badge", "Running");
        await tab.Shows(Cell(2, "vehicle_speed"), "65.5 km/h");
        await tab.Shows(Cell(2, "control_module_voltage"), "11.5 V");
        await tab.Shows($"{Row(2)} .badge", "Parked");
        await tab.Shows(Cell(2, "vehicle_speed"), "65.5 km/h");

        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Vehicle 2" }).ClickAsync();
        await Assertions.Expect(tab.Page).ToHaveURLAsync(new Uri(server.Address, "?vehicle_id=2").AbsoluteUri);
        await tab.Shows(Places.Card("vehicle_speed"), "65.5 km/h");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Fleet" }).ClickAsync();
        await tab.Shows(Cell(2, "vehicle_speed"), "65.5 km/h");
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task Of_thousands_of_vehicles_only_the_shown_ones_are_listened_to()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00", "Ingest:NewVehiclesPerMinute=0");
        var start = DateTime.UtcNow.AddDays(-1);
        await server.Import([.. Enumerable.Range(2, 1199).Select(id => (start.AddSeconds(id), $"car-{id:0000}", "rpm", 900.0))]);
        await using var tab = await browser.Open(server, "fleet.html", KeepsSockets);
        await tab.Shows("fleet-count", "0 of 1199 running");
        await Assertions.Expect(Rows(tab)).ToHaveCountAsync(50);
        await tab.Shows(Places.Link, "Connected");
        (await Asked(tab)).Should().Equal(string.Join(',', Enumerable.Range(2, 50)));

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await tab.Shows("fleet-pager span", "Page 2 of 24");
        await Eventually.Holds("the second page is listened to", async () => (await Asked(tab)) is [_, var second] && second == string.Join(',', Enumerable.Range(52, 50)));
        await server.Publish(("wican/car-0060/vehicle_speed", "42"));
        await tab.Shows(Cell(60, "vehicle_speed"), "42 km/h");

        await tab.Page.GetByRole(AriaRole.Searchbox).FillAsync("car-119");
        await tab.Shows("fleet-count", "10 of 1199 vehicles");
        await Eventually.Holds("the found ones are listened to", async () => (await Asked(tab))[^1] == string.Join(',', Enumerable.Range(1190, 10)));
        await tab.Page.Locator("fleet-filter select").SelectOptionAsync("heard");
        await Assertions.Expect(Rows(tab).First).ToHaveAttributeAsync("data-vehicle", "1199");
        await Assertions.Expect(tab.Page).ToHaveURLAsync(new Regex(Regex.Escape("fleet.html?search=car-119&order=heard") + "$"));
        await tab.Page.ReloadAsync();
        await Assertions.Expect(Rows(tab)).ToHaveCountAsync(10);
        await Assertions.Expect(Rows(tab).First).ToHaveAttributeAsync("data-vehicle", "1199");

        await tab.Page.Locator("fleet-filter label", new() { HasTextString = "Running" }).ClickAsync();
        await tab.Shows(".fleet-none", "No matching vehicle");
        await Assertions.Expect(tab.Page.Locator("[data-announcer]")).ToHaveTextAsync("No matching vehicle");
        await tab.Page.GetByRole(AriaRole.Searchbox).FillAsync("");
        await Assertions.Expect(Rows(tab)).ToHaveCountAsync(1);
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task A_title_sorts_all_vehicles_by_its_column_one_way_and_the_other()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00", "Ingest:NewVehiclesPerMinute=0");
        var start = DateTime.UtcNow.AddDays(-1);
        await server.Import([
            .. Enumerable.Range(2, 119).Select(id => (start, $"car-{id:000}", "odometer", id * 37 % 121 * 1000.0)),
            (start, "car-070", "soc", 12), (start, "car-071", "fuel_tank_level", 55.5), (start, "car-070", "fuel_tank_level", 90),
        ]);
        await using var tab = await browser.Open(server, "fleet.html");
        await Assertions.Expect(Rows(tab)).ToHaveCountAsync(50);
        var title = tab.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Odometer" });
        await title.GetByRole(AriaRole.Button).FocusAsync();
        await tab.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(title).ToHaveAttributeAsync("aria-sort", "descending");
        await Assertions.Expect(Rows(tab).First.Locator("[data-column=odometer]")).ToHaveTextAsync("120,000 km");
        await tab.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(title).ToHaveAttributeAsync("aria-sort", "ascending");
        await Assertions.Expect(Rows(tab).First.Locator("[data-column=odometer]")).ToHaveTextAsync("1000 km");
        await Assertions.Expect(tab.Page).ToHaveURLAsync(new Regex(Regex.Escape("?order=odometer&reversed=true") + "$"));
        await Axe.FindsNothing(tab, "sorted fleet");

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Charge / fuel" }).ClickAsync();
        await Assertions.Expect(Rows(tab).Nth(0).Locator("[data-column=level]")).ToHaveTextAsync("12 %");
        await Assertions.Expect(Rows(tab).Nth(0).Locator("[data-column=level]")).ToHaveAttributeAsync("title", "Charge");
        await Assertions.Expect(Rows(tab).Nth(1).Locator("[data-column=level]")).ToHaveTextAsync("55.5 %");
        await Assertions.Expect(Rows(tab).Nth(2).Locator("[data-column=level]")).ToHaveTextAsync("—");
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task The_chosen_columns_are_kept_in_the_browser_and_their_values_come_live()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.Publish(("wican/range", "240"), ("wican/odometer", "1000"), ("wican/rpm", "900"));
        await using var tab = await browser.Open(server, "fleet.html");
        await tab.Shows(Cell(1, "odometer"), "1000 km");
        await Assertions.Expect(tab.Page.Locator(Cell(1, "range"))).ToHaveCountAsync(0);

        await tab.Page.Locator("fleet-menu summary").ClickAsync();
        await tab.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Range" }).CheckAsync();
        await tab.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Odometer" }).UncheckAsync();
        await Axe.FindsNothing(tab, "choice of columns");
        await tab.Page.Keyboard.PressAsync("Escape");
        await tab.Hides(".fleet-choices");
        await tab.Shows(Cell(1, "range"), "240 km");
        await Assertions.Expect(tab.Page.Locator(Cell(1, "odometer"))).ToHaveCountAsync(0);
        await Eventually.Holds("a new range is shown", async () =>
        {
            await server.Publish(("wican/range", "239"));
            return (await tab.Text(Cell(1, "range"))).StartsWith("239", StringComparison.Ordinal);
        });
        await tab.Page.ReloadAsync();
        await tab.Shows(Cell(1, "range"), "239 km");
        tab.Errors.Should().BeEmpty();
    }
}
