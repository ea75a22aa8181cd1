using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>Two cars at once: van is vehicle 2 and turns at 1000 and something, bus is vehicle 3 and turns at 5000 and something.</summary>
public partial class VehicleChoiceTests(Browser browser)
{
    const string Choice = "vehicle-switch select";

    static async Task<Server> StartServer()
    {
        var server = await Server.Start("Stream:UpdateInterval=00:00:00", "Presence:Timeout=01:00:00");
        await server.Publish(("wican/van/rpm", "1000"), ("wican/bus/rpm", "5000"));
        return server;
    }

    // Each reading is drawn before the next comes; the bus always speaks last.
    static async Task Drive(Server server, Func<int, Task> isDrawn)
    {
        await using var car = await Car.Connect(server.BrokerPort);
        for (var i = 1; i <= 20; i++)
        {
            await car.Publish("wican/van/rpm", $"{1000 + i}");
            await car.Publish("wican/bus/rpm", $"{5000 + i}");
            await isDrawn(i);
        }
    }

    [Fact]
    public async Task The_cards_never_show_the_other_car()
    {
        await using var server = await StartServer();
        await using var tab = await browser.Open(server, "?vehicle_id=2");
        await tab.Shows(Places.Title, "Vehicle 2");
        await tab.Shows(Places.Card("rpm"), "1000 rpm");
        await tab.Watch(Places.Card("rpm"));
        await Drive(server, i => tab.Shows(Places.Card("rpm"), $"{1000 + i} rpm"));
        (await tab.Seen()).Should().HaveCount(21).And.OnlyContain(text => VansRpm().IsMatch(text));
        (await tab.Text("[data-fact=device]")).Should().Be("van");
    }

    [Fact]
    public async Task The_charts_never_show_the_other_car()
    {
        await using var server = await StartServer();
        await using var tab = await browser.Open(server, "analytics.html?vehicle_id=2");
        await tab.Shows(Places.Extent("rpm"), "1000"); // After the value itself: the charts come second.
        await tab.Watch(Places.Extent("rpm"));
        await Drive(server, i => tab.Shows(Places.Extent("rpm"), $"1000 to {1000 + i}"));
        (await tab.Seen()).Should().HaveCount(21).And.OnlyContain(text => VansExtent().IsMatch(text));

        // The page heard nothing of the other car; the store did.
        await tab.Page.Locator(Choice).SelectOptionAsync("3");
        await tab.Shows(Places.Extent("rpm"), "5000 to 5020");
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task The_choice_is_in_the_address_and_goes_along_to_the_other_page()
    {
        await using var server = await StartServer();
        await using var tab = await browser.Open(server, "?vehicle_id=2");
        await tab.Shows(Places.Card("rpm"), "1000 rpm");
        await tab.Page.Locator(Choice).SelectOptionAsync("3");
        await tab.Shows(Places.Card("rpm"), "5000 rpm");
        await tab.Shows(Places.Title, "Vehicle 3");
        await Address(tab, server, "?vehicle_id=3");

        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Analytics" }).ClickAsync();
        await Address(tab, server, "analytics.html?vehicle_id=3");
        await tab.Shows(Places.Title, "Vehicle 3");
        await tab.Shows(Places.Chart("rpm"), "5000 rpm");

        await tab.Page.Locator(Choice).SelectOptionAsync("2");
        await tab.Shows(Places.Chart("rpm"), "1000 rpm");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Dashboard" }).ClickAsync();
        await Address(tab, server, "?vehicle_id=2");
        await tab.Shows(Places.Card("rpm"), "1000 rpm");
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task A_page_hears_of_the_car_that_it_shows_and_of_no_other()
    {
        await using var server = await StartServer();
        await using var tab = await browser.Open(server, before: "window.heard = []; window.asked = []; "
            + "window.WebSocket = class extends WebSocket { constructor(url) { super(url); window.asked.push(new URL(url).search); "
            + "this.addEventListener('message', (event) => window.heard.push(JSON.parse(event.data).data.vehicle_id)); } };");
        await tab.Shows(Places.Card("rpm"), "5000 rpm");
        await server.Publish(("wican/van/rpm", "1001"), ("wican/bus/rpm", "5001"));
        await tab.Shows(Places.Card("rpm"), "5001 rpm");
        await tab.Page.Locator(Choice).SelectOptionAsync("2");
        await tab.Shows(Places.Card("rpm"), "1001 rpm");
        await server.Publish(("wican/bus/rpm", "5002"), ("wican/van/rpm", "1002"));
        await tab.Shows(Places.Card("rpm"), "1002 rpm");
        await tab.Shows(Places.State, "Running");
        (await tab.Page.EvaluateAsync<string[]>("() => window.asked")).Should().Equal("?vehicle_id=3&signals=*&alerts=true", "?vehicle_id=2&signals=*&alerts=true");
        (await tab.Page.EvaluateAsync<int[]>("() => window.heard")).Should().BeInDescendingOrder().And.OnlyContain(id => id == 3 || id == 2);
    }

    [Fact]
    public async Task The_first_car_that_is_ever_heard_is_shown()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await using var tab = await browser.Open(server);
        await tab.Shows(Places.LastValue, "No reading yet");
        await tab.Shows(Places.Title, "Vehicle 1");
        await server.Publish(("wican/van/rpm", "1000"));
        await tab.Shows(Places.Title, "Vehicle 2");
        await tab.Shows(Places.Card("rpm"), "1000 rpm");
        await tab.Shows(Places.State, "Running");
    }

    [Fact]
    public async Task With_one_car_there_is_nothing_to_choose()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await using var tab = await browser.Open(server);
        await tab.Shows(Places.Title, "Vehicle 1");
        await tab.Hides("vehicle-switch");
    }

    static Task Address(Tab tab, Server server, string page) => Assertions.Expect(tab.Page).ToHaveURLAsync(new Uri(server.Address, page).AbsoluteUri);

    [GeneratedRegex(@"^1\d{3} rpm$")]
    private static partial Regex VansRpm();

    [GeneratedRegex(@"^1\d{3}( to 1\d{3})?$")]
    private static partial Regex VansExtent();
}
