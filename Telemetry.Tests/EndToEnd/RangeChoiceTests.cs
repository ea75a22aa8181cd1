using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Telemetry.Tests.Support;
using static Telemetry.Tests.EndToEnd.AnalyticsPage;
using static Telemetry.Tests.EndToEnd.StoredReadings;

namespace Telemetry.Tests.EndToEnd;

/// <summary>Ranges of the analytics page: chosen, dragged over, going on until now, and typed from and to.</summary>
public partial class RangeChoiceTests(Browser browser)
{
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
        await tab.Shows(Status, DriveColumnsTests.Explained);
        await Shows(tab, "?range=24h");
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
    public async Task A_range_until_now_goes_on_while_the_page_is_visible()
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
        await tab.Hides(Places.Chart("rpm"));

        // The form refuses what cannot be; an address that says so anyway is the server's matter.
        await Fill(tab, Start, Start.AddMinutes(-1));
        (await tab.Page.Locator("custom-range input[name=to]").EvaluateAsync<string>("input => input.validationMessage")).Should().Be("The end has to be after the beginning.");
        await tab.Shows(Status, "No readings in this range");
        await tab.Page.GotoAsync(new Uri(server.Address, "analytics.html?from=2026-11-01T10:00:00Z&to=2026-11-01T09:59:00Z").AbsoluteUri);
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

    [GeneratedRegex(@"\?from=\S+Z&to=\S+Z$")]
    private static partial Regex FromAndTo();
}
