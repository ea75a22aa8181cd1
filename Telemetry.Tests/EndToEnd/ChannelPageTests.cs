using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Telemetry.Tests.Notify;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>The part of the alerts page that shows where alerts are sent.</summary>
public class ChannelPageTests(Browser browser)
{
    const string Card = "push-card";

    [Fact]
    public async Task Every_channel_can_be_tested_from_the_page()
    {
        await using var listener = await WebhookListener.Start();
        await using var mail = new MailServer();
        await using var server = await Server.Start($"Alerts:Channels:ops:Webhook={listener.Address}/hook", $"Alerts:Channels:mail:Smtp=smtp://127.0.0.1:{mail.Port}", "Alerts:Channels:mail:From=car@example.com",
            "Alerts:Channels:mail:To=me@example.com", $"Alerts:Channels:broken:Webhook=http://127.0.0.1:{Ports.Free()}", "Alerts:Channels:ha:Mqtt=telemetry/alerts");
        await using var tab = await browser.Open(server, "alerts.html");
        await tab.Page.GetByText("Channels", new PageGetByTextOptions { Exact = true }).ClickAsync();
        foreach (var (channel, result) in new[] { ("ops", "Delivered."), ("mail", "Delivered."), ("ha", "Delivered.") })
        {
            await tab.Page.ClickAsync($"[data-channel={channel}] button");
            await tab.Shows($"[data-channel={channel}] .channel-result", result);
        }

        await tab.Page.ClickAsync("[data-channel=broken] button");
        await Assertions.Expect(tab.Page.Locator("[data-channel=broken] .channel-result")).ToContainTextAsync("The message could not be delivered: 127.0.0.1 cannot be reached (");
        listener.Posts.Should().ContainSingle().Which.Json.GetProperty("title").GetString().Should().Be("Test");
        (await mail.Got(1))[0].Header("Subject").Should().Be("Test");
        await tab.Page.ReloadAsync();
        await Assertions.Expect(tab.Page.Locator("[data-channel=ops] .channel-text")).ToContainTextAsync("Webhook · last sent ");
        await Assertions.Expect(tab.Page.Locator("[data-channel=broken] .channel-text")).ToHaveTextAsync("Webhook · does not deliver");
        await Assertions.Expect(tab.Page.Locator("[data-channel=broken] .channel-reason")).ToContainTextAsync("cannot be reached");
        await Axe.FindsNothing(tab, "the channels are shown");
    }

