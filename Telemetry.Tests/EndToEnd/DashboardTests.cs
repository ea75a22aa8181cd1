using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

public partial class DashboardTests(Browser browser)
{
    [Fact]
    public async Task The_cards_show_what_the_car_sends_and_move_with_it()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await using var tab = await browser.Open(server);
        await server.Publish(
            ("wican/vehicle_speed", "65.5"), ("wican/rpm", "2500"), ("wican/coolant_temperature", "87.3"),
            ("wican/engine_load", "45.2"), ("wican/control_module_voltage", "13.8"), ("wican/fuel_rail_pressure", "350.2"));
        await tab.Shows(Places.Card("vehicle_speed"), "65.5 km/h");
        await tab.Shows(Places.Card("rpm"), "2500 rpm");
        await tab.Shows(Places.Card("coolant_temperature"), "87.3 °C");
        await tab.Shows(Places.Card("engine_load"), "45.2 %");
        await tab.Shows(Places.Card("control_module_voltage"), "13.8 V");
        await tab.Shows(Places.RailPressure, "350.2 kPa");
        await tab.Shows(Places.State, "Running");
        await tab.Shows(Places.Link, "Connected");
        await tab.Hides(Places.LastValue);

        await server.Publish(("wican/vehicle_speed", "120"), ("wican/rpm", "0"), ("wican/coolant_temperature", "-7.04"), ("wican/fuel_rail_pressure", "35000.4"));
        await tab.Shows(Places.Card("vehicle_speed"), "120.0 km/h");
        await tab.Shows(Places.Card("rpm"), "0 rpm");
        await tab.Shows(Places.Card("coolant_temperature"), "-7.0 °C");
        await tab.Shows(Places.RailPressure, "35.0 MPa");
        await tab.Shows(Places.Card("engine_load"), "45.2 %");

        tab.Console.Should().Contain("✅ WebSocket connecté").And.Contain("📊 Données reçues - État: running");
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task When_the_car_falls_silent_the_last_values_stay_and_say_how_old_they_are()
    {
        await using var server = await Server.Start("Presence:Timeout=00:00:02");
        await using var tab = await browser.Open(server);
        await server.Publish(("wican/rpm", "2500"), ("wican/vehicle_speed", "65.5"));
        await tab.Shows(Places.State, "Running");
        await tab.Shows(Places.Announcer, "Vehicle 1: Running", isVisible: false);
        await tab.Watch(Places.Announcer);
        await server.Publish([.. Enumerable.Range(1, 10).Select(i => ("wican/rpm", $"{2490 + i}"))]);

        await tab.Shows(Places.State, "Parked");
        (await tab.Seen()).Should().Equal("Vehicle 1: Running", "Vehicle 1: Parked");
        await Assertions.Expect(tab.Page.Locator(Places.LastValue)).ToHaveAttributeAsync("title", LastValueOfSecondsAgo());
        await Assertions.Expect(tab.Page.Locator(Places.LastValue)).ToBeVisibleAsync();
        await tab.Shows(Places.Card("rpm"), "2500 rpm");
        await tab.Shows(Places.Card("vehicle_speed"), "65.5 km/h");
        await tab.Hides("kpi-card[data-signal=engine_load]");
        await tab.Shows(Places.Link, "Connected");
        tab.Console.Should().EndWith("📊 Données reçues - État: offline");

        await server.Publish(("wican/rpm", "900"));
        await tab.Shows(Places.State, "Running");
        await tab.Shows(Places.Card("rpm"), "900 rpm");
        await tab.Hides(Places.LastValue);
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task A_car_without_a_reading_has_dashes_and_no_last_value()
    {
        await using var server = await Server.Start();
        await using var tab = await browser.Open(server);
        await tab.Shows(Places.State, "Offline");
        await tab.Shows(Places.LastValue, "No reading yet");
        (await tab.Page.Locator(".kpi-value, [data-fact=rail], [data-fact=reading]").AllTextContentsAsync()).Should().Equal(Enumerable.Repeat("—", 7));
        (await tab.Page.Locator("body").InnerTextAsync()).Should().NotContain("Last value");
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task No_value_is_coloured_where_no_rule_says_so()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.Publish(("wican/vehicle_speed", "254"), ("wican/rpm", "7627"), ("wican/engine_load", "100"), ("wican/control_module_voltage", "7.56"));
        await using var tab = await browser.Open(server);
        await tab.Shows(Places.Card("rpm"), "7627 rpm");
        await tab.Shows(Places.Card("control_module_voltage"), "7.6 V");
        await Assertions.Expect(tab.Page.Locator("kpi-card[data-level=normal][data-alert=none]:not([hidden])")).ToHaveCountAsync(4);
        (await tab.Page.Locator("kpi-card .mark").AllTextContentsAsync()).Should().OnlyContain(text => text == "");
    }

    [Fact]
    public async Task Only_the_value_that_stopped_coming_is_old_while_the_car_runs()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        var start = DateTime.UtcNow.AddSeconds(-120);
        await server.Import([.. Enumerable.Range(0, 120).SelectMany(i => new[]
        {
            (start.AddSeconds(i), "default", "rpm", 1000.0 + i), (start.AddSeconds(i), "default", "control_module_voltage", 14.0),
            (start.AddSeconds(i / 2.0), "default", "coolant_temperature", 80.0 + (i / 10)),
        })]);
        using var enough = new CancellationTokenSource();
        var driving = Drive(server, enough.Token);
        await using var tab = await browser.Open(server);
        await tab.Shows(Places.State, "Running");
        await Assertions.Expect(tab.Page.Locator("kpi-card[data-signal=coolant_temperature] .mark")).ToHaveTextAsync(AgeOfAMinute());
        await Assertions.Expect(tab.Page.Locator("kpi-card[data-level=old]")).ToHaveCountAsync(1);

        await server.Publish(("wican/coolant_temperature", "71"));
        await tab.Shows(Places.Card("coolant_temperature"), "71 °C");
        await Assertions.Expect(tab.Page.Locator("kpi-card[data-level=old]")).ToHaveCountAsync(0);
        await enough.CancelAsync();
        await driving;
    }

