using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>The page of alerts, and what the other pages show of them.</summary>
[Collection(AlertPages.Name)]
public sealed partial class AlertPageTests(Browser browser, AlertPageServer fixture) : IAsyncLifetime
{
    readonly Server _server = fixture.Server;

    [Fact]
    public async Task An_alert_is_shown_where_it_belongs_and_nowhere_once_it_is_over()
    {
        var id = await fixture.VehicleId("cab");
        await fixture.AddRule("Too fast", id, """{"signal":"vehicle_speed","above":150,"clear":140}""", ""","severity":"critical" """);
        await fixture.AddRule("Any load", id, """{"signal":"fuel_level","above":50}""", ""","severity":"info" """);
        await using var tab = await browser.Open(_server, $"?vehicle_id={id}");
        await using var fleet = await browser.Open(_server, "fleet.html");
        await using var charts = await browser.Open(_server, $"analytics.html?vehicle_id={id}");
        await tab.Shows(Places.Link, "Connected");
        await Assertions.Expect(Card(tab, "vehicle_speed")).ToHaveAttributeAsync("data-alert", "none");

        await _server.Publish(("wican/cab/vehicle_speed", "151"), ("wican/cab/fuel_level", "60"));
        await Assertions.Expect(Card(tab, "vehicle_speed")).ToHaveAttributeAsync("data-alert", "critical");
        await Assertions.Expect(Card(tab, "vehicle_speed").Locator("alert-line")).ToHaveTextAsync(Sentence());
        await Assertions.Expect(tab.Page.Locator("alert-strip alert-line")).ToContainTextAsync("Any load");
        await Assertions.Expect(tab.Page.Locator("[role=alert]")).ToHaveTextAsync(Announced());
        await tab.Shows(".bell-count", "2");
        await Assertions.Expect(fleet.Page.Locator($"[data-vehicle='{id}'] .fleet-alert")).ToHaveTextAsync("Too fast and 1 more");
        await fleet.Page.Locator("fleet-filter label", new() { HasTextString = "With alerts" }).ClickAsync();
        await Assertions.Expect(fleet.Page.Locator(".fleet-body .fleet-row")).ToHaveCountAsync(1);
        await Assertions.Expect(charts.Page.Locator("signal-chart[data-chart=vehicle_speed]")).ToHaveAttributeAsync("data-alerts", "1");

        await _server.Publish(("wican/cab/vehicle_speed", "139"), ("wican/cab/fuel_level", "40"));
        await Assertions.Expect(Card(tab, "vehicle_speed")).ToHaveAttributeAsync("data-alert", "none");
        await Assertions.Expect(Card(tab, "vehicle_speed").Locator("alert-line")).ToBeHiddenAsync();
        await Assertions.Expect(tab.Page.Locator("alert-strip")).ToBeHiddenAsync();
        await tab.Shows(".bell-count", "", isVisible: false);
        await Assertions.Expect(fleet.Page.Locator(".fleet-none")).ToBeVisibleAsync();

        await tab.Page.GotoAsync(new Uri(_server.Address, $"alerts.html?vehicle_id={id}#history").AbsoluteUri);
        await Assertions.Expect(tab.Page.Locator("history-part .alert", new() { HasTextString = "Too fast" })).ToContainTextAsync("above 150 km/h");
        await tab.Page.GotoAsync(new Uri(_server.Address, $"drives.html?vehicle_id={id}#t={DateTime.UtcNow:yyyy-MM-ddTHH:mm:ssZ}").AbsoluteUri);
        await Assertions.Expect(tab.Page.Locator(".line-alert").First).ToBeAttachedAsync();
        foreach (var one in new[] { tab, fleet, charts }) one.Errors.Should().BeEmpty();
    }

