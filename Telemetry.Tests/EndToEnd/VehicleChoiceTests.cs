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
    public async Task A_page_gets_messages_of_the_car_that_it_shows_alone()
    {
        await using var server = await StartServer();
        await using var tab = await browser.Open(server, before: "window.heard = []; window.asked = []; "
            + "window.WebSocket = class extends WebSocket { constructor(url) { super(url); window.asked.push(new URL(url).search); "
            + "this.addEventListener('message', (event) => window.heard.push(JSON.parse(event.data).data.vehicle_id)); } };");
        await tab.Shows(Places.Card("rpm"), "1000 rpm");
        await server.Publish(("wican/bus/rpm", "5001"), ("wican/van/rpm", "1001"));
        await tab.Shows(Places.Card("rpm"), "1001 rpm");
        await tab.Page.Locator(Choice).SelectOptionAsync("3");
        await tab.Shows(Places.Card("rpm"), "5001 rpm");
        await server.Publish(("wican/van/rpm", "1002"), ("wican/bus/rpm", "5002"));
        await tab.Shows(Places.Card("rpm"), "5002 rpm");
        await tab.Shows(Places.State, "Running");
        (await tab.Page.EvaluateAsync<string[]>("() => window.asked")).Should().Equal("?vehicle_id=2&signals=*&alerts=true&vehicles=true&forecasts=true", "?vehicle_id=3&signals=*&alerts=true&vehicles=true&forecasts=true");
        (await tab.Page.EvaluateAsync<int[]>("() => window.heard")).Should().BeInAscendingOrder().And.OnlyContain(id => id == 3 || id == 2);
    }

    [Fact]
    public async Task The_first_car_with_a_reading_is_shown()
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
    public async Task A_household_with_one_dongle_sees_one_car_and_has_nothing_to_choose()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await using var tab = await browser.Open(server);
        await tab.Shows(Places.Title, "Vehicle 1");
        await tab.Hides("vehicle-switch");
        await server.Publish(("wican/van/rpm", "1000"));
        await tab.Page.GotoAsync(server.Address.AbsoluteUri);
        await tab.Shows(Places.Title, "Vehicle 2");
        await tab.Shows("[data-fact=device]", "van");
        await tab.Hides("vehicle-switch");
        await tab.Page.GotoAsync(new Uri(server.Address, "fleet.html").AbsoluteUri);
        await tab.Shows("fleet-count", "1 of 1 running");
    }

    [Fact]
    public async Task The_page_opens_with_the_car_chosen_last_or_the_first_running_or_the_first_with_readings()
    {
        await using var server = await StartServer();
        await server.Publish(("wican/van/rpm", "1001"), ("wican/van/status", """{"status":"offline"}"""));
        await using var tab = await browser.Open(server);
        await tab.Shows(Places.Title, "Vehicle 3");
        await server.Publish(("wican/bus/status", """{"status":"offline"}"""));
        await tab.Page.ReloadAsync();
        await tab.Shows(Places.Title, "Vehicle 2");
        await tab.Page.Locator(Choice).SelectOptionAsync("3");
        foreach (var page in new[] { "", "analytics.html", "drives.html" })
        {
            await tab.Page.GotoAsync(new Uri(server.Address, page).AbsoluteUri);
            await tab.Shows(Places.Title, "Vehicle 3");
        }

        // A choice of a vehicle that is no more is forgotten; an address that names one says so.
        await tab.Page.EvaluateAsync("() => localStorage.setItem('vehicle', '9')");
        foreach (var page in new[] { "", "drives.html" })
        {
            await tab.Page.EvaluateAsync("() => localStorage.setItem('vehicle', '9')");
            await tab.Page.GotoAsync(new Uri(server.Address, page).AbsoluteUri);
            await tab.Shows(Places.Title, "Vehicle 2");
        }

        foreach (var page in new[] { "", "analytics.html", "drives.html" })
        {
            await tab.Page.GotoAsync(new Uri(server.Address, page + "?vehicle_id=9").AbsoluteUri);
            await tab.Shows("missing-vehicle h2", "There is no vehicle 9");
            await tab.Hides(".cards, .charts, .drive-nav >> nth=0");
            await Assertions.Expect(tab.Page.Locator("missing-vehicle a")).ToHaveTextAsync(["Vehicle 2", "Vehicle 3"]);
        }

        await Axe.FindsNothing(tab, "an unknown vehicle");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Vehicle 3" }).ClickAsync();
        await tab.Shows(Places.Title, "Vehicle 3");
        await tab.Hides("missing-vehicle");
    }

    [Fact]
    public async Task A_parked_car_shows_since_when_and_its_distance_and_does_not_look_like_a_fault()
    {
        var start = DateTime.UtcNow.AddMinutes(-20);
        await using var server = await Server.Start();
        await server.Import([.. Enumerable.Range(0, 601).Select(i => (start.AddSeconds(i), "golf", "vehicle_speed", 72.0))]);
        await using var tab = await browser.Open(server);
        await tab.Shows(Places.State, "Parked");
        await Assertions.Expect(tab.Page.Locator(Places.LastValue)).ToHaveTextAsync(ParkedText());
        await tab.Shows(Places.Card("vehicle_speed"), "72 km/h");
        var (badge, warning) = (await Background(tab, Places.State), await tab.Page.EvaluateAsync<string>("() => { const probe = document.createElement('i'); probe.style.background = 'var(--warn-fill)'; document.body.append(probe); return getComputedStyle(probe).backgroundColor; }"));
        badge.Should().NotBe(warning);

        // A recording is never taken for the present.
        await tab.Page.GotoAsync(new Uri(server.Address, "drives.html").AbsoluteUri);
        await tab.Shows(".recorded", "Recording");
    }

    [Theory]
    [InlineData("nowhere.html")]
    [InlineData("some/where/else?x=1")]
    public async Task An_address_that_leads_nowhere_has_a_page_for_people_and_a_problem_for_programs(string address)
    {
        await using var server = await Server.Start();
        await using var tab = await browser.Open(server, address, with: settings => settings.Locale = "fr-FR");
        await tab.Shows("h1", "Il n’y a pas de page ici");
        await tab.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await Axe.FindsNothing(tab, "no such page");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Flotte" }).ClickAsync();
        await Assertions.Expect(tab.Page).ToHaveURLAsync(new Uri(server.Address, "fleet.html").AbsoluteUri);
        tab.Errors.Should().ContainSingle().Which.Should().Contain("404");
        using var answer = await server.Http.GetAsync(address);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        (await server.Http.SendAsync(new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "Accept", "text/html" } } })).StatusCode.Should().Be(System.Net.HttpStatusCode.NotFound);
    }

    static Task<string> Background(Tab tab, string selector) => tab.Page.EvaluateAsync<string>("(selector) => getComputedStyle(document.querySelector(selector)).backgroundColor", selector);

    static Task Address(Tab tab, Server server, string page) => Assertions.Expect(tab.Page).ToHaveURLAsync(new Uri(server.Address, page).AbsoluteUri);

    [GeneratedRegex(@"^Parked since .*\d\d:\d\d · last drive 12 km$")]
    private static partial Regex ParkedText();

    [GeneratedRegex(@"^1\d{3} rpm$")]
    private static partial Regex VansRpm();

    [GeneratedRegex(@"^1\d{3}( to 1\d{3})?$")]
    private static partial Regex VansExtent();
}
