using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Telemetry.Tests.Support;
using static Telemetry.Tests.EndToEnd.DrivesPage;
using static Telemetry.Tests.EndToEnd.StoredReadings;

namespace Telemetry.Tests.EndToEnd;

/// <summary>A drive that is played once more: the cards, the charts and the cursor together, by button, mouse and keyboard.</summary>
public partial class DrivePlayerTests(Browser browser)
{
    const string Play = ".play-button";
    const string Position = ".line-place";

    // Remembers what the page asks of the playback, and when.
    const string KeepsCommands = """
        const { WebSocket } = window;
        window.commands = [];
        window.WebSocket = class extends WebSocket {
          constructor(url) { super(url); window.socket = this; }
          send(text) { window.commands.push({ at: performance.now(), ...JSON.parse(text) }); super.send(text); }
        };
        """;

    static Task<T> Commands<T>(Tab tab, string expression) => tab.Page.EvaluateAsync<T>($"() => window.commands{expression}");

    /// <summary>The moment in the address, in seconds since the morning's drive began.</summary>
    static double Moment(Tab tab) =>
        (DateTime.Parse(MomentInAddress().Match(tab.Page.Url).Groups["t"].Value, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal) - Morning).TotalSeconds;

    [Fact]
    public async Task Played_the_drive_moves_the_cards_the_charts_and_the_cursor_together_until_it_is_paused()
    {
        await using var server = await StartServer([.. Drive(Morning)]);
        await using var tab = await browser.OpenDrives(server, "?vehicle_id=1" + At(Morning.AddSeconds(100)));
        await tab.Shows(Places.Card("rpm"), Rpm(100));
        await tab.Shows(Places.Card("vehicle_speed"), "10.0 km/h");
        await tab.Shows(Places.State, "Running");
        await tab.Shows(Time, "07:01:40");
        await tab.Shows(".head-day", Morning.ToString("dddd, MMMM d", CultureInfo.InvariantCulture) + ", 07:00 – 07:10");

        await tab.Page.Locator("play-controls label", new() { HasTextString = "30×" }).ClickAsync();
        await tab.Page.Locator(Play).ClickAsync();
        await Eventually.Holds("a minute of the drive has been played", async () => string.CompareOrdinal(await tab.Text(Time), "07:02:40") > 0);
        await Assertions.Expect(tab.Page.Locator(Play)).ToHaveAttributeAsync("aria-label", "Pause");
        await tab.Page.Locator(Play).ClickAsync();
        await Assertions.Expect(tab.Page.Locator(Play)).ToHaveAttributeAsync("aria-label", "Play");
        await Eventually.Holds("the address has the moment that is shown", async () => await tab.Text(Time) is var shown && shown == Morning.AddSeconds((int)Moment(tab)).ToString("HH:mm:ss", CultureInfo.InvariantCulture));
        var second = (int)Moment(tab);
        second.Should().BeInRange(160, 599);
        await tab.Shows(Places.Card("rpm"), Rpm(second));
        var chart = double.Parse((await tab.Text(Places.Chart("rpm"))).Split(' ')[0], CultureInfo.InvariantCulture);
        chart.Should().BeInRange(1000 + second - 2, 1000 + second + 2, "the chart reads the same moment, as the mean of its bucket");
        await Eventually.Holds("the sparkline ends there", async () => (await tab.Page.Locator("kpi-card[data-signal=rpm] .spark-end").GetAttributeAsync("d"))?.Length > 0);

        await tab.Watch(Places.Card("rpm"));
        await tab.Page.WaitForFunctionAsync("start => performance.now() > start + 1000", await tab.Page.EvaluateAsync<double>("() => performance.now()"));
        (await tab.Seen()).Should().Equal([Rpm(second)], "it stands");
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task At_its_end_the_drive_stops_and_begins_anew_when_it_is_played_again()
    {
        await using var server = await StartServer([.. Drive(Morning)]);
        await using var tab = await browser.OpenDrives(server, "?vehicle_id=1" + At(Morning.AddSeconds(590)));
        await tab.Shows(Places.Card("rpm"), Rpm(590));
        await tab.Page.Locator("play-controls label", new() { HasTextString = "10×" }).ClickAsync();
        await tab.Page.Locator(Play).ClickAsync();
        await Assertions.Expect(tab.Page.Locator(Play)).ToHaveAttributeAsync("aria-label", "Pause");
        await Assertions.Expect(tab.Page.Locator(Play)).ToHaveAttributeAsync("aria-label", "Play");
        await tab.Shows(Time, "07:10:00");
        await tab.Shows(Places.Card("rpm"), Rpm(600));
        await tab.Shows(Places.Link, "Connected");

        await tab.Page.Locator(Play).ClickAsync();
        await Eventually.Holds("it begins anew", async () => await tab.Text(Time) is var time && string.CompareOrdinal(time, "07:00:05") > 0 && string.CompareOrdinal(time, "07:05:00") < 0);
        await Eventually.Holds("and so do the cards", async () => (await tab.Text(Places.Card("rpm"))).StartsWith("10", StringComparison.Ordinal));
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task A_failed_request_is_repeated_when_the_link_is_back()
    {
        await using var server = await StartServer([.. Drive(Morning)]);
        await using var tab = await browser.OpenDrives(server, "?vehicle_id=1", before: KeepsCommands);
        await Assertions.Expect(tab.Page.Locator(Rows)).ToHaveCountAsync(1);
        await tab.Page.RouteAsync("**/telemetry/history?*", route => route.FulfillAsync(new() { Status = 503, ContentType = "application/problem+json", Body = """{"detail":"The store cannot be read now."}""" }));
        await tab.Page.ReloadAsync();
        await Assertions.Expect(tab.Page.Locator("range-status")).ToContainTextAsync("The store cannot be read now.");
        await tab.Page.UnrouteAllAsync();
        await tab.Shows(Places.Link, "Connected");
        await tab.Page.EvaluateAsync("() => window.socket.close()");
        await tab.Shows(Places.Extent("rpm"), "1000 to 1600");
        await Assertions.Expect(tab.Page.Locator("range-status")).ToContainTextAsync("Line: mean over");
    }

    [Fact]
    public async Task The_cursor_is_dragged_and_stepped_with_the_keyboard()
    {
        await using var server = await StartServer([.. Drive(Morning)]);
        await using var tab = await browser.OpenDrives(server, "?vehicle_id=1" + At(Morning.AddSeconds(100)), before: KeepsCommands);
        await tab.Shows(Places.Card("rpm"), Rpm(100));
        await tab.Page.EvaluateAsync("() => { window.commands = []; }");
        var box = (await tab.Page.Locator(Position).BoundingBoxAsync())!;
        await tab.Page.Mouse.MoveAsync(box.X + 10, box.Y + 40);
        await tab.Page.Mouse.DownAsync();
        await tab.Page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + 40, new() { Steps = 60 });
        await tab.Page.Mouse.UpAsync();
        await Assertions.Expect(tab.Page.Locator(Time)).ToHaveTextAsync(new Regex("^07:0(4:59|5:00)$"));
        await Assertions.Expect(tab.Page.Locator(Places.Card("rpm"))).ToHaveTextAsync(new Regex("^1(299|300) rpm$"));
        var at = await Commands<double[]>(tab, ".map(({ at }) => at)");
        at.Zip(at.Skip(1), (one, next) => next - one).Should().OnlyContain(pause => pause > 90, "the server is asked ten times a second at most");
        DateTime.Parse(await Commands<string>(tab, ".at(-1).seek"), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal)
            .Should().BeCloseTo(Morning.AddSeconds(300), TimeSpan.FromSeconds(1), "the last place is told");

        var slider = tab.Page.GetByRole(AriaRole.Slider, new() { Name = "Position in the drive" });
        await Assertions.Expect(slider).ToBeFocusedAsync();
        await slider.PressAsync("Home");
        await tab.Shows(Places.Card("rpm"), Rpm(0));
        await slider.PressAsync("PageUp");
        await tab.Shows(Places.Card("rpm"), Rpm(60));
        await slider.PressAsync("ArrowRight");
        await tab.Shows(Places.Card("rpm"), Rpm(65));
        await slider.PressAsync("ArrowLeft");
        await tab.Shows(Places.Card("rpm"), Rpm(60));
        await Assertions.Expect(slider).ToHaveAttributeAsync("aria-valuetext", new Regex(@"^07:01:00, [56]\.\d km/h$"));
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "10 seconds forward" }).ClickAsync();
        await tab.Shows(Places.Card("rpm"), Rpm(70));
        await slider.PressAsync("End");
        await tab.Shows(Places.Card("rpm"), Rpm(600));
        await slider.PressAsync("PageDown");
        await slider.PressAsync(" ");
        await Assertions.Expect(tab.Page.Locator(Play)).ToHaveAttributeAsync("aria-label", "Pause");
        await Eventually.Holds("it is played from there", async () => string.CompareOrdinal(await tab.Text(Places.Card("rpm")), Rpm(541)) >= 0);
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task A_click_in_a_chart_goes_to_its_moment_and_a_drag_makes_the_stretch_larger()
    {
        await using var server = await StartServer([.. Drive(Morning)]);
        await using var tab = await browser.OpenDrives(server, "?vehicle_id=1" + At(Morning.AddSeconds(100)), before: Drawing.Kept);
        await tab.Shows(Places.Extent("rpm"), "1000 to 1600");
        var place = tab.Page.Locator("signal-chart[data-chart=rpm] .u-over");
        await place.ScrollIntoViewIfNeededAsync();
        var box = (await place.BoundingBoxAsync())!;
        await tab.Page.Mouse.ClickAsync(box.X + (box.Width / 2), box.Y + 90);
        await Eventually.Holds("the drive's middle is shown", async () => (await tab.Text(Time)).StartsWith("07:05:0", StringComparison.Ordinal) || (await tab.Text(Time)).StartsWith("07:04:5", StringComparison.Ordinal));
        await Eventually.Holds("by the cards, too", async () => (await tab.Text(Places.Card("rpm"))).StartsWith("129", StringComparison.Ordinal) || (await tab.Text(Places.Card("rpm"))).StartsWith("130", StringComparison.Ordinal));

        await tab.Page.Mouse.MoveAsync(box.X + (box.Width * 0.25f), box.Y + 90);
        await tab.Page.Mouse.DownAsync();
        await tab.Page.Mouse.MoveAsync(box.X + (box.Width * 0.75f), box.Y + 90, new() { Steps = 4 });
        await tab.Page.Mouse.UpAsync();
        await Eventually.Holds("half the drive is drawn", async () => (await Drawing.Of(tab, "rpm")).Time is [var first, .., var last] && last - first is > 250 and < 350);
        (await tab.Text(Time)).Should().StartWith("07:0", "the drag did not move the cursor").And.NotBe("07:07:30");
        await tab.Page.Locator("zoom-out button").ClickAsync();
        await tab.Shows(Places.Extent("rpm"), "1000 to 1600");
    }