    [Theory]
    [InlineData("en-US")]
    [InlineData("fr-FR")]
    public async Task The_page_has_no_finding_and_fits_every_screen_and_names_are_text(string locale)
    {
        const string Name = "\"><img src=x onerror=\"window.wasRun=1\">";
        var id = await fixture.VehicleId("bus");
        using (var named = await _server.Http.PatchAsJsonAsync($"/vehicles/{id}", new { name = Name })) named.EnsureSuccessStatusCode();
        var rule = await fixture.AddRule(Name, id, """{"signal":"vehicle_speed","above":150,"clear":140},{"time":"00:00-23:59","days":["mon","tue","wed","thu","fri","sat","sun"],"zone":"America/Argentina/ComodRivadavia"}""", ""","for":0,"once_per_drive":true,"cooldown":90,"while":[{"signal":"vehicle_speed","above":1}],"severity":"critical" """);
        await fixture.AddRule("Offline " + new string('x', 90), id, """{"state":"offline"}""", ""","severity":"info","enabled":false""");
        await _server.Publish(("wican/bus/vehicle_speed", "151"));
        await using var tab = await browser.Open(_server, $"alerts.html?vehicle_id={id}", with: settings => settings.Locale = locale);
        await Assertions.Expect(tab.Page.Locator("open-part .alert", new() { HasTextString = Name }).First).ToContainTextAsync("150 km/h");
        foreach (var part in new[] { "", "#rules", "#history", $"#rule={rule}" })
        {
            await tab.Page.EvaluateAsync("(hash) => { location.hash = hash; }", part);
            await Assertions.Expect(tab.Page.GetByText(Name).Locator("visible=true").First).ToBeVisibleAsync();
            if (part.StartsWith("#rule=", StringComparison.Ordinal)) await Assertions.Expect(tab.Page.Locator(".line-grip")).ToBeVisibleAsync();
            foreach (var width in new[] { 320, 390, 768, 1440, 3840 })
            {
                await tab.Page.SetViewportSizeAsync(width, 900);
                (await tab.Page.EvaluateAsync<string[]>("""
                    () => [...document.querySelectorAll('html, header, header *, main, main *')]
                      .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0 && getComputedStyle(element).overflowX === 'visible' && getComputedStyle(element).display !== 'inline' && !element.closest('svg, .uplot, .visually-hidden'))
                      .map((element) => `${element.localName}.${element.className} is ${element.scrollWidth} wide in ${element.clientWidth}`)
                    """)).Should().BeEmpty($"{width} px are enough, {part}");
                if (width is 320 or 1440) await Axe.FindsNothing(tab, $"{part}, {width} px, {locale}");
            }
        }

        (await tab.Page.EvaluateAsync<bool>("() => 'wasRun' in window")).Should().BeFalse();
        (await tab.Page.Locator("main img").CountAsync()).Should().Be(0);
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task Without_alerts_the_page_counts_the_rules_and_says_that_none_notifies()
    {
        await using var server = await Server.Start();
        await using var tab = await browser.Open(server, "alerts.html");
        var text = tab.Page.Locator("open-part .calm .quiet");
        await Assertions.Expect(text).ToHaveTextAsync("4 rules watch your vehicles. They notify no one: alerts are on these pages only.");
        await Assertions.Expect(tab.Page.Locator(".calm-link")).ToHaveAttributeAsync("href", "#channels");
        await Axe.FindsNothing(tab, "no alerts");
        await server.Http.PostAsJsonAsync("/alerts/rules", new { name = "told", when = new[] { new { state = "offline" } }, notify = new[] { new { to = new[] { "me" } } } });
        await tab.Page.ReloadAsync();
        await Assertions.Expect(text).ToHaveTextAsync("5 rules watch your vehicles.");
        await Assertions.Expect(tab.Page.Locator(".calm-link")).ToBeHiddenAsync();
        foreach (var rule in (await server.Http.GetFromJsonAsync<JsonElement[]>("/alerts/rules"))!) await server.Http.DeleteAsync($"/alerts/rules/{rule.GetProperty("rule_id").GetInt32()}");
        await tab.Page.ReloadAsync();
        await Assertions.Expect(text).ToHaveTextAsync("No rule is on.");
        await Assertions.Expect(tab.Page.Locator(".calm-link")).ToHaveAttributeAsync("href", "#rules");
    }

    public async ValueTask InitializeAsync() => await fixture.DeleteRules();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    static ILocator Card(Tab tab, string signal) => tab.Page.Locator($"kpi-card[data-signal={signal}]");

    [GeneratedRegex("^Too fast above 150 km/h since \\d\\d:\\d\\d$")]
    private static partial Regex Sentence();

    [GeneratedRegex("Too fast, above 150 km/h since \\d\\d:\\d\\d$")]
    private static partial Regex Announced();
}
