using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Telemetry.Api.Push;
using Telemetry.Tests.Notify;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>Web Push in the real Chromium, by a push service without the internet.</summary>
public sealed class PushPageTests : IDisposable
{
    const string Card = "push-card";
    const string On = "push-card .button-main";

    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_subscribed_page_is_notified_of_an_alert_and_its_end_while_it_is_closed()
    {
        await using var service = await PushService.Start();
        await using var server = await Server.Start(service.Connect, [.. AlertRig.AtOnce, "Alerts:Channels:phone:Push=true", "Alerts:Channels:phone:Every=0"]);
        await server.Http.AddRule("""[{"to":["phone"]}]""", severity: "critical");
        await using var chromium = await PushChromium.Start(service, _folder.Path, server.Address);
        var page = await chromium.Open("alerts.html#channels");
        await Assertions.Expect(page.Locator(Card)).ToHaveAttributeAsync("data-push", "off");
        await page.ClickAsync(On);
        await Assertions.Expect(page.Locator(Card)).ToHaveAttributeAsync("data-push", "on");
        await Assertions.Expect(page.Locator($"{Card} .channel-text")).ToContainTextAsync("phone");
        server.Service<PushSubscribers>().Valid.Single().Endpoint.Should().StartWith("https://jmt17.google.com/fcm/send/");

        // A page of another site keeps the browser open.
        var elsewhere = await chromium.Open("health/live");
        await page.CloseAsync();
        await server.Publish(("wican/coolant_temperature", "106"));
        var fired = await chromium.Shows("the alert");
        await server.Publish(("wican/coolant_temperature", "99"));
        var over = await chromium.Shows("its end, in its place");
        over.GetProperty("title").GetString().Should().StartWith("Over: ");
        fired.GetProperty("title").GetString().Should().Be("Hot · vehicle 1");
        fired.GetProperty("body").GetString().Should().StartWith("Coolant 106 °C, above 105 °C since ");
        over.GetProperty("tag").GetString().Should().Be(fired.GetProperty("tag").GetString());
        fired.GetProperty("action").GetString().Should().Be("Acknowledge");

        (await chromium.Click()).Should().Be(new Uri(server.Address, $"alerts.html#{over.GetProperty("tag").GetString()}").AbsoluteUri);

        // What cannot be decrypted is shown by nobody, and what can be but says nothing is told.
        var endpoint = server.Service<PushSubscribers>().Valid.Single().Endpoint;
        await service.SendRaw(endpoint, new byte[200]);
        await chromium.Deliver("no JSON");
        (await chromium.Notification()).GetProperty("tag").GetString().Should().Be("unreadable");
        (await chromium.Click()).Should().Be(new Uri(server.Address, "alerts.html").AbsoluteUri);
        await elsewhere.CloseAsync();
    }

    [Fact]
    public async Task The_button_of_a_notification_acknowledges_and_the_icon_has_the_number_of_open_alerts()
    {
        await using var service = await PushService.Start();
        await using var server = await Server.Start(service.Connect, [.. AlertRig.AtOnce, "Alerts:Channels:phone:Push=true", "Alerts:Channels:phone:Every=0"]);
        await server.Http.AddRule("""[{"to":["phone"]}]""");
        await using var chromium = await PushChromium.Start(service, _folder.Path, server.Address);
        var page = await chromium.Open("alerts.html#channels");
        await page.ClickAsync(On);
        await Assertions.Expect(page.Locator(Card)).ToHaveAttributeAsync("data-push", "on");
        await chromium.Worker("() => { navigator.setAppBadge = async (count) => { self.badge = count; }; }");
        await server.Publish(("wican/coolant_temperature", "106"));
        await chromium.Shows("the alert");
        await Eventually.Holds("the icon has one open alert", async () => await chromium.Worker("() => self.badge") == "1");
        await chromium.Click("ack");
        await Eventually.Holds("the alert is acknowledged", async () => (await server.Http.GetFromJsonAsync<JsonElement>("/alerts"))[0].GetProperty("state").GetString() == "acked");

        // The browser ends its subscription, and makes another.
        var before = server.Service<PushSubscribers>().Valid.Single().Endpoint;
        await chromium.Worker("""
            async () => {
              const oldSubscription = await registration.pushManager.getSubscription();
              await oldSubscription.unsubscribe();
              dispatchEvent(Object.assign(new ExtendableEvent('pushsubscriptionchange'), { oldSubscription, newSubscription: null }));
            }
            """);
        await Eventually.Holds("the server knows the new one alone", () => server.Service<PushSubscribers>().Valid is [var only] && only.Endpoint != before);
    }

