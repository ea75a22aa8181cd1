using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Telemetry.Tests.Support;
using static Telemetry.Tests.EndToEnd.AnalyticsPage;
using static Telemetry.Tests.EndToEnd.StoredReadings;

namespace Telemetry.Tests.EndToEnd;

/// <summary>The analytics page and the store: the minutes before it was opened, what it missed, any other signal, another vehicle, export, a store that is away.</summary>
public class HistoryPagesTests(Browser browser)
{
    [Fact]
    public async Task The_page_opens_with_the_last_minutes_drawn()
    {
        var start = DateTime.UtcNow.AddMinutes(-4);
        await using var server = await StartServer([.. Drive(start, 200, 1000), (start.AddSeconds(100.5), "default", "rpm", 6000)]);
        await using var tab = await browser.Open(server, "analytics.html", Drawing.Kept);
        await tab.Shows(Places.Extent("rpm"), "1000 to 6000");
        await tab.Shows(Places.Chart("rpm"), "1199 rpm");
        var drawn = await Drawing.Of(tab, "rpm");
        drawn.Value.Should().HaveCountGreaterThan(30).And.HaveCountLessThanOrEqualTo(301).And.NotContainNulls();
        drawn.Time.Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();

        await server.Publish(("wican/rpm", "900"));
        await tab.Shows(Places.Chart("rpm"), "900 rpm");
        await tab.Shows(Places.Extent("rpm"), "900 to 6000");
        var (time, value, _, _) = await Drawing.Of(tab, "rpm");
        time.Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        value[^2].Should().BeNull("nothing came since the drive ended");
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task What_came_while_only_the_page_was_cut_off_is_drawn_afterwards()
    {
        await using var server = await StartServer();
        // The longest wait that chance can give, for the car to speak in.
        await using var tab = await browser.Open(server, "analytics.html", Drawing.Kept + """
            ;Math.random = () => 0.9999;
            const { WebSocket } = window;
            window.WebSocket = class extends WebSocket { constructor(url) { super(url); window.socket = this; } };
            """);
        await server.Publish(("wican/rpm", "1000"));
        await tab.Shows(Places.Extent("rpm"), "1000");
        await tab.Page.EvaluateAsync("() => window.socket.close()");
        await Assertions.Expect(tab.Page.Locator(Places.Link)).ToContainTextAsync("Reconnecting");
        await server.Publish(("wican/rpm", "1100"), ("wican/rpm", "6000"), ("wican/rpm", "1200"));
        (await tab.Text(Places.Extent("rpm"))).Should().Be("1000");
        await tab.Shows(Places.Link, "Connected");
        await tab.Shows(Places.Chart("rpm"), "1200 rpm");
        await tab.Shows(Places.Extent("rpm"), "1000 to 6000");
        (await Drawing.Of(tab, "rpm")).Time.Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task When_the_store_is_away_the_page_says_so_and_tries_again_when_asked()
    {
        await using var server = await StartServer([.. Drive(Start, 60, 1000)]);
        await using var tab = await browser.Open(server, "analytics.html");
        await tab.Page.RouteAsync("**/telemetry/history?*", route => route.FulfillAsync(new()
        {
            Status = 503,
            ContentType = "application/problem+json",
            Body = """{"detail":"The store cannot be read now."}""",
        }));
        await tab.Page.GotoAsync(new Uri(server.Address, "analytics.html?from=2026-11-01T10:00:00Z&to=2026-11-01T10:01:00Z").AbsoluteUri);
        await tab.Shows(Status, Problem + "The store cannot be read now.");
        await tab.Page.UnrouteAllAsync();
        await tab.Page.Locator("range-status button").ClickAsync();
        await tab.Shows(Places.Extent("rpm"), "1000 to 1059");
        await tab.Hides("range-status button");
    }

    [Fact]
    public async Task Any_other_signal_is_a_chart_as_well_and_can_be_taken_off_again()
    {
        await using var server = await StartServer([.. Drive(Start, 60, 1000), .. Enumerable.Range(0, 60).Select(i => (Start.AddSeconds(i), "default", "boost_pressure", 0.5 + (i / 100.0)))]);
        await using var tab = await browser.Open(server, "analytics.html?vehicle_id=1&from=2026-11-01T10:00:00Z&to=2026-11-01T10:01:00Z", Drawing.Kept);
        await tab.Shows(Places.Extent("rpm"), "1000 to 1059");
        await tab.Page.GetByRole(AriaRole.Combobox, new() { Name = "Another signal" }).SelectOptionAsync("Boost pressure");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Add a chart" }).ClickAsync();
        await Assertions.Expect(tab.Page).ToHaveURLAsync(new Regex("charts=boost_pressure$"));
        await tab.Shows("[data-chart=boost_pressure] .chart-label", "Boost pressure");
        await tab.Shows(Places.Extent("boost_pressure"), "0.50 to 1.09");
        await Drawing.IsWhatTheStoreHolds(tab, server, "boost_pressure");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Remove Boost pressure" }).ClickAsync();
        await Shows(tab, "?vehicle_id=1&from=2026-11-01T10%3A00%3A00Z&to=2026-11-01T10%3A01%3A00Z");
        await tab.Shows(Places.Extent("rpm"), "1000 to 1059");
        await Assertions.Expect(tab.Page.Locator("signal-chart")).ToHaveCountAsync(6);
    }

    [Fact]
    public async Task The_export_is_every_reading_of_the_range_as_a_file()
    {
        await using var server = await StartServer([.. Drive(Start, 120, 1000), .. Drive(Start, 60, 5000, "van")]);
        await using var tab = await browser.Open(server, "analytics.html?vehicle_id=1&from=2026-11-01T10:00:00Z&to=2026-11-01T10:01:00Z");
        await tab.Shows(Places.Extent("rpm"), "1000 to 1059");
        var lines = await Export(tab);
        lines[0].Should().Be("recorded_at,vehicle,signal,value");
        lines[1].Should().Be("2026-11-01T10:00:00.000000Z,default,rpm,1000");
        lines.Should().HaveCount(61);

        await server.Import((DateTime.UtcNow.AddMinutes(-5), "default", "rpm", 777));
        await Choose(tab, "Live");
        await tab.Shows("export-link", "Export CSV · 15 min");
        (await Export(tab)).Should().ContainSingle(line => line.EndsWith(",default,rpm,777")).And.HaveCount(2);
    }

    static async Task<string[]> Export(Tab tab)
    {
        var file = await tab.Page.RunAndWaitForDownloadAsync(() => tab.Page.Locator("export-link a").ClickAsync());
        file.SuggestedFilename.Should().EndWith(".csv");
        return await File.ReadAllLinesAsync(await file.PathAsync());
    }

    [Fact]
    public async Task Another_vehicle_cancels_the_answer_that_is_still_on_its_way()
    {
        await using var server = await StartServer([.. Drive(Start, 60, 1000, "van"), .. Drive(Start, 60, 5000, "bus")]);
        await using var tab = await browser.Open(server, "analytics.html?vehicle_id=2&from=2026-11-01T10:00:00Z&to=2026-11-01T10:01:00Z");
        await tab.Shows(Places.Extent("rpm"), "1000 to 1059");
        await tab.Watch(Places.Extent("rpm"));

        // Vehicle 3 gets no answer until vehicle 2 is on the screen again.
        var held = new TaskCompletionSource<IRoute>();
        var failed = new TaskCompletionSource<string>();
        await tab.Page.RouteAsync("**/telemetry/history?vehicle_id=3&*", held.SetResult);
        tab.Page.RequestFailed += (_, request) => failed.TrySetResult(request.Url);
        await tab.Page.Locator("vehicle-switch select").SelectOptionAsync("3");
        await tab.Shows(Places.Title, "Vehicle 3");
        await tab.Shows(Status, "Loading…");
        await tab.Shows(Places.Extent("rpm"), "—");
        var route = await held.Task;
        await tab.Page.Locator("vehicle-switch select").SelectOptionAsync("2");
        (await failed.Task).Should().Contain("vehicle_id=3");
        await tab.Shows(Places.Extent("rpm"), "1000 to 1059");
        await route.ContinueAsync();
        await tab.Page.UnrouteAllAsync();

        await tab.Page.Locator("vehicle-switch select").SelectOptionAsync("3");
        await tab.Shows(Places.Extent("rpm"), "5000 to 5059");
        (await tab.Seen()).Should().Equal("1000 to 1059", "—", "1000 to 1059", "—", "5000 to 5059");
        tab.Errors.Should().BeEmpty();
    }
}