    [Fact]
    public async Task A_rule_names_its_channels_on_the_page_and_keeps_its_later_steps()
    {
        await using var listener = await WebhookListener.Start();
        await using var server = await Server.Start([.. AlertRig.AtOnce, $"Alerts:Channels:ops:Webhook={listener.Address}", $"Alerts:Channels:night:Webhook={listener.Address}/night"]);
        var rule = await server.Http.AddRule("""[{"to":["night"],"repeat":600},{"after":900,"to":["ops"]}]""");
        await using var tab = await browser.Open(server, $"alerts.html#rule={rule}");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Group, new() { Name = "Notify at once" }).GetByRole(AriaRole.Checkbox, new() { Checked = true })).ToHaveCountAsync(1);
        await tab.Shows("[data-field=notify] .sentence-note", "Later steps of this rule (1) stay as they are.");
        await tab.Page.GetByRole(AriaRole.Checkbox, new() { Name = "ops" }).FocusAsync();
        await tab.Page.Keyboard.PressAsync("Space");
        await tab.Page.ClickAsync(".form-actions .button-main");
        await Assertions.Expect(tab.Page.Locator(".rule-name:focus")).ToBeVisibleAsync();
        (await Notify(server, rule)).Should().Be("""[{"to":["night","ops"],"repeat":600},{"after":900,"to":["ops"]}]""");

        await tab.Page.ClickAsync(".rule-name:focus");
        foreach (var channel in new[] { "ops", "night" }) await tab.Page.GetByRole(AriaRole.Checkbox, new() { Name = channel }).UncheckAsync();
        await tab.Page.ClickAsync(".form-actions .button-main");
        await Assertions.Expect(tab.Page.Locator(".rule-name:focus")).ToBeVisibleAsync();
        (await Notify(server, rule)).Should().Be("""[{"after":900,"to":["ops"]}]""");
        await Assertions.Expect(tab.Page.Locator($"[data-rule='{rule}'] .rule-facts")).ToContainTextAsync("notifies ops after 15 min");
        await Axe.FindsNothing(tab, "rules are shown");
    }

    [Fact]
    public async Task A_rule_without_a_channel_shows_a_note_that_links_to_the_channels()
    {
        await using var listener = await WebhookListener.Start();
        await using var server = await Server.Start([.. AlertRig.AtOnce, $"Alerts:Channels:ops:Webhook={listener.Address}"]);
        var rule = await server.Http.AddRule("""[{"to":["gone"]}]""");
        await using var tab = await browser.Open(server, $"alerts.html#rule={rule}");
        const string Note = "[data-field=notify] .sentence-note", None = "No notification is sent: the alert is on these pages only.";
        await tab.Shows(Note, None);
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Checkbox, new() { Name = "gone (not set up on the server)" })).ToBeCheckedAsync();
        await tab.Page.GetByRole(AriaRole.Checkbox, new() { Name = "ops" }).CheckAsync();
        await Assertions.Expect(tab.Page.Locator(Note)).ToBeHiddenAsync();
        await tab.Page.GetByRole(AriaRole.Checkbox, new() { Name = "ops" }).UncheckAsync();
        await tab.Shows(Note, None);
        await tab.Page.EvaluateAsync("location.hash = 'rules'");
        await Assertions.Expect(tab.Page.Locator($"[data-rule='{rule}'] .rule-facts")).ToContainTextAsync("notifies no one");

        await using var bare = await Server.Start();
        await using var other = await browser.Open(bare, "alerts.html#new");
        await Assertions.Expect(other.Page.Locator(Note)).ToContainTextAsync("No notification is sent, as the server has no channel");
        await other.Page.Locator(Note).GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(other.Page.Locator("channels-part .start-command")).ToContainTextAsync("--Alerts:Channels:me:Body=ntfy:my-cars-");
        await Axe.FindsNothing(other, "no channel is set up");
        await other.Page.GotoAsync(new Uri(bare.Address, "settings.html").AbsoluteUri);
        await other.Page.Locator("about-server").GetByRole(AriaRole.Link, new() { Name = "Channels" }).ClickAsync();
        await Assertions.Expect(other.Page.Locator("channels-part .start-command")).ToBeVisibleAsync();
    }

    static async Task<string> Notify(Server server, int rule) =>
        (await server.Http.GetFromJsonAsync<JsonElement>("/alerts/rules")).EnumerateArray().Single(item => item.GetProperty("rule_id").GetInt32() == rule).GetProperty("rule").GetProperty("notify").GetRawText();

    [Theory]
    [InlineData("insecure", "Object.defineProperty(window, 'isSecureContext', { value: false });")]
    [InlineData("ios", "Object.defineProperty(navigator, 'userAgent', { value: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)' });")]
    [InlineData("worker", "Object.defineProperty(navigator, 'serviceWorker', { value: undefined });")]
    [InlineData("unsupported", "delete window.PushManager;")]
    [InlineData("denied", "Object.defineProperty(Notification, 'permission', { value: 'denied' });")]
    [InlineData("channel", "")]
    public async Task A_subscription_that_fails_shows_the_reason(string obstacle, string before)
    {
        await using var server = await Server.Start();
        await using var tab = await browser.Open(server, "alerts.html#channels", before == "" ? null : before, context => context.ServiceWorkers = ServiceWorkerPolicy.Allow);
        await Assertions.Expect(tab.Page.Locator(Card)).ToHaveAttributeAsync("data-obstacle", obstacle);
        await tab.Hides($"{Card} .button-main");
        (await tab.Text($"{Card} .channel-text")).Should().NotBeEmpty().And.NotStartWith("push.");
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task A_browser_without_a_push_service_shows_that_and_offers_another_attempt()
    {
        await using var server = await Server.Start("Alerts:Channels:phone:Push=true");
        // Chromium subscribes in no private window, which the tests' pages have.
        await using var tab = await browser.Open(server, "alerts.html#channels", with: context => (context.ServiceWorkers, context.Permissions) = (ServiceWorkerPolicy.Allow, ["notifications"]));
        await Assertions.Expect(tab.Page.Locator(Card)).ToHaveAttributeAsync("data-push", "off");
        await tab.Page.ClickAsync($"{Card} .button-main");
        await Assertions.Expect(tab.Page.Locator(Card)).ToHaveAttributeAsync("data-obstacle", "service");
        (await tab.Text($"{Card} .channel-reason")).Should().NotBeEmpty();
        await Assertions.Expect(tab.Page.Locator($"{Card} .button-main")).ToBeEnabledAsync();
    }

    [Fact]
    public async Task A_first_visit_waits_for_its_worker()
    {
        await using var server = await Server.Start("Alerts:Channels:phone:Push=true");
        const string Slow = """
            const [register, ask] = [ServiceWorkerContainer.prototype.register, window.fetch];
            const asked = new Promise((done) => {
              window.fetch = async (...all) => {
                const answer = await ask(...all);
                if (String(all[0]).includes('push/key')) setTimeout(done, 100);
                return answer;
              };
            });
            ServiceWorkerContainer.prototype.register = async function (...all) {
              await asked;
              return register.apply(this, all);
            };
            """;
        await using var tab = await browser.Open(server, "alerts.html#channels", Slow, context => context.ServiceWorkers = ServiceWorkerPolicy.Allow);
        await Assertions.Expect(tab.Page.Locator(Card)).Not.ToHaveAttributeAsync("data-push", "unknown");
        (await tab.Page.GetAttributeAsync(Card, "data-obstacle")).Should().BeEmpty();
    }

    [Fact]
    public async Task The_icon_of_the_pages_has_the_number_of_open_alerts()
    {
        await using var server = await Server.Start(AlertRig.AtOnce);
        await server.Http.AddRule("[]");
        await server.Publish(("wican/coolant_temperature", "106"));
        await using var tab = await browser.Open(server, before: "window.badge = null; navigator.setAppBadge = async (count) => { window.badge = count; };");
        await Eventually.Holds("the icon has it", async () => await tab.Page.EvaluateAsync<int?>("() => window.badge") == 1);
        await server.Publish(("wican/coolant_temperature", "99"));
        await Eventually.Holds("the icon has none", async () => await tab.Page.EvaluateAsync<int?>("() => window.badge") == 0);
    }
}
