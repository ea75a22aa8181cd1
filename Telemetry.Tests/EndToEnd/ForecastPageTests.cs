using System.Globalization;
using Microsoft.Playwright;
using Telemetry.Tests.Forecasts;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>Forecasts on the pages: in the cards, behind the charts, and their score sheets.</summary>
public class ForecastPageTests(Browser browser)
{
    const int Days = 18;
    const string Note = "kpi-card[data-signal='coolant_temperature'] .forecast-now";

    [Fact]
    public async Task The_coolant_card_says_when_the_engine_is_warm_and_how_good_that_is_and_the_chart_has_the_expected_line()
    {
        await using var server = await Learned();
        var start = DateTime.UtcNow.AddSeconds(-100);
        await server.Import([.. ColdStarts.Rows(Days, start: start).Where(row => row.Item1 <= DateTime.UtcNow)]);
        await using var tab = await browser.Open(server, "?vehicle_id=1");
        await GoOn(server, start, () => tab.Page.Locator(Note).IsVisibleAsync());

        (await tab.Text(Note)).Should().MatchRegex(@"^80 °C in ~\d+ min \(\d+–\d+\)$");
        (await tab.Page.Locator("kpi-card[data-signal='coolant_temperature'] .forecast-record").TextContentAsync()).Should().MatchRegex(@"^±\d+\.\d min on your last \d+ starts[,;] ");

        await Axe.FindsNothing(tab, "with a forecast in a card");

        await tab.Page.GotoAsync(server.Address + "analytics.html?vehicle_id=1");
        await GoOn(server, start, () => tab.Page.Locator("signal-chart[data-chart='coolant_temperature'][data-expected]").IsVisibleAsync());
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task A_recorded_drive_has_the_expected_line_and_each_forecast_its_score_sheet()
    {
        await using var server = await Learned();
        var drive = ColdStarts.Start.AddDays(Days - 1);
        await using var tab = await browser.Open(server, $"drives.html?vehicle_id=1#t={drive.AddMinutes(2):yyyy-MM-ddTHH:mm:ssZ}");
        await Assertions.Expect(tab.Page.Locator("signal-chart[data-chart='coolant_temperature'][data-expected]")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.Locator("signal-chart[data-chart='rpm'][data-expected]")).ToHaveCountAsync(0);

        await tab.Page.GotoAsync(server.Address + $"analytics.html?vehicle_id=1&from={drive:yyyy-MM-ddTHH:mm:ssZ}&to={drive.AddMinutes(12):yyyy-MM-ddTHH:mm:ssZ}");
        await Assertions.Expect(tab.Page.Locator("signal-chart[data-chart='coolant_temperature'][data-expected]")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.Locator(".sheet")).ToHaveCountAsync(2);
        await tab.Shows(".sheet[data-forecast='warm_in'] .sheet-name", "Time until the engine is warm");
        (await tab.Page.Locator(".sheet[data-forecast='warm_in'] .sheet-dot").CountAsync()).Should().BeInRange(Days - 4, Days);
        (await tab.Page.Locator(".sheet[data-forecast='warm_in'] svg").GetAttributeAsync("aria-label")).Should().MatchRegex(@"^Time until the engine is warm: \d+ forecasts against actual values, \d+\.\d min off on average$");
        await Axe.FindsNothing(tab, "with score sheets");
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task The_expected_line_stays_while_its_range_goes_on()
    {
        await using var server = await Learned();
        var start = DateTime.UtcNow.AddSeconds(-100);
        await server.Import([.. ColdStarts.Rows(Days, start: start).Where(row => row.Item1 <= DateTime.UtcNow)]);
        await using var tab = await browser.Open(server, "analytics.html?vehicle_id=1&range=15m");
        await Assertions.Expect(tab.Page.Locator("signal-chart[data-chart='coolant_temperature'][data-expected]")).ToBeVisibleAsync();
        await tab.Page.EvaluateAsync("""
            () => {
              const chart = document.querySelector('signal-chart[data-chart=coolant_temperature]');
              window.lost = 0;
              new MutationObserver(() => { if (!chart.hasAttribute('data-expected')) window.lost++; }).observe(chart, { attributeFilter: ['data-expected'] });
            }
            """);
        await Eventually.Holds("the page has asked for two later ranges", async () =>
            await tab.Page.EvaluateAsync<int>("() => new Set(performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.includes('/forecasts/history'))).size") >= 3, TimeSpan.FromSeconds(30));
        (await tab.Page.EvaluateAsync<int>("() => window.lost")).Should().Be(0);
    }

    [Fact]
    public async Task The_expected_line_has_a_gap_where_no_message_came()
    {
        await using var server = await Server.Start();
        await using var tab = await browser.Open(server);
        var values = await tab.Page.EvaluateAsync<double?[]>("""
            async () => {
              const { notePoint } = await import('./js/app/expected-trail.js');
              const trail = {};
              for (const at of [100, 101, 105, 130]) notePoint(trail, { coolant_expected: { value: at, low: at - 1, high: at + 1 } }, at);
              return trail.coolant_temperature.value;
            }
            """);
        values.Should().Equal(100, 101, 105, null, 130);
    }

    [Fact]
    public async Task An_electric_car_shows_its_range_in_french_too()
    {
        await using var server = await Server.Start();
        await server.Import([.. Enumerable.Range(0, 3).SelectMany(day => Charge(ColdStarts.Start.AddDays(day)))]);
        await server.HasLearned(3);
        await server.Publish(("wican/soc", "70"), ("wican/vehicle_speed", "50"));
        await using var car = await Car.Connect(server.BrokerPort);
        await using var tab = await browser.Open(server, "?vehicle_id=1", with: settings => settings.Locale = "fr-FR");

        await Eventually.Holds("the range is shown", async () =>
        {
            await car.Publish("wican/vehicle_speed", "50");
            await car.Publish("wican/soc", "70");
            return await tab.Page.Locator("kpi-card[data-signal='soc'] .forecast-now").IsVisibleAsync();
        });
        (await tab.Text("kpi-card[data-signal='soc'] .forecast-now")).Should().MatchRegex(@"^encore ~\d+ km \(\d+–\d+\)$");
        tab.Errors.Should().BeEmpty();
    }

    static async Task<Server> Learned()
    {
        var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.Import([.. Enumerable.Range(0, Days).SelectMany(day => ColdStarts.Rows(day))]);
        await server.HasLearned(Days);
        return server;
    }

    // The drive goes on, live, until something is seen.
    static async Task GoOn(Server server, DateTime start, Func<Task<bool>> isSeen)
    {
        await using var car = await Car.Connect(server.BrokerPort);
        await Eventually.Holds("the forecast is shown", async () =>
        {
            var now = (int)(DateTime.UtcNow - start).TotalSeconds;
            foreach (var (_, signal, value) in ColdStarts.Readings(Days).Where(reading => reading.Second == now - now % 2)) await car.Publish($"wican/{signal}", value.ToString(CultureInfo.InvariantCulture));
            return await isSeen();
        }, TimeSpan.FromSeconds(30));
    }

    static IEnumerable<(DateTime, string, string, double)> Charge(DateTime start)
    {
        for (var second = 0; second < 1200; second += 5)
        {
            yield return (start.AddSeconds(second), "default", "vehicle_speed", 60);
            yield return (start.AddSeconds(second), "default", "soc", 80 - second / 120.0);
        }
    }
}
