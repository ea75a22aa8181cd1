using Microsoft.Playwright;
using Telemetry.Api.History;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>A broker or a store that is away: every page says so, in words, with the server's reason for who may see it.</summary>
public sealed class ServerFaultTests(Browser browser, CrashingPostgres postgres) : IClassFixture<CrashingPostgres>
{
    const string Banner = "server-banner";

    // The pauses of the page between two questions: while all is well, and while something is wrong.
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);
    static readonly TimeSpan PauseWrong = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData("", "en-US", "Broker unavailable", "The MQTT broker is unavailable: no readings arrive.")]
    [InlineData("analytics.html", "fr-FR", "Broker injoignable", "Le broker MQTT est injoignable : aucune mesure n’arrive.")]
    [InlineData("fleet.html", "en-US", "Broker unavailable", "The MQTT broker is unavailable: no readings arrive.")]
    [InlineData("drives.html", "fr-FR", "Broker injoignable", "Le broker MQTT est injoignable : aucune mesure n’arrive.")]
    public async Task Without_its_broker_no_page_says_connected(string page, string locale, string pill, string title)
    {
        await using var broker = await Mosquitto.Start();
        await using var server = await Server.Start("Mqtt:Host=127.0.0.1", $"Mqtt:Port={broker.Port}", "Presence:Timeout=01:00:00");
        await server.BrokerIs("healthy");
        await Car.PublishOnce(broker.Port, "wican/rpm", "900");
        await using var tab = await browser.Open(server, page, with: settings => settings.Locale = locale);
        await tab.Shows(Places.Link, locale == "fr-FR" ? "Connecté" : "Connected");
        await tab.Hides(Banner);

        await broker.Stop();
        await server.BrokerIs("unhealthy");
        await tab.Pass(Pause);
        await Shows(tab.Page.Locator(Places.Link), pill);
        var reason = (await server.Ready()).GetProperty("checks").GetProperty("broker").GetProperty("problem").GetString()!;
        await Assertions.Expect(tab.Page.Locator(Banner)).ToContainTextAsync(title);
        await Assertions.Expect(tab.Page.Locator($"{Banner} [lang=en]")).Not.ToBeEmptyAsync();
        reason.Should().NotBeEmpty();
        foreach (var width in new[] { 320, 1440 })
        {
            await tab.Page.SetViewportSizeAsync(width, 900);
            await Axe.FindsNothing(tab, $"without its broker, {width} px");
            (await tab.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth")).Should().BeLessThanOrEqualTo(0);
        }

        await broker.Resume();
        await server.BrokerIs("healthy");
        await tab.Pass(PauseWrong);
        await Shows(tab.Page.Locator(Places.Link), locale == "fr-FR" ? "Connecté" : "Connected");
        await tab.Hides(Banner);
    }

    [Theory]
    [InlineData("")]
    [InlineData("analytics.html")]
    [InlineData("fleet.html")]
    public async Task Without_its_store_no_page_says_connected(string page)
    {
        await using var server = await Server.Start($"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}", "Presence:Timeout=01:00:00");
        await server.StoreIs("direct");
        await server.Publish(("wican/rpm", "900"));
        await using var tab = await browser.Open(server, page);
        await tab.Shows(Places.Link, "Connected");
        await postgres.Crash();
        await server.Publish(("wican/rpm", "901"));
        await server.StoreIs("spooling");
        await tab.Pass(Pause);
        await Shows(tab.Page.Locator(Places.Link), "Store unavailable");
        await Assertions.Expect(tab.Page.Locator(Banner)).ToContainTextAsync("The store is unavailable: new readings wait in the spool.");
        await Assertions.Expect(tab.Page.Locator($"{Banner} .fault-reason")).Not.ToBeEmptyAsync();
        await Axe.FindsNothing(tab, "without its store");
        await postgres.Resume();
        await server.StoreIs("direct");
        await tab.Pass(PauseWrong);
        await Shows(tab.Page.Locator(Places.Link), "Connected");
        await tab.Hides(Banner);
    }

    [Fact]
    public async Task A_store_that_is_only_slow_shows_no_banner_and_one_that_fails_does()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.StoreIs("direct");
        await server.Publish(("wican/rpm", "900"));
        await using var tab = await browser.Open(server);
        await tab.Shows(Places.Link, "Connected");
        var status = server.Service<HistoryStatus>();
        status.Spooling();
        var store = (await server.Ready()).GetProperty("checks").GetProperty("store");
        store.GetProperty("status").GetString().Should().Be("degraded");
        store.GetProperty("slow").GetBoolean().Should().BeTrue();
        var asked = tab.Page.WaitForResponseAsync("**/health/ready");
        await tab.Pass(Pause);
        await (await asked).FinishedAsync();
        await tab.Shows(Places.Link, "Connected");
        await tab.Hides(Banner);

        status.Lost("gone");
        (await server.Ready()).GetProperty("checks").GetProperty("store").GetProperty("slow").GetBoolean().Should().BeFalse();
        await tab.Pass(Pause);
        await Shows(tab.Page.Locator(Places.Link), "Store unavailable");
    }

    [Theory]
    [InlineData("en-US", "Drives cannot be read now", "No drive since", "Store unavailable")]
    [InlineData("fr-FR", "Trajets illisibles pour l’instant", "Aucun trajet depuis", "Base injoignable")]
    public async Task Unreadable_data_is_not_shown_as_none(string locale, string unreadable, string none, string pill)
    {
        await using var server = await Server.Start($"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}");
        await server.StoreIs("direct");
        await using var tab = await browser.Open(server, "drives.html?vehicle_id=1", with: settings => settings.Locale = locale);
        await Assertions.Expect(tab.Page.Locator("drive-count")).ToContainTextAsync(none);
        await postgres.Crash();
        await server.Publish(("wican/rpm", "901"));
        await server.StoreIs("spooling");
        // Known before, and in doubt by now.
        await tab.Pass(Pause);
        await Shows(tab.Page.Locator("drive-count"), unreadable);
        await tab.Shows(".days-none", unreadable);

        await tab.Page.AddInitScriptAsync("window.seen = []; new MutationObserver(() => window.seen.push(document.querySelector('main')?.textContent ?? '')).observe(document, { childList: true, characterData: true, subtree: true });");
        await tab.Page.ReloadAsync();
        await Assertions.Expect(tab.Page.Locator(".days-problem")).ToContainTextAsync(locale == "fr-FR" ? "Les trajets ne peuvent pas être lus" : "The drives cannot be read");
        await tab.Shows("drive-count", unreadable);
        await Shows(tab.Page.Locator(Places.Link), pill);
        (await tab.Seen()).Should().NotContain(text => text.Contains(none));
        await Axe.FindsNothing(tab, "without its store");
    }

    [Fact]
    public async Task Without_the_server_a_list_without_a_drive_cannot_be_read_either()
    {
        await using var server = await Server.Start();
        await using var tab = await browser.Open(server, "drives.html?vehicle_id=1");
        await Assertions.Expect(tab.Page.Locator("drive-count")).ToContainTextAsync("No drive since");
        // All modules have come.
        await Assertions.Expect(tab.Page.Locator("theme-switch button")).ToBeVisibleAsync();
        await server.Stop();
        await tab.Pass(Pause);
        await Shows(tab.Page.Locator("drive-count"), "Drives cannot be read now");
        await tab.Shows(Places.Link, "Server unreachable");
    }

    [Fact]
    public async Task A_user_of_some_vehicles_sees_that_something_is_wrong_without_the_reason()
    {
        await using var broker = await Mosquitto.Start();
        await using var server = await Server.Start(Jwt.On, "Mqtt:Host=127.0.0.1", $"Mqtt:Port={broker.Port}");
        await Eventually.Holds("the server is connected", async () => (await server.Ready()).GetProperty("status").GetString() == "healthy");
        await using var tab = await browser.Open(server, "login.html");
        await tab.Page.Context.AddCookiesAsync([new() { Name = "telemetry_token", Value = Jwt.Token(vehicles: "[1]"), Url = server.Address.AbsoluteUri }]);
        await tab.Page.GotoAsync(server.Address.AbsoluteUri);
        await tab.Shows(Places.Link, "Connected");
        await broker.Stop();
        await Eventually.Holds("the server has noticed", async () => (await server.Ready()).GetProperty("status").GetString() != "healthy");
        await tab.Pass(Pause);
        await Shows(tab.Page.Locator(Places.Link), "Server degraded");
        await tab.Shows(Banner, "The server reports a problem. ");
    }

    [Fact]
    public async Task A_hidden_page_requests_nothing()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.Publish(("wican/rpm", "900"));
        await using var tab = await browser.Open(server);
        await tab.Shows(Places.Link, "Connected");
        var asked = 0;
        tab.Page.Request += (_, request) => asked += request.Url.EndsWith("/health/ready", StringComparison.Ordinal) ? 1 : 0;
        await tab.Pass(Pause);
        await Eventually.Holds("the page has asked how the server is", () => asked >= 1, TimeSpan.FromSeconds(30));
        await tab.Hide(true);
        var before = asked;
        await tab.Pass(TimeSpan.FromMinutes(1));
        await server.Publish(("wican/status", """{"status":"offline"}"""));
        await Assertions.Expect(tab.Page.Locator(Places.State)).ToHaveTextAsync("Parked");
        asked.Should().Be(before);
        await tab.Hide(false);
        await Eventually.Holds("it asks again as soon as it is visible", () => asked == before + 1);
    }

    static Task Shows(ILocator place, string text) => Assertions.Expect(place).ToHaveTextAsync(text, new() { Timeout = 30_000 });
}
