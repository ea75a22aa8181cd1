using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>Values of a running car that have not come for long: as old as they are, however old.</summary>
public sealed class OldValueTests(Browser browser)
{
    const string Coolant = "kpi-card[data-signal=coolant_temperature]";
    const string Soc = "reading-list [data-signal=soc]";

    [Theory]
    [InlineData(6, "^[56] min old$", "en-US")]
    [InlineData(47, "^4[67] min old$", "en-US")]
    [InlineData(180, "^(2|3) h old$", "en-US")]
    [InlineData(3 * 24 * 60, "^Il y a [23] j$", "fr-FR")]
    public async Task A_value_is_marked_old_whatever_its_age(int minutes, string age, string locale)
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        var last = DateTime.UtcNow.AddMinutes(-minutes);
        await server.Import([.. Enumerable.Range(0, 60).SelectMany(i => new[] { (last.AddSeconds(i - 59), "default", "coolant_temperature", 88.0), (last.AddSeconds(i - 59), "default", "soc", 55.0) })]);
        using var enough = new CancellationTokenSource();
        var driving = Drive(server, enough.Token);
        await using var tab = await browser.Open(server, with: settings => settings.Locale = locale);
        await Assertions.Expect(tab.Page.Locator(Coolant)).ToHaveAttributeAsync("data-level", "old");
        await Assertions.Expect(tab.Page.Locator($"{Coolant} .mark")).ToHaveTextAsync(new Regex(age));
        await Assertions.Expect(tab.Page.Locator($"{Soc} .fact-age")).ToHaveTextAsync(new Regex(age));
        await Assertions.Expect(tab.Page.Locator($"{Coolant} .spark-line")).ToHaveAttributeAsync("d", "");
        await Assertions.Expect(tab.Page.Locator($"{Coolant} .spark-end")).ToHaveAttributeAsync("d", "");
        await Assertions.Expect(tab.Page.Locator("kpi-card[data-signal=rpm] .spark-line")).Not.ToHaveAttributeAsync("d", "");
        await Assertions.Expect(tab.Page.Locator("[data-level=old]")).ToHaveCountAsync(2);
        await Axe.FindsNothing(tab, "with an old value");

        await server.Publish(("wican/coolant_temperature", "71"));
        await Assertions.Expect(tab.Page.Locator(Coolant)).Not.ToHaveAttributeAsync("data-level", "old");
        await Assertions.Expect(tab.Page.Locator($"{Coolant} .spark-end")).Not.ToHaveAttributeAsync("d", "");
        await enough.CancelAsync();
        await driving;
    }

    [Fact]
    public async Task A_live_chart_does_not_draw_an_old_value_up_to_now()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        var last = DateTime.UtcNow.AddMinutes(-47);
        await server.Import([.. Enumerable.Range(0, 60).Select(i => (last.AddSeconds(i - 59), "default", "coolant_temperature", 88.0))]);
        using var enough = new CancellationTokenSource();
        var driving = Drive(server, enough.Token);
        await using var tab = await browser.Open(server, "analytics.html");
        var chart = tab.Page.Locator("signal-chart[data-chart=coolant_temperature]");
        await Assertions.Expect(chart).ToHaveAttributeAsync("data-level", "old");
        await Assertions.Expect(chart.Locator(".chart-when")).ToHaveTextAsync(new Regex("^4[67] min old$"));
        await tab.Shows(Places.Chart("coolant_temperature"), "88 °C");
        await Assertions.Expect(chart).ToHaveAttributeAsync("data-points", "0");
        await Assertions.Expect(tab.Page.Locator("signal-chart[data-level=old]")).ToHaveCountAsync(1);
        await Axe.FindsNothing(tab, "with an old value");
        await server.Publish(("wican/coolant_temperature", "71"));
        await tab.Shows(Places.Chart("coolant_temperature"), "71 °C");
        await Assertions.Expect(chart).ToHaveAttributeAsync("data-level", "normal");
        await enough.CancelAsync();
        await driving;
    }

    [Fact]
    public async Task It_causes_no_repeated_queries_of_the_store()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.Import([(DateTime.UtcNow.AddMinutes(-20), "default", "coolant_temperature", 88)]);
        using var enough = new CancellationTokenSource();
        var driving = Drive(server, enough.Token);
        await using var tab = await browser.Open(server);
        await Assertions.Expect(tab.Page.Locator(Coolant)).ToHaveAttributeAsync("data-level", "old");
        var asked = 0;
        tab.Page.Request += (_, request) => asked += request.Url.Contains("/telemetry/history", StringComparison.Ordinal) ? 1 : 0;
        var before = await ShownRpm(tab);
        await Eventually.Holds("the page has shown 35 s more of the drive", async () => await ShownRpm(tab) - before >= 70, TimeSpan.FromSeconds(120));
        asked.Should().BeLessThanOrEqualTo(1);
        await enough.CancelAsync();
        await driving;
    }

    [Fact]
    public async Task A_value_without_a_stored_time_has_an_unknown_age_and_one_of_a_parked_car_its_real_age()
    {
        await using var broker = await Mosquitto.Start();
        await broker.Publish("wican/coolant_temperature", "88", "-r", "-q", "1");
        await using var server = await Server.Start("Mqtt:Host=127.0.0.1", $"Mqtt:Port={broker.Port}", "Presence:Timeout=01:00:00");
        await Eventually.Holds("the retained value is known", async () => (await server.Latest(1)).Contains("\"coolant_temperature\":88", StringComparison.Ordinal));
        await server.Import([(DateTime.UtcNow.AddHours(-2), "default", "engine_load", 40)]);
        await Car.PublishOnce(broker.Port, "wican/engine_load", "40");
        await Car.PublishOnce(broker.Port, "wican/rpm", "900");
        await Car.PublishOnce(broker.Port, "wican/status", """{"status":"offline"}""");
        await using var tab = await browser.Open(server);
        await tab.Shows(Places.State, "Parked");
        await tab.Shows($"{Coolant} .mark", "age unknown");
        await Assertions.Expect(tab.Page.Locator("kpi-card[data-level=old]")).ToHaveCountAsync(1);
    }

    static async Task<int> ShownRpm(Tab tab) => int.Parse(Regex.Match((await tab.Page.Locator(Places.Card("rpm")).InnerTextAsync()).Replace(",", "", StringComparison.Ordinal), "\\d+").Value, CultureInfo.InvariantCulture);

    /// <summary>Twice a second another engine speed.</summary>
    static async Task Drive(Server server, CancellationToken enough)
    {
        await using var car = await Car.Connect(server.BrokerPort);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        for (var rpm = 900; !enough.IsCancellationRequested; rpm++)
        {
            await car.Publish("wican/rpm", $"{rpm}");
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
