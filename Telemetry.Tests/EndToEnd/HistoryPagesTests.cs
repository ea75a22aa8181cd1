using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>The analytics page and the store: the minutes before it was opened, ranges, export.</summary>
public partial class HistoryPagesTests(Browser browser)
{
    const string Status = "range-status .range-text";
    const string Problem = "No answer for this range: ";

    static readonly DateTime Start = new(2026, 11, 1, 10, 0, 0, DateTimeKind.Utc);

    static async Task<Server> StartServer(params (DateTime At, string Vehicle, string Signal, double Value)[] readings)
    {
        var server = await Server.Start();
        await server.Import(readings);
        return server;
    }

    /// <summary>A reading a second: rpm first, first + 1, …</summary>
    static IEnumerable<(DateTime At, string Vehicle, string Signal, double Value)> Drive(DateTime from, int seconds, int first, string vehicle = "default") =>
        Enumerable.Range(0, seconds).Select(i => (from.AddSeconds(i), vehicle, "rpm", (double)first + i));

    static Task Choose(Tab tab, string label) => tab.Page.Locator("range-bar label", new() { HasTextString = label }).ClickAsync();

    static Task Shows(Tab tab, string address) => Assertions.Expect(tab.Page).ToHaveURLAsync(new Regex(Regex.Escape(address) + "$"));