    [Fact]
    public async Task A_silence_is_offline_as_it_was_and_can_be_skipped()
    {
        await using var server = await StartServer([.. Drive(Morning.AddDays(-1), seconds: 60), .. Drive(Morning, seconds: 60), .. Drive(Morning.AddMinutes(11), seconds: 120)]);
        await using var tab = await browser.OpenDrives(server, "?vehicle_id=1" + At(Morning.AddMinutes(6)));
        await tab.Shows(Places.State, "Offline");
        await tab.Shows(Places.LastValue, "Last value · 5 min ago");
        await tab.Shows(Places.Card("rpm"), Rpm(60));
        await Assertions.Expect(tab.Page.Locator(Rows)).ToHaveCountAsync(2);
        (await tab.Page.Locator(".line-silent rect").First.GetAttributeAsync("width")).Should().NotBeNull();

        await tab.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Skip gaps" }).CheckAsync();
        await tab.Page.Locator(Play).ClickAsync();
        await Eventually.Holds("the other side is reached long before its time", async () => string.CompareOrdinal(await tab.Text(Time), "07:11:00") >= 0);
        await tab.Shows(Places.State, "Running");
    }

    [Fact]
    public async Task A_connection_that_was_lost_comes_back_to_the_same_moment()
    {
        await using var server = await StartServer([.. Drive(Morning)]);
        await using var tab = await browser.OpenDrives(server, "?vehicle_id=1" + At(Morning.AddSeconds(250)), before: KeepsCommands + ";Math.random = () => 0.9999;");
        await tab.Shows(Places.Card("rpm"), Rpm(250));
        await tab.Page.EvaluateAsync("() => window.socket.close()");
        await tab.Shows(Places.State, "Unknown");
        await Assertions.Expect(tab.Page.Locator(Places.Link)).ToContainTextAsync("Reconnecting");
        await tab.Watch(Places.Card("rpm"));
        await tab.Shows(Places.Link, "Connected");
        await tab.Shows(Places.State, "Running");
        (await tab.Seen()).Should().Equal([Rpm(250)], "the picture of the drive's start, with which each connection begins, is not shown");
    }

    [GeneratedRegex("#t=(?<t>.*)$")]
    private static partial Regex MomentInAddress();
}
