using Microsoft.Playwright;
using Telemetry.Tests.Support;
using static Telemetry.Tests.EndToEnd.AnalyticsPage;
using static Telemetry.Tests.EndToEnd.StoredReadings;

namespace Telemetry.Tests.EndToEnd;

/// <summary>Long ranges of the analytics page: one column for each drive.</summary>
public class DriveColumnsTests(Browser browser)
{
    public const string Explained = "One column a drive. Line: median. Band: 5 to 95 % of the readings. Thin: lowest to highest.";

    const string Column = "signal-chart[data-chart=rpm] .drive";
    const string Tip = "signal-chart[data-chart=rpm] .drive-tip";
    const string Lines = "signal-chart[data-chart=rpm] .chart-frame";

    static (DateTime At, string Vehicle, string Signal, double Value)[] Drives(params double[] hoursAgo) =>
        [.. hoursAgo.SelectMany(hours => Drive(DateTime.UtcNow.AddHours(-hours), 600, 1000))];

    static Task Has(Tab tab, int columns) => Assertions.Expect(tab.Page.Locator(Column)).ToHaveCountAsync(columns);

    [Fact]
    public async Task Each_drive_has_a_column_with_its_spread_and_leads_to_the_drive()
    {
        await using var server = await StartServer([.. Drives(20, 8, 3), .. Enumerable.Range(0, 600).Select(i => (DateTime.UtcNow.AddHours(-8).AddSeconds(i), "default", "vehicle_speed", 60.0))]);
        await using var tab = await browser.Open(server, "analytics.html?range=24h");
        await Has(tab, 3);
        await tab.Shows(Status, Explained);
        await tab.Hides(Lines);
        await tab.Hides(Tip);
        await Assertions.Expect(tab.Page.Locator("signal-chart[data-chart=vehicle_speed] .drive")).ToHaveCountAsync(1);
        var heights = await tab.Page.Locator(Column).First.EvaluateAsync<double[]>("drive => ['whole', 'band', 'median'].map((part) => drive.querySelector(`.drive-${part}`).getBoundingClientRect().height)");
        heights[0].Should().BeGreaterThan(heights[1], "the band leaves out the highest and lowest 5 %");
        (heights[1] / heights[0]).Should().BeApproximately(0.9, 0.02);
        heights[2].Should().BeApproximately(3, 0.5);

        await tab.Page.Locator(Column).Nth(1).HoverAsync();
        await Assertions.Expect(tab.Page.Locator(Tip)).ToContainTextAsync("10 min · 10.0 km");
        await Assertions.Expect(tab.Page.Locator(Tip)).ToContainTextAsync("Median 1299 rpm, 5–95 %: 1029 to 1569");
        await tab.Page.Locator(Column).Nth(1).FocusAsync();
        await tab.Page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(tab.Page.Locator(Column).Nth(2)).ToBeFocusedAsync();
        await Assertions.Expect(tab.Page.Locator(Tip)).Not.ToContainTextAsync("km");
        await Axe.FindsNothing(tab, "columns of drives");
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.Page.WaitForURLAsync("**/drives.html?vehicle_id=1#t=*");
        await Assertions.Expect(tab.Page.Locator(".head-facts")).ToContainTextAsync("600 readings");
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task A_finger_points_first_and_then_follows()
    {
        await using var server = await StartServer(Drives(20, 8));
        await using var tab = await browser.Open(server, "analytics.html?range=24h", with: settings => (settings.HasTouch, settings.ViewportSize) = (true, new() { Width = 390, Height = 844 }));
        var column = tab.Page.Locator(Column).Nth(0);
        await column.TapAsync();
        await Assertions.Expect(tab.Page.Locator(Tip)).ToContainTextAsync("Show the drive");
        tab.Page.Url.Should().Contain("analytics.html");
        await column.TapAsync();
        await tab.Page.WaitForURLAsync("**/drives.html?vehicle_id=1#t=*");
    }

    [Fact]
    public async Task A_drive_that_goes_on_is_the_last_column_and_shorter_ranges_are_lines()
    {
        await using var server = await StartServer([.. Drives(3 * 24 + 1, 24 + 1), .. Drive(DateTime.UtcNow.AddMinutes(-5), 300, 1000)]);
        await using var tab = await browser.Open(server, "analytics.html?range=7d");
        await Has(tab, 3);
        await server.Publish(("wican/rpm", "7000"));
        await tab.Page.ReloadAsync();
        await Has(tab, 3);
        await tab.Page.Locator(Column).Last.HoverAsync();
        await Assertions.Expect(tab.Page.Locator(Tip)).ToContainTextAsync("Median 11"); // Of 1000 to 1299, and the reading that came while it goes on.

        await Choose(tab, "1 h");
        await Has(tab, 0);
        await Assertions.Expect(tab.Page.Locator(Lines)).ToBeVisibleAsync();
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task A_car_that_is_never_parked_keeps_its_line_and_one_that_never_drove_has_one_panel()
    {
        await using var server = await StartServer([.. Enumerable.Range(0, 24 * 60 / 5).Select(i => (DateTime.UtcNow.AddDays(-1).AddMinutes(i * 5), "default", "rpm", 900.0 + i))]);
        await using var tab = await browser.Open(server, "analytics.html?range=24h");
        await Assertions.Expect(tab.Page.Locator(Status)).ToContainTextAsync("Line: mean over 5 min.");
        await Has(tab, 0);
        await tab.Page.GotoAsync(new Uri(server.Address, "analytics.html?from=2026-10-01T10:00:00Z&to=2026-10-08T10:00:00Z").AbsoluteUri);
        await tab.Shows(Status, "No readings in this range");
        await Assertions.Expect(tab.Page.Locator("signal-chart:visible")).ToHaveCountAsync(0);
        tab.Errors.Should().BeEmpty();
    }
}