    [Fact]
    public async Task The_page_opens_with_the_last_minutes_drawn()
    {
        var start = DateTime.UtcNow.AddMinutes(-4);
        await using var server = await StartServer([.. Drive(start, 200, 1000), (start.AddSeconds(100.5), "default", "rpm", 6000)]);
        await using var tab = await browser.Open(server, "analytics.html", Drawing.Kept);
        await tab.Shows(Places.Extent("rpm"), "1000 to 6000");
        await tab.Shows(Places.Chart("rpm"), "1199 rpm");
        var drawn = await Drawing.Of(tab, "rpm");
        drawn.Value.Should().HaveCountGreaterThan(30).And.HaveCountLessThanOrEqualTo(60).And.NotContainNulls();
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
        await tab.Shows(Places.Chart("rpm"), "1000 rpm");
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
    public async Task A_range_is_drawn_with_its_band_and_its_gaps()
    {
        var start = DateTime.UtcNow.AddMinutes(-50);
        await using var server = await StartServer([
            .. Drive(start, 600, 1000), .. Drive(start.AddMinutes(30), 600, 3000),
            .. Enumerable.Range(0, 20).Select(i => (start.AddSeconds(i * 30), "default", "coolant_temperature", 60.0 + i)),
            (start.AddMinutes(5).AddMilliseconds(1), "default", "rpm", 7000),
        ]);
        await using var tab = await browser.Open(server, "analytics.html?range=1h", Drawing.Kept);
        await tab.Shows(Status, "Line: mean over 10 s. Band: lowest to highest. Shaded: offline.");
        await tab.Shows("range-title", "Last hour");
        await tab.Shows(Places.Extent("rpm"), "1000 to 7000");
        await Drawing.IsWhatTheStoreHolds(tab, server, "rpm");
        var (time, value, low, high) = await Drawing.Of(tab, "rpm");
        time.Should().HaveCount(360);
        high.Max().Should().Be(7000);
        low[Array.IndexOf(high, 7000)].Should().BeLessThan(2000, "a spike makes the band wide, not the line high");
        value[Array.IndexOf(high, 7000)].Should().BeLessThan(3000);
        value.SkipWhile(v => v is null).SkipWhile(v => v is not null).TakeWhile(v => v is null).Should().HaveCountGreaterThan(100, "20 minutes are a gap");
        (await Drawing.Gaps(tab, "rpm")).Should().Be(1);
        var silent = await Drawing.Silent(tab, "rpm");
        silent.Should().HaveCount(3, "before the drives, between them, and since");
        (silent[1].To - silent[1].From).Should().BeApproximately(1200, 20);
        await Eventually.Holds("the time without readings is shaded", () => Drawing.IsShadedAt(tab, "rpm", (silent[1].From + silent[1].To) / 2));
        (await Drawing.IsShadedAt(tab, "rpm", silent[1].From - 60)).Should().BeFalse();
        (await Drawing.Gaps(tab, "coolant_temperature")).Should().Be(0, "a signal that comes every 30 s has no gap between two readings");

        await Choose(tab, "24 h");
        await tab.Shows(Status, "Line: mean over 5 min. Band: lowest to highest. Shaded: offline.");
        await Shows(tab, "?range=24h");
        await Drawing.IsWhatTheStoreHolds(tab, server, "rpm");
        await tab.Page.Locator("range-bar input:checked").PressAsync("ArrowRight");
        await tab.Shows("range-title", "Last 7 days");
        await Choose(tab, "Live");
        await Shows(tab, "analytics.html");
        await tab.Shows(Places.Extent("rpm"), "3299 to 3599");
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task What_is_dragged_over_is_shown_larger_on_all_charts_and_back_again()
    {
        await using var server = await StartServer([.. Drive(Start, 600, 1000)]);
        await using var tab = await browser.Open(server, "analytics.html?from=2026-11-01T10:00:00Z&to=2026-11-01T10:10:00Z", Drawing.Kept);
        await tab.Shows(Places.Extent("rpm"), "1000 to 1599");
        await tab.Hides("zoom-out");
        await DragOver(tab, "rpm", 0.25, 0.75);
        await SpansAbout(tab, 300);
        await Drawing.IsWhatTheStoreHolds(tab, server, "rpm");
        (await Drawing.Of(tab, "coolant_temperature")).Time.Should().Equal((await Drawing.Of(tab, "rpm")).Time);

        var frame = tab.Page.Locator("signal-chart[data-chart=rpm] .chart-frame");
        await frame.PressAsync("+");
        await SpansAbout(tab, 150);
        await frame.PressAsync("-");
        await SpansAbout(tab, 300);
        await tab.Page.Locator("zoom-out button").ClickAsync();
        await Shows(tab, "?from=2026-11-01T10%3A00%3A00.000Z&to=2026-11-01T10%3A10%3A00.000Z");
        await tab.Shows(Places.Extent("rpm"), "1000 to 1599");
        await tab.Hides("zoom-out");
        tab.Errors.Should().BeEmpty();
    }

    static Task SpansAbout(Tab tab, double seconds) => Eventually.Holds($"about {seconds} s are shown", async () =>
        (await Drawing.Of(tab, "rpm")).Time is [var first, .., var last] && Math.Abs(last - first - seconds) < seconds / 10);

    static async Task DragOver(Tab tab, string signal, double from, double to)
    {
        var place = tab.Page.Locator($"signal-chart[data-chart={signal}] .u-over");
        await place.ScrollIntoViewIfNeededAsync();
        var box = (await place.BoundingBoxAsync())!;
        await tab.Page.Mouse.MoveAsync((float)(box.X + (box.Width * from)), box.Y + (box.Height / 2));
        await tab.Page.Mouse.DownAsync();
        await tab.Page.Mouse.MoveAsync((float)(box.X + (box.Width * to)), box.Y + (box.Height / 2), new() { Steps = 4 });
        await tab.Page.Mouse.UpAsync();
    }

    [Fact]
    public async Task A_range_until_now_goes_on_while_somebody_looks()
    {
        await using var server = await StartServer([.. Drive(DateTime.UtcNow.AddMinutes(-5), 60, 1000)]);
        await using var tab = await browser.Open(server, "analytics.html?range=15m");
        await tab.Shows(Places.Extent("rpm"), "1000 to 1059");
        await server.Publish(("wican/rpm", "7000"));
        await tab.Shows(Places.Extent("rpm"), "1000 to 7000");

        await tab.Hide(true);
        var asked = 0;
        tab.Page.Request += (_, request) => asked += request.Url.Contains("/telemetry/history?") ? 1 : 0;
        await server.Publish(("wican/rpm", "8000"));
        await tab.Page.WaitForFunctionAsync("start => performance.now() > start + 7000", await tab.Page.EvaluateAsync<double>("() => performance.now()"));
        asked.Should().BeLessThanOrEqualTo(1, "one may have been on its way");
        await tab.Hide(false);
        await tab.Shows(Places.Extent("rpm"), "1000 to 8000");
    }

    [Fact]
    public async Task From_and_to_are_in_the_address_in_utc_and_the_server_has_the_last_word()
    {
        await using var server = await StartServer([.. Drive(Start, 120, 1000)]);
        await using var tab = await browser.Open(server, "analytics.html", Drawing.Kept);
        await Choose(tab, "From–to");
        await Assertions.Expect(tab.Page).ToHaveURLAsync(FromAndTo());
        await Fill(tab, Start, Start.AddMinutes(1));
        await Shows(tab, "?from=2026-11-01T10%3A00%3A00.000Z&to=2026-11-01T10%3A01%3A00.000Z");
        await tab.Shows(Places.Extent("rpm"), "1000 to 1059");
        await Drawing.IsWhatTheStoreHolds(tab, server, "rpm");

        await tab.Page.ReloadAsync();
        await tab.Shows(Places.Extent("rpm"), "1000 to 1059");
        await Fill(tab, Start.AddDays(-2), Start.AddDays(-1));
        await tab.Shows(Status, "No readings in this range");
        await tab.Shows(Places.Chart("rpm"), "— rpm");
        await Fill(tab, Start, Start.AddMinutes(-1));
        await tab.Shows(Status, Problem + "from takes a time before to.");
        await tab.Shows("range-status button", "Try again");
    }

    static async Task Fill(Tab tab, DateTime from, DateTime to)
    {
        foreach (var (name, time) in new[] { ("from", from), ("to", to) })
        {
            var local = await tab.Page.EvaluateAsync<string>("at => { const d = new Date(at); return new Date(d - d.getTimezoneOffset() * 60000).toISOString().slice(0, 16); }", time.ToString("o", CultureInfo.InvariantCulture));
            await tab.Page.Locator($"custom-range input[name={name}]").FillAsync(local);
        }

        await tab.Page.Locator("custom-range button").ClickAsync();
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
        await tab.Shows(Places.Extent("boost_pressure"), "0.5 to 1.1");
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

    [GeneratedRegex(@"\?from=\S+Z&to=\S+Z$")]
    private static partial Regex FromAndTo();
}
