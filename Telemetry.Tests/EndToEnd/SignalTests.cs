using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>Signals on the pages: six built in, all others described by the server.</summary>
public class SignalTests(Browser browser)
{
    [Fact]
    public async Task The_six_are_named_and_counted_as_the_server_does()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.Publish(
            ("wican/vehicle_speed", "65.5"), ("wican/rpm", "2500"), ("wican/coolant_temperature", "87.3"),
            ("wican/engine_load", "45.2"), ("wican/control_module_voltage", "13.8"), ("wican/fuel_rail_pressure", "350.2"));
        var told = (await server.Http.GetFromJsonAsync<JsonElement[]>("/signals?vehicle_id=1"))!
            .ToDictionary(signal => signal.GetProperty("name").GetString()!, signal => signal.GetProperty("unit").GetString()!);
        await using var tab = await browser.Open(server);
        var known = await tab.Page.EvaluateAsync<Dictionary<string, string>>("""
            async () => {
              const { SIX_KEYS, signalOf } = await import('./js/app/signals.js');
              return Object.fromEntries(SIX_KEYS.map((key) => [key, signalOf(key).unit]));
            }
            """);
        known.Should().HaveCount(6).And.Equal(told);
    }

    [Fact]
    public async Task A_pressure_has_the_unit_that_suits_its_size()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await using var tab = await browser.Open(server, "analytics.html?live=all");
        await server.Publish(("wican/fuel_rail_pressure", "350"));
        await tab.Shows(Places.Chart("fuel_rail_pressure"), "350 kPa");
        await server.Publish(("wican/fuel_rail_pressure", "127000"));
        await tab.Shows(Places.Chart("fuel_rail_pressure"), "127 MPa");
        await tab.Shows(Places.Extent("fuel_rail_pressure"), "0.35 to 127");

        var shown = await tab.Page.EvaluateAsync<Dictionary<string, string[]>>("""
            async () => {
              const { chooseUnits } = await import('./js/app/choose-units.js');
              const { show, unitOf } = await import('./js/app/signals.js');
              const { axisValue, valueTicks } = await import('./js/charts/value-ticks.js');
              const all = (pressure) => {
                chooseUnits({ pressure });
                const key = 'fuel_rail_pressure';
                return [...[350, 1000, 24750, 127000].map((value) => `${show(key, value)} ${unitOf(key, value)}`), valueTicks('kPa', 0, 150000, 40000, 127000).map((tick) => axisValue('kPa', tick, 127000)).join(' ')];
              };
              return Object.fromEntries(['bar', 'psi', 'kPa'].map((unit) => [unit, all(unit)]));
            }
            """);
        shown["kPa"].Should().Equal("350.0 kPa", "1.00 MPa", "24.8 MPa", "127 MPa", "0 50 100 150");
        shown["bar"].Should().Equal("3.5 bar", "10.0 bar", "247.5 bar", "1270 bar", "0 500 1000 1500");
        shown["psi"].Should().Equal("50.8 psi", "145.0 psi", "3590 psi", "18,420 psi", "0 10,000 20,000");
    }

    [Fact]
    public async Task The_ticks_of_a_value_axis_are_round_in_the_unit_that_is_shown()
    {
        await using var server = await Server.Start();
        await using var tab = await browser.Open(server);
        var ticks = await tab.Page.EvaluateAsync<Dictionary<string, double[]>>("""
            async () => {
              const { chooseUnits } = await import('./js/app/choose-units.js');
              const { converted } = await import('./js/app/units.js');
              const { valueTicks } = await import('./js/charts/value-ticks.js');
              const shown = (unit, min, max, step) => valueTicks(unit, min, max, step).map((value) => Number(converted(unit, value).toFixed(6)));
              chooseUnits({ distance: 'mi', temperature: 'F', pressure: 'psi' });
              return { 'km/h': shown('km/h', 0, 150, 50), '°C': shown('°C', -20, 90, 10), kPa: shown('kPa', 0, 180000, 50000), rpm: shown('rpm', 0, 3000, 1000), V: shown('V', 11.9, 14.6, 0.5) };
            }
            """);
        ticks["km/h"].Should().Equal(0, 50);
        ticks["°C"].Should().Equal(0, 20, 40, 60, 80, 100, 120, 140, 160, 180);
        ticks["kPa"].Should().Equal(0, 10000, 20000);
        ticks["rpm"].Should().Equal(0, 1000, 2000, 3000);
        ticks["V"].Should().Equal(12, 12.5, 13, 13.5, 14, 14.5);
    }

    [Fact]
    public async Task Any_other_signal_stands_in_the_quieter_row_and_moves()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.Publish(("wican/rpm", "900"), ("wican/soc", "55"));
        await using var tab = await browser.Open(server);
        await tab.Shows("[data-signal=soc] dt", "Charge");
        await tab.Shows("[data-signal=soc] dd", "55 %");
        await server.Publish(("wican/soc", "54.4"), ("wican/outside_temperature", "90"));
        await tab.Shows("[data-signal=soc] dd", "54.4 %");
        await tab.Shows("[data-signal=outside_temperature] dd", "90 °C");
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task Charts_are_offered_of_the_signals_that_a_vehicle_has()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.Publish(("wican/rpm", "900"), ("wican/soc", "55"), ("wican/van/rpm", "800"));
        await using var tab = await browser.Open(server, "analytics.html?vehicle_id=1");
        var choice = tab.Page.GetByRole(AriaRole.Combobox, new() { Name = "Another signal" });
        await Assertions.Expect(choice.Locator("option")).ToHaveTextAsync(["Charge"]);
        await tab.Page.EvaluateAsync("() => { window.isSame = true; }");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Add a chart" }).ClickAsync();
        await tab.Shows(Places.Chart("soc"), "55 %");
        tab.Page.Url.Should().Contain("charts=soc");
        await server.Publish(("wican/soc", "53"));
        await tab.Shows(Places.Chart("soc"), "53 %");
        await Assertions.Expect(choice).ToBeHiddenAsync();

        await tab.Page.Locator("vehicle-switch select").SelectOptionAsync("2");
        await tab.Shows(Places.Title, "Vehicle 2");
        await Assertions.Expect(choice).ToBeHiddenAsync();
        (await tab.Page.EvaluateAsync<bool>("() => window.isSame")).Should().BeTrue("nothing is loaded anew");
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task A_chart_is_added_with_its_past_and_removed_without_a_reload()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        var start = DateTime.UtcNow.AddMinutes(-3);
        await server.Import([.. Enumerable.Range(0, 60).SelectMany(i => new[] { (start.AddSeconds(i), "default", "boost", 10.0 + i), (start.AddSeconds(i), "default", "rpm", 900.0 + i) })]);
        await server.Publish(("wican/boost", "80"), ("wican/rpm", "1000"));
        await using var tab = await browser.Open(server, "analytics.html?vehicle_id=1", "window.isSame = Math.random();");
        var same = await tab.Page.EvaluateAsync<double>("() => window.isSame");
        await tab.Shows(Places.Extent("rpm"), "900 to 1000");
        await Add(tab);
        await tab.Shows(Places.Extent("boost"), "10 to 80");
        await tab.Shows(Places.Extent("rpm"), "900 to 1000");

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Remove Boost" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("signal-chart")).ToHaveCountAsync(6);
        await Assertions.Expect(tab.Page.Locator("signal-chart >> nth=5 >> .chart-frame")).ToBeFocusedAsync();
        tab.Page.Url.Should().NotContain("charts=");
        await tab.Page.GetByText("15 min", new() { Exact = true }).First.ClickAsync();
        await Add(tab);
        await tab.Shows(Places.Extent("boost"), "10 to 80");
        (await tab.Page.EvaluateAsync<double>("() => window.isSame")).Should().Be(same, "nothing is loaded anew");
        tab.Errors.Should().BeEmpty();

        static Task Add(Tab tab) => tab.Page.GetByRole(AriaRole.Button, new() { Name = "Add a chart" }).ClickAsync();
    }
}
