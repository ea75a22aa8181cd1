using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>The editor of rules: a rule as a sentence, tried on what is stored, its threshold a line in the chart.</summary>
[Collection(AlertPages.Name)]
public sealed partial class RuleEditorTests(Browser browser, AlertPageServer fixture) : IAsyncLifetime
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
    public async Task A_new_rule_begins_with_a_signal_that_the_vehicle_sends_by_its_name()
    {
        await _server.Publish(("wican/leaf/soc", "64"), ("wican/leaf/soc", "63"));
        await Eventually.Holds("the vehicle has a value", async () => (await _server.Http.GetStringAsync($"/signals?vehicle_id={await fixture.VehicleId("leaf")}")).Contains("soc", StringComparison.Ordinal));
        await using var tab = await browser.Open(_server, $"alerts.html?vehicle_id={await fixture.VehicleId("leaf")}#rules");
        await Assertions.Expect(tab.Page.Locator("[data-preset=charge_low]")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.Locator(".preset-text").First).ToContainTextAsync("Charge below 20 %");
        await tab.Page.EvaluateAsync("() => { location.hash = '#new'; }");
        await Assertions.Expect(tab.Page.Locator("rule-sentence select").First).ToHaveValueAsync("soc");
        await Assertions.Expect(tab.Page.Locator("rule-sentence select").First.Locator("option:checked")).ToHaveTextAsync("Charge");
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
    public async Task An_error_is_shown_at_its_field_and_a_conflicting_change_is_named()
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
        await tab.Shows(".rule-form > .form-problem", "This rule has been changed elsewhere in the meantime. Load the newer version, or save again to replace it.");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Load the newer version" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator(Threshold)).ToHaveValueAsync("155");
        await tab.Page.Locator(".form-actions .button-main").ClickAsync();
        await Assertions.Expect(tab.Page.Locator($"[data-rule='{rule}'] .rule-name")).ToBeFocusedAsync();
        await tab.Shows($"[data-rule='{rule}'] .rule-text", "Speed above 155 km/h");
    }

    [Fact]
    public async Task Every_kind_of_condition_can_be_set()
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

    public async ValueTask InitializeAsync() => await fixture.DeleteRules();

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

    [GeneratedRegex("^([2-9]|1[0-9])$")]
    private static partial Regex Many();

    [GeneratedRegex(@"^drives\.html\?vehicle_id=\d+#t=\d{4}-\d\d-\d\dT")]
    private static partial Regex Moment();
}