    /// <summary>Twice a second another engine speed, and a voltage that is always the same.</summary>
    static async Task Drive(Server server, CancellationToken enough)
    {
        await using var car = await Car.Connect(server.BrokerPort);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            await car.Publish("wican/rpm", $"{2000 + i}");
            await car.Publish("wican/control_module_voltage", "14");
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task Each_card_opens_with_its_last_minutes_and_draws_on()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        var start = DateTime.UtcNow.AddSeconds(-90);
        await server.Import([.. Enumerable.Range(0, 80).Select(i => (start.AddSeconds(i), "default", "rpm", 1000.0 + i))]);
        await using var tab = await browser.Open(server);
        var line = tab.Page.Locator("kpi-card[data-signal=rpm] .spark-line");
        await Assertions.Expect(line).ToHaveAttributeAsync("d", AtLeast50Steps());
        var before = await line.GetAttributeAsync("d");
        await server.Publish(("wican/rpm", "3000"));
        await tab.Shows(Places.Card("rpm"), "3000 rpm");
        await Eventually.Holds("the line is drawn on", async () => await line.GetAttributeAsync("d") != before);
    }

    [Fact]
    public async Task Ages_and_latency_follow_the_servers_clock_when_this_ones_is_set()
    {
        await using var server = await Server.Start("Stream:UpdateInterval=00:00:00", "Presence:Timeout=01:00:00");
        await using var tab = await browser.Open(server, before: "window.ahead = 0; const now = Date.now.bind(Date); Date.now = () => now() + window.ahead;");
        await server.Publish(("wican/rpm", "900"), ("wican/status", """{"status":"offline"}"""));
        await tab.Shows(Places.State, "Parked");
        await tab.Page.EvaluateAsync("() => { performance.clearResourceTimings(); window.ahead = 3_600_000; }");
        await Eventually.Holds("the server is asked again", async () => await TimesAskedForItsClock(tab) >= 3);
        await Assertions.Expect(tab.Page.Locator(Places.LastValue)).ToHaveAttributeAsync("title", LastValueOfSecondsAgo());
        await MeasureLatency(server, tab);
        int.Parse((await tab.Text("[data-fact=latency]")).Split(" / ")[1], CultureInfo.InvariantCulture).Should().BeLessThan(60_000);
    }

