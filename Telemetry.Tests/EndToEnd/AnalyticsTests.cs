using System.Globalization;
using Microsoft.Playwright;
using Telemetry.Core.Signals;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

public class AnalyticsTests(Browser browser)
{
    const string Note = ".chart-note";
    const string Button = "button.pause";

    static Task<int> Points(Tab tab, string signal) =>
        tab.Page.Locator($"signal-chart[data-chart={signal}]").EvaluateAsync<int>("chart => Number(chart.dataset.points)");

    static Task<string> Drawing(Tab tab) => tab.Page.Locator("signal-chart[data-chart=rpm] canvas").EvaluateAsync<string>("canvas => canvas.toDataURL()");

    [Fact]
    public async Task Six_charts_gain_points_as_readings_come()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await using var tab = await browser.Open(server, "analytics.html");
        await tab.Shows(Places.Banner, "No reading yetCharts start at the first reading");
        await server.Publish([.. Signal.Six.Select((signal, i) => ($"wican/{signal}", $"{i + 10}"))]);
        await tab.Shows(Places.Chart("rpm"), "10 rpm");
        await tab.Shows(Places.Chart("vehicle_speed"), "11 km/h");
        await tab.Shows(Places.Chart("coolant_temperature"), "12 °C");
        await tab.Shows(Places.Chart("engine_load"), "13 %");
        await tab.Shows(Places.Chart("control_module_voltage"), "14 V");
        await tab.Shows(Places.Chart("fuel_rail_pressure"), "15 kPa");
        await tab.Hides(Places.Banner);
        var drawn = await Drawing(tab);

        var before = new Dictionary<Signal, int>();
        foreach (var signal in Signal.Six) before[signal] = await Points(tab, signal.Name);
        before.Values.Should().OnlyContain(points => points > 0);
        await server.Publish([.. Signal.Six.Select((signal, i) => ($"wican/{signal}", $"{i + 20}"))]);
        await tab.Shows(Places.Extent("fuel_rail_pressure"), "15 to 25");
        foreach (var signal in Signal.Six) (await Points(tab, signal.Name)).Should().BeGreaterThan(before[signal]);
        await Eventually.Holds("the line is drawn on", async () => await Drawing(tab) != drawn);
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task The_last_60_points_are_never_more()
    {
        await using var server = await Server.Start("Stream:UpdateInterval=00:00:00", "Presence:Timeout=01:00:00");
        await using var tab = await browser.Open(server, "analytics.html?live=points");
        await tab.Page.WaitForFunctionAsync("() => document.querySelector('signal-chart[data-chart=rpm]')?.draw");
        await tab.Page.EvaluateAsync("""
            () => {
              const chart = document.querySelector('signal-chart[data-chart=rpm]');
              const draw = chart.draw.bind(chart);
              window.most = 0;
              chart.draw = (columns) => { draw(columns); window.most = Math.max(window.most, chart.points); };
            }
            """);
        await using var car = await Car.Connect(server.BrokerPort);
        var rpm = 1000;
        await Eventually.Holds("the chart has 60 points", async () =>
        {
            await car.Publish("wican/rpm", $"{++rpm}");
            return await Points(tab, "rpm") == 60;
        }, TimeSpan.FromMinutes(1)); // One a frame: a busy machine draws few.
        for (var more = 0; more < 70; more++) await car.Publish("wican/rpm", $"{++rpm}");
        await tab.Shows(Places.Chart("rpm"), $"{rpm} rpm");
        (await Points(tab, "rpm")).Should().Be(60);
        (await tab.Page.EvaluateAsync<int>("() => window.most")).Should().Be(60);
        int.Parse((await tab.Text(Places.Extent("rpm"))).Split(" to ")[0], CultureInfo.InvariantCulture).Should().BeGreaterThan(1001);
    }

    [Fact]
    public async Task Pause_freezes_the_charts_and_not_the_collecting()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await using var tab = await browser.Open(server, "analytics.html");
        foreach (var rpm in new[] { 1000, 1200 })
        {
            await server.Publish(("wican/rpm", $"{rpm}"));
            await tab.Shows(Places.Chart("rpm"), $"{rpm} rpm");
        }

        await tab.Page.Locator(Button).ClickAsync();
        await tab.Shows(Button, "Resume");
        var frozen = await Drawing(tab);
        for (var i = 1; i <= 3; i++)
        {
            await server.Publish(("wican/rpm", $"{2000 + i}"));
            await tab.Shows(Note, $"Paused · {i} new {(i == 1 ? "point" : "points")}");
        }

        (await Points(tab, "rpm")).Should().Be(2);
        (await tab.Text(Places.Chart("rpm"))).Should().Be("1200 rpm");
        (await Drawing(tab)).Should().Be(frozen);

        await tab.Page.Locator(Button).ClickAsync();
        await tab.Shows(Places.Chart("rpm"), "2003 rpm");
        await tab.Shows(Places.Extent("rpm"), "1000 to 2003");
        (await Points(tab, "rpm")).Should().Be(5);
        (await Drawing(tab)).Should().NotBe(frozen);
        await tab.Shows(Button, "Pause");
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task A_chart_without_a_reading_has_no_scale()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await using var tab = await browser.Open(server, "analytics.html", before: """
            window.written = {};
            const { fillText } = CanvasRenderingContext2D.prototype;
            CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
              (window.written[this.canvas.closest('signal-chart').dataset.chart] ??= []).push(text);
              fillText.call(this, text, ...rest);
            };
            """);
        await server.Publish(("wican/rpm", "900"));
        await tab.Shows(Places.Chart("rpm"), "900 rpm");
        Task<string[]> Written(string signal) => tab.Page.EvaluateAsync<string[]>("signal => (window.written[signal] ?? []).filter(text => !text.includes(':'))", signal);
        await Eventually.Holds("the chart is drawn with its scale", async () => (await Written("rpm")).Contains("900"));
        (await Written("control_module_voltage")).Should().BeEmpty();
    }

    [Fact]
    public async Task The_banner_shows_a_silent_car_until_its_next_reading()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await using var tab = await browser.Open(server, "analytics.html");
        await server.Publish(("wican/rpm", "2500"));
        await tab.Shows(Places.Chart("rpm"), "2500 rpm");
        await tab.Shows(Places.State, "Running");
        await tab.Hides(Places.Banner);

        // By its own word: a busy machine may take longer to draw than any short time-out.
        await server.Publish(("wican/status", """{"status":"offline"}"""));
        await tab.Shows(Places.State, "Parked");
        await tab.Shows($"{Places.Banner} strong", "Vehicle 1");
        await Assertions.Expect(tab.Page.Locator($"{Places.Banner} [data-last-value]")).ToContainTextAsync("Parked since ");
        (await Points(tab, "rpm")).Should().Be(1);

        await server.Publish(("wican/rpm", "900"));
        await tab.Hides(Places.Banner);
        await tab.Shows(Places.Chart("rpm"), "900 rpm");
    }
}
