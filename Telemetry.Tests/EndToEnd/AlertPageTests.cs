using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>The page of alerts, and what the other pages show of them: rules as sentences, tried on what is stored, fired over MQTT.</summary>
public sealed partial class AlertPageTests(Browser browser, AlertPageServer fixture) : IClassFixture<AlertPageServer>, IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    const string Threshold = "[data-field='when[0].above']";

    readonly Server _server = fixture.Server;

    [Theory]
    [InlineData("en-US", "wagon", "1 open alert", "Would not have fired.", "acknowledged")]
    [InlineData("fr-FR", "break", "1 alerte en cours", "Ne se serait pas déclenchée.", "prise en compte")]
    public async Task A_rule_is_made_from_a_suggestion_by_keyboard_alone_fires_and_is_acknowledged(string locale, string device, string bell, string never, string acked)
    {
        var id = await fixture.VehicleId(device);
        await using var tab = await browser.Open(_server, $"alerts.html?vehicle_id={id}#rules", with: settings => settings.Locale = locale);
        await Assertions.Expect(tab.Page.Locator("[data-preset=speeding]")).ToBeVisibleAsync();
        await TabTo(tab, "[data-adapt=speeding]");
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.Shows(".trial-count", never);

        await TabTo(tab, "[data-field=for]");
        await tab.Page.Keyboard.TypeAsync("0");
        await TabTo(tab, ".line-grip");
        for (var i = 0; i < 4; i++) await tab.Page.Keyboard.PressAsync("PageDown");
        await Assertions.Expect(tab.Page.Locator("trial-words")).ToHaveAttributeAsync("data-fired", Many());
        await TabTo(tab, ".form-actions .button-main");
        await tab.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(tab.Page.Locator(".rule-name:focus")).ToBeVisibleAsync();

        await _server.Publish(($"wican/{device}/vehicle_speed", "180"));
        await Assertions.Expect(tab.Page.Locator(".bell")).ToHaveAttributeAsync("aria-label", bell);
        await tab.Shows(".bell-count", "1");
        await tab.Page.Keyboard.PressAsync("Home");
        await tab.Page.Locator(".choice-one input[value=rules]").FocusAsync();
        await tab.Page.Keyboard.PressAsync("ArrowLeft");
        await Assertions.Expect(tab.Page.Locator("open-part .alert")).ToHaveCountAsync(1);
        await TabTo(tab, ".alert-actions .button");
        await tab.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(tab.Page.Locator(".alert-facts")).ToContainTextAsync(acked);
        await Assertions.Expect(tab.Page.Locator(".bell")).ToHaveAttributeAsync("aria-label", bell);
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task The_line_is_dragged_and_says_how_often_it_would_have_fired()
    {
        var id = await fixture.VehicleId("taxi");
        var rule = await fixture.AddRule("Fast", id, """{"signal":"vehicle_speed","above":110,"clear":105}""");
        await using var tab = await browser.Open(_server, $"alerts.html?vehicle_id={id}#rule={rule}", with: settings => settings.HasTouch = true);
        await tab.Shows(".trial-count", "Would have fired once.");
        await Assertions.Expect(tab.Page.Locator(".trial-item a")).ToHaveAttributeAsync("href", Moment());
        await Assertions.Expect(tab.Page.Locator(".line-clear")).ToBeVisibleAsync();
        await tab.Page.Locator("rule-chart").ScrollIntoViewIfNeededAsync();
        var line = (await tab.Page.Locator(".line-grip").BoundingBoxAsync())!;
        var chart = (await tab.Page.Locator("rule-chart .u-over").BoundingBoxAsync())!;
        await tab.Page.Mouse.MoveAsync(line.X + (line.Width / 2), line.Y + (line.Height / 2));
        await tab.Page.Mouse.DownAsync();
        // On the way the server is asked, and its answers to what is not wanted any more are thrown away.
        for (var i = 1; i <= 10; i++) await tab.Page.Mouse.MoveAsync(line.X + (line.Width / 2), line.Y + (line.Height / 2) + ((chart.Y + (chart.Height * 0.6f) - line.Y) * i / 10));
        await tab.Page.Mouse.UpAsync();
        double.Parse(await tab.Page.Locator(Threshold).InputValueAsync(), System.Globalization.CultureInfo.InvariantCulture).Should().BeInRange(20, 90);
        await tab.Shows(".trial-count", "Would have fired 10 times.");
        await tab.Page.Locator(Threshold).FillAsync("119.5");
        await tab.Shows(".trial-count", "Would have fired once.");

        // What is not wanted any more is not waited for: its answer can come whenever it likes.
        var (asked, dropped, held) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        tab.Page.RequestFailed += (_, request) => dropped.TrySetResult();
        await tab.Page.RouteAsync("**/alerts/backtest", async route =>
        {
            if (!asked.TrySetResult()) await route.ContinueAsync();
            else await held.Task;
        });
        await tab.Page.Locator(Threshold).FillAsync("50");
        await asked.Task.WaitAsync(Patience);
        await tab.Page.Locator(Threshold).FillAsync("120");
        await dropped.Task.WaitAsync(Patience);
        await tab.Shows(".trial-count", "Would not have fired.");
        held.SetResult();
        await tab.Shows(".trial-near", "Highest: 120.0 km/h, 0 km/h away.");
    }

    [Fact]
    public async Task What_is_wrong_stands_at_its_field_and_a_change_of_somebody_else_is_said_plainly()
    {
        var id = await fixture.VehicleId("taxi");
        var rule = await fixture.AddRule("Warm", id, """{"signal":"vehicle_speed","above":150,"clear":145}""");
        await using var tab = await browser.Open(_server, $"alerts.html?vehicle_id={id}#rule={rule}");
        await tab.Page.Locator(Threshold).FillAsync("300");
        await tab.Page.Locator(".form-actions .button-main").ClickAsync();
        await Assertions.Expect(tab.Page.Locator(Threshold)).ToBeFocusedAsync();
        await Assertions.Expect(tab.Page.Locator(Threshold)).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(tab.Page.Locator("p.field-error")).ToContainTextAsync("vehicle_speed never has such a value");
        await tab.Page.Locator(Threshold).FillAsync("140");
        await Assertions.Expect(tab.Page.Locator("p.field-error")).ToHaveCountAsync(0);
        await tab.Page.Locator(".form-actions .button-main").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("[data-field='when[0].clear']")).ToHaveAttributeAsync("aria-invalid", "true");
        await tab.Page.Locator("[data-field='when[0].clear']").FillAsync("130");

        using (var other = await _server.Http.PutAsJsonAsync($"/alerts/rules/{rule}", new { version = 1, name = "Warmer", vehicles = new[] { id }, when = new[] { new { signal = "vehicle_speed", above = 155 } } })) other.EnsureSuccessStatusCode();
        await tab.Page.Locator(".form-actions .button-main").ClickAsync();
        await tab.Shows(".rule-form > .form-problem", "Somebody else has changed this rule in the meantime. Load their version, or save again to replace it.");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Load their version" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator(Threshold)).ToHaveValueAsync("155");
        await tab.Page.Locator(".form-actions .button-main").ClickAsync();
        await Assertions.Expect(tab.Page.Locator($"[data-rule='{rule}'] .rule-name")).ToBeFocusedAsync();
        await tab.Shows($"[data-rule='{rule}'] .rule-text", "Speed above 155 km/h");
    }

    [Fact]
    public async Task Every_kind_of_condition_can_be_said()
    {
        var id = await fixture.VehicleId("taxi");
        await using var tab = await browser.Open(_server, $"alerts.html?vehicle_id={id}#new");
        await Assertions.Expect(tab.Page.Locator(".line-grip")).ToBeVisibleAsync();
        foreach (var (verb, sentence) in new[] { ("below", "Coolant below 5 °C for 10 s"), ("rises", "Coolant rises by 5 °C within 1 min for 10 s"), ("falls", "Coolant falls by 5 °C within 1 min for 10 s"), ("steady", "Coolant does not change for 10 s") })
        {
            await tab.Page.Locator("[data-list=when] select").Nth(1).SelectOptionAsync(verb);
            if (verb != "steady") await tab.Page.Locator($"[data-field='when[0].{verb}']").FillAsync("5");
            await Says(sentence);
        }

        foreach (var (subject, verb, sentence) in new[] { ("@vehicle", "running", "The vehicle is running"), ("@engine", "off", "The engine is off"), ("@time", "between", "Between 22:00 and 06:00") })
        {
            await tab.Page.Locator("[data-list=when] select").Nth(0).SelectOptionAsync(subject);
            await tab.Page.Locator("[data-list=when] select").Nth(1).SelectOptionAsync(verb);
            await Says(sentence + " for 10 s");
        }

        await tab.Page.Locator(".clause-add").Nth(1).ClickAsync();
        await Says("Between 22:00 and 06:00 for 10 s, only judged while the engine is on");
        await tab.Page.Locator(".form-actions .button-main").ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".rule-name:focus")).ToHaveTextAsync("Between 22:00 and 06:00");
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.Page.Locator(".button-danger").ClickAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Really delete?" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".rule-name", new() { HasTextString = "Between 22:00" })).ToHaveCountAsync(0);

        // What was chosen is what the sentence of the rule says.
        Task Says(string sentence) => Eventually.Holds($"the rule says {sentence}", async () => await tab.Page.Locator("rule-editor").EvaluateAsync<string>("""
            async (editor) => {
              const { ruleText } = await import('./js/alerts/rule-words.js');
              return ruleText({ ...editor.querySelector('rule-sentence').parts });
            }
            """) == sentence);
    }

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
        await Assertions.Expect(fleet.Page.Locator(".fleet-nobody")).ToBeVisibleAsync();

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

    /// <summary>Without the rules of a test before, or of a new installation: their alerts are over, too.</summary>
    public async ValueTask InitializeAsync()
    {
        foreach (var rule in (await _server.Http.GetFromJsonAsync<JsonElement[]>("/alerts/rules"))!)
            (await _server.Http.DeleteAsync($"/alerts/rules/{rule.GetProperty("rule_id").GetInt32()}")).EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Goes on with the tab key until an element has the focus, as somebody without a mouse does.</summary>
    static async Task TabTo(Tab tab, string selector)
    {
        for (var i = 0; i < 80; i++)
        {
            await tab.Page.Keyboard.PressAsync("Tab");
            if (await tab.Page.EvaluateAsync<bool>("(selector) => document.activeElement?.matches(selector) === true", selector)) return;
        }

        Assert.Fail($"The tab key does not lead to {selector}.");
    }

    static ILocator Card(Tab tab, string signal) => tab.Page.Locator($"kpi-card[data-signal={signal}]");

    [GeneratedRegex("^([2-9]|1[0-9])$")]
    private static partial Regex Many();

    [GeneratedRegex(@"^drives\.html\?vehicle_id=\d+#t=\d{4}-\d\d-\d\dT")]
    private static partial Regex Moment();

    [GeneratedRegex("^Too fast above 150 km/h since \\d\\d:\\d\\d$")]
    private static partial Regex Sentence();

    [GeneratedRegex("Too fast, above 150 km/h since \\d\\d:\\d\\d$")]
    private static partial Regex Announced();
}
