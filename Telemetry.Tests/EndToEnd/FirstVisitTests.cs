using System.Text.Json;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>Costs of a first visit, and a layout that does not shift.</summary>
public class FirstVisitTests(Browser browser)
{
    // Of movements together: a digit more in a number's place is not seen as one.
    const double MostMoved = 0.005;

    const string Watch = """
        window.shifts = [];
        new PerformanceObserver((list) => {
          for (const { value, sources } of list.getEntries()) window.shifts.push({ value, what: `${sources.map(({ node }) => node?.parentElement?.outerHTML.slice(0, 120))}` });
        }).observe({ type: 'layout-shift', buffered: true });
        new MutationObserver((_, observer) => {
          if (!/\d/.test(document.querySelector('.kpi-value, .chart-value, .fleet-number')?.closest('section, fleet-table').textContent ?? '')) return;
          window.firstNumber = performance.now();
          observer.disconnect();
        }).observe(document, { childList: true, characterData: true, subtree: true });
        """;

    [Theory]
    [InlineData("", 390, 60_000)]
    [InlineData("", 1440, 60_000)]
    [InlineData("analytics.html", 390, 60_000)]
    [InlineData("analytics.html", 1440, 60_000)]
    [InlineData("fleet.html", 390, 60_000)]
    public async Task The_first_number_costs_little_and_nothing_moves_when_more_comes(string page, int width, int mostBytes)
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.Publish(("wican/rpm", "900"), ("wican/vehicle_speed", "65.5"), ("wican/van/rpm", "1000"));
        await using var tab = await browser.Open(server, page + "?vehicle_id=1", Watch, settings => settings.ViewportSize = new() { Width = width, Height = 844 });
        await tab.Page.WaitForFunctionAsync("() => window.firstNumber");
        var loaded = await tab.Page.EvaluateAsync<JsonElement>("""
            () => performance.getEntries().filter((entry) => 'transferSize' in entry && entry.responseEnd <= window.firstNumber).map(({ name, transferSize }) => ({ name, transferSize }))
            """);
        var files = loaded.EnumerateArray().Select(file => (Name: file.GetProperty("name").GetString()!, Bytes: file.GetProperty("transferSize").GetInt32())).ToList();
        files.Should().Contain(file => file.Name.EndsWith("/js/app/live.js", StringComparison.Ordinal) && file.Bytes > 0);
        files.Sum(file => file.Bytes).Should().BeLessThanOrEqualTo(mostBytes);

        await tab.Shows(Places.Link, "Connected");
        await server.Publish(("wican/vehicle_speed", "120"), ("wican/coolant_temperature", "101"), ("wican/status", """{"status":"offline"}"""));
        await tab.Shows(page == "fleet.html" ? "[data-vehicle='1'] .badge" : Places.State, "Parked");
        await server.Stop();
        await tab.Shows(page == "fleet.html" ? "[data-vehicle='1'] .badge" : Places.State, "Unknown");
        var shifts = await tab.Page.EvaluateAsync<JsonElement>("() => window.shifts");
        shifts.EnumerateArray().Sum(shift => shift.GetProperty("value").GetDouble()).Should().BeLessThan(MostMoved, shifts.ToString());
    }

    [Theory]
    [InlineData("", 390)]
    [InlineData("#t=2026-11-01T10:01:00Z", 390)]
    [InlineData("#t=2026-11-01T10:01:00Z", 1440)]
    public async Task Nor_does_anything_when_drives_come_or_one_is_played(string moment, int width)
    {
        var start = new DateTime(2026, 11, 1, 10, 0, 0, DateTimeKind.Utc);
        await using var server = await Server.Start();
        await server.Import([.. Enumerable.Range(0, 300).SelectMany(i => new[] { (start.AddSeconds(i), "default", "rpm", 1000.0 + i), (start.AddSeconds(i), "default", "vehicle_speed", i / 2.0) })]);
        await using var tab = await browser.Open(server, "drives.html?vehicle_id=1" + moment, Watch, settings => settings.ViewportSize = new() { Width = width, Height = 844 });
        await tab.Shows(".drive-length", "5 min", isVisible: moment == "" || width == 1440);
        if (moment != "")
        {
            await tab.Shows(Places.Extent("rpm"), "1000 to 1299");
            await tab.Page.Locator(".play-button").ClickAsync();
            await Eventually.Holds("some of it has been played", async () => string.CompareOrdinal(await tab.Text(Places.Card("rpm")), "1062 rpm") > 0);
        }

        var shifts = await tab.Page.EvaluateAsync<JsonElement>("() => window.shifts");
        shifts.EnumerateArray().Sum(shift => shift.GetProperty("value").GetDouble()).Should().BeLessThan(MostMoved, shifts.ToString());
    }
}
