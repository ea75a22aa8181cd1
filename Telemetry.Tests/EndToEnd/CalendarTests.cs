using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Telemetry.Tests.Support;
using static Telemetry.Tests.EndToEnd.DrivesPage;
using static Telemetry.Tests.EndToEnd.StoredReadings;

namespace Telemetry.Tests.EndToEnd;

/// <summary>Days of 23 and 25 hours, in a time zone whose clocks change: at 01:00 UTC on 2026-03-29 and on 2026-10-25.</summary>
public class CalendarTests(Browser browser)
{
    const string Berlin = "Europe/Berlin";

    [Theory]
    [InlineData("2026-10-25T22:30:00Z", "2026-10-24T08:00:00Z", "2026-10-25T20:00:00Z", "September 25")]
    [InlineData("2026-03-29T22:30:00Z", "2026-03-29T10:00:00Z", "2026-03-29T22:10:00Z", "February 28")]
    [InlineData("2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T06:00:00Z", "February 27")]
    public async Task Yesterday_is_the_day_before_however_long_it_was(string now, string earlier, string later, string since)
    {
        await using var server = await StartServer([.. Drive(Time(earlier), seconds: 120), .. Drive(Time(later), seconds: 120)]);
        await using var tab = await OpenAt(now, server, "drives.html?vehicle_id=1");
        await Assertions.Expect(tab.Page.Locator(Rows)).ToHaveCountAsync(2);
        // 23:00 UTC is already the next day there.
        string[] days = earlier == "2026-03-28T23:00:00Z" ? ["Today"] : ["Today", "Yesterday"];
        await Assertions.Expect(tab.Page.Locator(".day-name")).ToHaveTextAsync(days);
        await tab.Shows("drive-count", $"2 drives since {since}");
    }

    [Fact]
    public async Task The_timeline_has_round_hours_before_and_after_the_clocks_change()
    {
        var start = Time("2026-10-24T20:30:00Z");
        await using var server = await StartServer([.. Enumerable.Range(0, 1300).Select(i => (start.AddSeconds(30 * i), "default", "vehicle_speed", 50.0 + (i % 20)))]);
        await using var tab = await OpenAt("2026-10-26T12:00:00Z", server, "drives.html?vehicle_id=1" + At(start));
        await Assertions.Expect(tab.Page.Locator(".line-tick")).ToHaveTextAsync(["00:00", "02:00", "04:00", "06:00", "08:00"]);
        var places = await tab.Page.Locator(".line-tick").EvaluateAllAsync<double[]>("ticks => ticks.map((tick) => Number(tick.style.getPropertyValue('--at')))");
        var hours = places.Zip(places.Skip(1), (left, right) => Math.Round((right - left) * 1299 * 30 / 3600, 1));
        hours.Should().Equal(2, 3, 2, 2);
    }

    [Fact]
    public async Task Seven_days_begin_at_the_same_time_of_day()
    {
        await using var server = await Server.Start();
        await using var tab = await OpenAt("2026-11-20T12:00:00Z", server, "analytics.html");
        var spans = await tab.Page.EvaluateAsync<string[]>("""
            async () => {
              const { UNTIL_NOW, pointsOf, spanOf } = await import('./js/charts/ranges.js');
              const week = UNTIL_NOW.find(({ id }) => id === '7d');
              return ['2026-10-28T11:00:00Z', '2026-04-01T10:00:00Z', '2026-11-20T11:00:00Z'].map((now) => {
                const span = spanOf(week, Date.parse(now));
                return `${new Date(span.from).toISOString()} ${pointsOf(week, span)}`;
              });
            }
            """);
        spans.Should().Equal("2026-10-21T10:00:00.000Z 169", "2026-03-25T11:00:00.000Z 167", "2026-11-13T11:00:00.000Z 168");
    }

    [Theory]
    [InlineData("2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z")] // Both are 02:30 there.
    [InlineData("2026-10-24T10:00:00.123Z", "2026-10-24T10:00:59.999Z")]
    public async Task Show_on_an_untouched_range_changes_nothing(string from, string to)
    {
        await using var server = await StartServer([.. Drive(Time("2026-10-25T00:30:00Z"), seconds: 60)]);
        var address = $"analytics.html?from={from}&to={to}";
        await using var tab = await OpenAt("2026-11-20T12:00:00Z", server, address);
        await Assertions.Expect(tab.Page.Locator("range-status")).ToHaveAttributeAsync("data-status", new Regex("ready|empty"));
        var asked = new List<string>();
        tab.Page.Request += (_, request) => asked.Add(request.Url);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        tab.Page.Url.Should().EndWith(address);
        asked.Should().NotContain(url => url.Contains("/telemetry/history"));

        // What was not touched keeps its meaning.
        await tab.Page.Locator("[name=from]").FillAsync("2026-10-24T08:00");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await Assertions.Expect(tab.Page).ToHaveURLAsync(new Regex(Regex.Escape($"?from={Uri.EscapeDataString("2026-10-24T06:00:00.000Z")}&to={Uri.EscapeDataString(to)}") + "$"));
    }

    /// <summary>Opens a page in Berlin, whose clock is set to a time.</summary>
    Task<Tab> OpenAt(string now, Server server, string page) => browser.Open(server, page, $$"""
        {
          const real = Date;
          const ahead = real.parse('{{now}}') - real.now();
          globalThis.Date = class extends real {
            constructor(...given) { super(...(given.length > 0 ? given : [real.now() + ahead])); }
            static now() { return real.now() + ahead; }
          };
        }
        """, settings => (settings.TimezoneId, settings.ViewportSize) = (Berlin, new() { Width = 1440, Height = 900 }));

    static DateTime Time(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
}