    [Fact]
    public async Task A_clock_set_during_the_request_for_the_servers_time_is_detected()
    {
        // It is set during the third question, which is the quickest to be answered and so the one that is believed.
        const string SetMeanwhile = """
            const now = Date.now.bind(Date);
            const ask = fetch;
            let asked = 0;
            Date.now = () => now() + (asked >= 3 ? 3_600_000 : 0);
            window.fetch = async (url, ...options) => {
              if (url === 'clock' && ++asked < 3) await new Promise((resolve) => setTimeout(resolve, 300));
              return ask(url, ...options);
            };
            """;
        await using var server = await Server.Start("Stream:UpdateInterval=00:00:00", "Presence:Timeout=01:00:00");
        await server.Publish(("wican/rpm", "900"), ("wican/status", """{"status":"offline"}"""));
        await using var tab = await browser.Open(server, before: SetMeanwhile);
        await Eventually.Holds("the server was asked again", async () => await TimesAskedForItsClock(tab) > 3);
        await Assertions.Expect(tab.Page.Locator(Places.LastValue)).ToHaveAttributeAsync("title", LastValueOfSecondsAgo());
    }

    [Fact]
    public async Task Latency_is_reported_once_it_has_been_measured()
    {
        await using var server = await Server.Start("Stream:UpdateInterval=00:00:00", "Presence:Timeout=01:00:00");
        await using var tab = await browser.Open(server);
        await tab.Shows(Places.State, "Offline");
        (await tab.Text("[data-fact=latency]")).Should().Be("—");
        await MeasureLatency(server, tab);
    }

    static Task<int> TimesAskedForItsClock(Tab tab)
    {
        return tab.Page.EvaluateAsync<int>("() => performance.getEntriesByType('resource').filter((entry) => entry.name.endsWith('/clock')).length");
    }

    [Fact]
    public async Task After_a_slow_answer_the_servers_time_is_requested_again_soon()
    {
        // So slow that no latency could be told with its answers.
        const string SlowAtFirst = """
            const ask = fetch;
            window.asked = 0;
            window.fetch = async (url, ...options) => {
              if (url === 'clock' && ++window.asked <= 3) await new Promise((resolve) => setTimeout(resolve, 200));
              return ask(url, ...options);
            };
            """;
        await using var server = await Server.Start("Stream:UpdateInterval=00:00:00", "Presence:Timeout=01:00:00");
        await using var tab = await browser.Open(server, before: SlowAtFirst);
        await MeasureLatency(server, tab);
        (await tab.Page.EvaluateAsync<int>("() => window.asked")).Should().BeGreaterThan(3);
    }

    // While the car drives on: on a busy machine the clocks may be compared well only after some tries.
    static async Task MeasureLatency(Server server, Tab tab)
    {
        await using var car = await Car.Connect(server.BrokerPort);
        var rpm = 1000;
        await Eventually.Holds("the latency is measured", async () =>
        {
            await car.Publish("wican/rpm", $"{++rpm}");
            await tab.Shows(Places.Card("rpm"), $"{rpm} rpm");
            return TwoNumbers().IsMatch(await tab.Text("[data-fact=latency]"));
        }, TimeSpan.FromMinutes(1));
        await Assertions.Expect(tab.Page.Locator("[data-fact=latency]")).ToHaveTextAsync(TwoNumbers());
        await Assertions.Expect(tab.Page.Locator("[data-fact=latency-unit]")).ToHaveTextAsync(MillisecondsInDoubt());
    }

    [GeneratedRegex(@"^\d+ / \d+$")]
    private static partial Regex TwoNumbers();

    [GeneratedRegex(@"^ms ± \d+$")]
    private static partial Regex MillisecondsInDoubt();

    [GeneratedRegex(@"^(1 min|5\d s|6\d s) old$")]
    private static partial Regex AgeOfAMinute();

    [GeneratedRegex("^M[^M]*(L[^LM]*){50,}$")]
    private static partial Regex AtLeast50Steps();

    [GeneratedRegex(@"^Last value · \d+ s ago$")]
    private static partial Regex LastValueOfSecondsAgo();
}
