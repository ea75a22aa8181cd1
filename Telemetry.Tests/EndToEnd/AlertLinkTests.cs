using System.Text.Json;
using Microsoft.Playwright;
using Telemetry.Tests.Alerts;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>The address of one alert on the page, which messages lead to.</summary>
[Collection(AlertPages.Name)]
public sealed class AlertLinkTests(Browser browser, AlertPageServer fixture) : IAsyncLifetime
{
    const string Marked = "[aria-current=true]";

    readonly Server _server = fixture.Server;

    [Fact]
    public async Task The_alert_of_a_link_is_marked_and_in_view_while_it_lasts_and_when_it_is_over()
    {
        var id = await fixture.VehicleId("coach");
        for (var i = 0; i < 12; i++) await fixture.AddRule($"Fast {i}", id, $$"""{"signal":"vehicle_speed","above":{{150 + i}}}""", i == 0 ? """,    "severity":"info" """ : "");
        await _server.Publish(("wican/coach/vehicle_speed", "170"));
        await Eventually.Holds("all have fired", async () => (await Open(id)).Length == 12);
        var last = (await Open(id)).Single(alert => alert.GetProperty("rule").GetString() == "Fast 0").GetProperty("alert_id").GetString();
        await using var tab = await browser.Open(_server, $"alerts.html#{last}");
        var row = tab.Page.Locator($"open-part .alert[data-alert='{last}']{Marked}");
        await Assertions.Expect(row).ToBeInViewportAsync(new() { Ratio = 1 });
        await Assertions.Expect(row).ToBeFocusedAsync();
        await Assertions.Expect(tab.Page.Locator($".alert{Marked}")).ToHaveCountAsync(1);
        await Axe.FindsNothing(tab, "an alert is marked");

        await _server.Publish(("wican/coach/vehicle_speed", "20"));
        await Assertions.Expect(tab.Page.Locator($"history-part .alert[data-alert='{last}']{Marked}")).ToBeInViewportAsync();
        await tab.Page.GetByText("Open", new() { Exact = true }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator($".alert{Marked}:visible")).ToHaveCountAsync(0);
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task An_alert_outside_the_list_is_shown_above_it_and_an_unknown_one_is_an_error()
    {
        var id = await fixture.VehicleId("shuttle");
        var rule = await fixture.AddRule("Toggles", id, """{"signal":"vehicle_speed","above":150}""");
        await _server.Publish([.. Enumerable.Range(0, 104).Select(i => ("wican/shuttle/vehicle_speed", i % 2 == 0 ? "151" : "20"))]);
        await Eventually.Holds("52 alerts are over", async () => (await _server.Alerts($"rule_id={rule}")).Count(alert => alert.GetProperty("state").GetString() == "cleared") == 52);
        var oldest = (await _server.Alerts($"rule_id={rule}"))[^1].GetProperty("alert_id").GetString();
        await using var tab = await browser.Open(_server, $"alerts.html#{oldest}");
        await Assertions.Expect(tab.Page.Locator($".history-linked .alert[data-alert='{oldest}']{Marked}")).ToBeInViewportAsync();
        await Assertions.Expect(tab.Page.Locator(".history-linked > h2")).ToHaveTextAsync("The alert of the link");
        await Assertions.Expect(tab.Page.Locator("history-part > alert-list .alert")).ToHaveCountAsync(50);
        await Axe.FindsNothing(tab, "an alert stands above the list");
        await tab.Page.ClickAsync(".history-foot .button >> nth=0");
        await Assertions.Expect(tab.Page.Locator($"history-part > alert-list .alert[data-alert='{oldest}']{Marked}")).ToBeAttachedAsync();
        await Assertions.Expect(tab.Page.Locator(".history-linked")).ToBeHiddenAsync();

        await tab.Page.EvaluateAsync("(hash) => { location.hash = hash; }", Guid.CreateVersion7().ToString());
        await tab.Shows("open-part .part-note", "There is no such alert any more, or it is about a vehicle that you may not see.");
        tab.Errors.Should().OnlyContain(error => error.Contains("404"));
    }

    public async ValueTask InitializeAsync() => await fixture.DeleteRules();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    Task<JsonElement[]> Open(int vehicleId) => _server.Alerts($"state=open&vehicle_id={vehicleId}");
}