    [Fact]
    public async Task A_new_key_of_the_server_and_a_lost_subscription_are_made_good_when_a_page_starts()
    {
        await using var service = await PushService.Start();
        await using var chromium = await PushChromium.Start(service, _folder.Path, new Uri($"http://localhost:{Ports.Free()}/"));
        string[] settings = [$"Urls=http://localhost:{chromium.Address.Port}", "Alerts:Channels:phone:Push=true"];
        string first;
        await using (var server = await Server.Start(service.Connect, settings))
        {
            var page = await chromium.Open("alerts.html#channels");
            await page.ClickAsync(On);
            await Assertions.Expect(page.Locator(Card)).ToHaveAttributeAsync("data-push", "on");
            first = server.Service<PushSubscribers>().Valid.Single().Endpoint;
            await page.EvaluateAsync("async () => (await (await navigator.serviceWorker.ready).pushManager.getSubscription()).unsubscribe()");
            await page.GotoAsync(chromium.Address.AbsoluteUri);
            await Eventually.Holds("another one is made, and the server knows no other", () => server.Service<PushSubscribers>().Valid is [var only] && only.Endpoint != first);
            first = server.Service<PushSubscribers>().Valid.Single().Endpoint;
            await page.CloseAsync();
        }

        // Its database is lost, and with it the key.
        await using var later = await Server.Start(service.Connect, settings);
        var again = await chromium.Open("alerts.html#channels");
        await Assertions.Expect(again.Locator(Card)).ToHaveAttributeAsync("data-push", "on");
        later.Service<PushSubscribers>().Valid.Single().Endpoint.Should().NotBe(first);
        await again.ClickAsync($"{Card} [aria-label='Send a test to this browser']");
        await Assertions.Expect(again.Locator($"{Card} .channel-result")).ToHaveTextAsync("Sent. It should be here in a moment.");
        (await chromium.Shows("the test")).GetProperty("title").GetString().Should().Be("Test");

        service.Then(410);
        await again.ClickAsync($"{Card} [aria-label='Send a test to this browser']");
        await Assertions.Expect(again.Locator($"{Card} .channel-result")).ToContainTextAsync("410");
        later.Service<PushSubscribers>().Valid.Should().BeEmpty();
        await again.ClickAsync($"{Card} .button:not(.button-main):last-child");
        await Assertions.Expect(again.Locator(Card)).ToHaveAttributeAsync("data-push", "off");
    }

    [Fact]
    public async Task A_service_worker_that_is_installed_late_is_still_used()
    {
        await using var service = await PushService.Start();
        await using var server = await Server.Start(service.Connect, "Alerts:Channels:phone:Push=true");
        await using var chromium = await PushChromium.Start(service, _folder.Path, server.Address);
        // The page's patience of 10 s is over at once.
        await chromium.OnEachPage("{ const real = setTimeout; globalThis.setTimeout = (work, time, ...more) => real(work, time === 10_000 ? 0 : time, ...more); }");
        var page = await chromium.Open("alerts.html#channels");
        await page.ClickAsync(On);
        await Assertions.Expect(page.Locator(Card)).ToHaveAttributeAsync("data-push", "on");
    }
}
