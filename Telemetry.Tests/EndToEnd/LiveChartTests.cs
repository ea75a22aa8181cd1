using Microsoft.Playwright;
using Telemetry.Tests.Support;
using static Telemetry.Tests.EndToEnd.AnalyticsPage;
using static Telemetry.Tests.EndToEnd.StoredReadings;

namespace Telemetry.Tests.EndToEnd;

/// <summary>The last minutes on the analytics page, live, and the ways into a stretch of time and back.</summary>
public class LiveChartTests(Browser browser)
{
    [Fact]
    public async Task Live_charts_show_five_minutes_that_scroll_or_the_last_points()
    {
        var now = DateTime.UtcNow;
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.Import([.. Drive(now.AddMinutes(-8), 470, 1000)]);
        await using var tab = await browser.Open(server, "analytics.html", Drawing.Kept);
        await server.Publish(("wican/rpm", "3000"));
        await tab.Shows("range-title", "Last 5 minutes");
        await Eventually.Holds("the store has filled the minutes before", async () => (await Drawing.Of(tab, "rpm")).Value.Count(value => value is not null) > 250);
        var (time, value, _, _) = await Drawing.Of(tab, "rpm");
        value[^1].Should().Be(3000);
        (time[^1] - time[0]).Should().BeInRange(280, 301);

        await tab.Page.GetByRole(AriaRole.Combobox, new() { Name = "Live points" }).SelectOptionAsync("60 points");
        await Shows(tab, "analytics.html?live=points");
        await tab.Shows("range-title", "Last 60 points");
        await Eventually.Holds("60 points are left", async () => (await Drawing.Of(tab, "rpm")).Value.Count(known => known is not null) is > 1 and <= 60);
        await tab.Page.GetByRole(AriaRole.Combobox, new() { Name = "Live points" }).SelectOptionAsync("All points");
        await Shows(tab, "analytics.html?live=all");
        await Eventually.Holds("all points are back", async () => (await Drawing.Of(tab, "rpm")).Value.Count(known => known is not null) > 250);
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task The_minutes_before_come_however_late_the_store_answers()
    {
        const string Late = """
            const ask = window.fetch;
            const released = new Promise((release) => { window.release = release; });
            window.fetch = async (...all) => {
              if (String(all[0]).includes('/telemetry/history')) await released;
              return ask(...all);
            };
            """;
        await using var server = await Server.Start("Presence:Timeout=01:00:00", "Stream:UpdateInterval=00:00:00");
        await server.Import([.. Drive(DateTime.UtcNow.AddMinutes(-4), 240, 1000)]);
        await using var tab = await browser.Open(server, "analytics.html", Drawing.Kept + Late);
        await using var car = await Car.Connect(server.BrokerPort);
        await tab.Shows(Places.Link, "Connected");
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        // More points than stay as they came: the older ones of a second become one.
        for (var i = 1; i <= 100; i++)
        {
            await car.Publish("wican/rpm", $"{3000 + i}");
            await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        await Eventually.Holds("the last point is drawn", async () => (await Drawing.Of(tab, "rpm")).Value is [.., 3100]);
        await tab.Page.EvaluateAsync("release()");
        await Eventually.Holds("the store has filled the minutes before", async () => (await Drawing.Of(tab, "rpm")).Value.Count(value => value is < 2000) > 200);
    }

    [Fact]
    public async Task Charts_are_drawn_before_their_gestures_have_come()
    {
        await using var server = await StartServer([.. Drive(Start, 60, 1000)]);
        await using var tab = await browser.Open(server);
        var released = new TaskCompletionSource();
        await tab.Page.RouteAsync("**/js/charts/gestures.js", async route =>
        {
            await released.Task;
            await route.ContinueAsync();
        });
        await tab.Page.GotoAsync(new Uri(server.Address, "analytics.html?from=2026-11-01T10:00:00Z&to=2026-11-01T10:01:00Z").AbsoluteUri);
        await tab.Shows(Places.Extent("rpm"), "1000 to 1059");
        await Eventually.Holds("the line is drawn", () => tab.Page.Locator("signal-chart[data-chart=rpm]").EvaluateAsync<bool>("""
            (chart) => {
              const canvas = chart.querySelector('canvas');
              if (!canvas) return false;
              const [red, green, blue] = getComputedStyle(chart).color.match(/\d+/g).map(Number);
              const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
              return data.some((value, i) => i % 4 === 0 && value === red && data[i + 1] === green && data[i + 2] === blue);
            }
            """));
        released.SetResult();
    }

    [Fact]
    public async Task Choices_made_while_zoomed_stay_in_the_address_after_it()
    {
        await using var server = await StartServer([.. Drive(Start, 600, 1000, "van"), .. Drive(Start, 600, 5000, "bus"), (Start, "bus", "soc", 80)]);
        await using var tab = await browser.Open(server, "analytics.html?vehicle_id=2&from=2026-11-01T10:00:00Z&to=2026-11-01T10:10:00Z");
        await tab.Shows(Places.Extent("rpm"), "1000 to 1599");
        await tab.Page.Locator("signal-chart[data-chart=rpm] .u-over").WaitForAsync();
        await tab.Page.Locator("signal-chart[data-chart=rpm] .chart-frame").PressAsync("+");
        await Assertions.Expect(tab.Page.Locator("zoom-out")).ToBeVisibleAsync();
        await tab.Page.Locator("vehicle-switch select").SelectOptionAsync("3");
        await tab.Shows(Places.Title, "Vehicle 3");
        await tab.Page.GetByRole(AriaRole.Combobox, new() { Name = "Another signal" }).SelectOptionAsync("soc");
        await tab.Page.Locator("chart-picker button").ClickAsync();
        await tab.Page.Locator("zoom-out button").ClickAsync();
        await tab.Hides("zoom-out");
        await tab.Shows(Places.Extent("rpm"), "5000 to 5599");
        await Shows(tab, "?vehicle_id=3&from=2026-11-01T10%3A00%3A00.000Z&to=2026-11-01T10%3A10%3A00.000Z&charts=soc");
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task Wheel_and_fingers_zoom_and_back_leaves_the_zoom()
    {
        await using var server = await StartServer([.. Drive(Start, 600, 1000)]);
        await using var tab = await browser.Open(server, "analytics.html?from=2026-11-01T10:00:00Z&to=2026-11-01T10:10:00Z", Drawing.Kept);
        await tab.Shows(Places.Extent("rpm"), "1000 to 1599");
        var over = tab.Page.Locator("signal-chart[data-chart=rpm] .u-over");
        await over.HoverAsync();
        await tab.Page.Mouse.WheelAsync(0, -350);
        await Spans(tab, 200, 400);
        await tab.Page.Mouse.WheelAsync(0, -350);
        await Spans(tab, 60, 199);
        await tab.Page.GoBackAsync();
        await Spans(tab, 200, 400);
        await over.DblClickAsync();
        await tab.Shows(Places.Extent("rpm"), "1000 to 1599");
        await tab.Hides("zoom-out");

        await Touch(tab, (0.4, 0.2), (0.6, 0.8));
        await Spans(tab, 150, 250);
        var before = (await Drawing.Of(tab, "rpm")).Time[0];
        await Touch(tab, (0.2, 0.7));
        await Eventually.Holds("the chart has moved back in time", async () => (await Drawing.Of(tab, "rpm")).Time[0] < before - 50);
        await Spans(tab, 150, 250);
        await tab.Page.GoBackAsync();
        await tab.Page.GoBackAsync();
        await tab.Shows(Places.Extent("rpm"), "1000 to 1599");
        tab.Errors.Should().BeEmpty();
    }

    static Task Spans(Tab tab, double min, double max) => Eventually.Holds($"{min} to {max} s are shown", async () =>
        (await Drawing.Of(tab, "rpm")).Time is [var first, .., var last] && last - first >= min && last - first <= max);

    /// <summary>Moves fingers over the chart of the engine speed, each from one part of its width to another.</summary>
    static async Task Touch(Tab tab, params (double From, double To)[] fingers) => await tab.Page.Locator("signal-chart[data-chart=rpm] .u-over").EvaluateAsync("""
        (over, fingers) => {
          const { left, top, width } = over.getBoundingClientRect();
          over.setPointerCapture = () => {};
          const send = (type, which) => fingers.forEach((finger, i) => over.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerType: 'touch', pointerId: i + 50, clientX: left + width * finger[which], clientY: top + 20 })));
          send('pointerdown', 0);
          send('pointermove', 1);
          send('pointerup', 1);
        }
        """, fingers.Select(finger => new[] { finger.From, finger.To }).ToArray());

    [Fact]
    public async Task A_range_without_readings_or_without_an_answer_is_one_panel()
    {
        await using var server = await StartServer([.. Drive(Start, 60, 1000)]);
        await using var tab = await browser.Open(server, "analytics.html?from=2026-10-01T10:00:00Z&to=2026-10-01T10:10:00Z");
        await tab.Shows(Status, "No readings in this range");
        await Says(tab, "No readings in this range");
        await tab.Page.RouteAsync("**/telemetry/history?*", route => route.FulfillAsync(new() { Status = 503 }));
        await tab.Page.GotoAsync(new Uri(server.Address, "analytics.html?from=2026-11-01T10:00:00Z&to=2026-11-01T10:01:00Z").AbsoluteUri);
        await tab.Shows(Status, Problem + "The server answered 503.");
        await Says(tab, "Could not be loaded");
        await tab.Page.UnrouteAsync("**/telemetry/history?*");
        await tab.Page.Locator("range-status button").ClickAsync();
        await tab.Shows(Places.Extent("rpm"), "1000 to 1059");
    }

    static async Task Says(Tab tab, string text)
    {
        await Assertions.Expect(tab.Page.Locator("signal-chart:visible")).ToHaveCountAsync(0);
        (await tab.Page.Locator(".charts").EvaluateAsync<string>("charts => getComputedStyle(charts, '::after').content")).Should().Be($"\"{text}\"");
    }
}
