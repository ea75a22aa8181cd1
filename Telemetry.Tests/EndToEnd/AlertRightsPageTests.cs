using System.Text.Json;
using Microsoft.Playwright;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>The page of alerts for viewers of some vehicles.</summary>
public class AlertRightsPageTests(Browser browser)
{
    [Fact]
    public async Task A_user_without_all_vehicles_reads_their_rules_and_why_they_cannot_be_changed()
    {
        await using var server = await Server.Start(Jwt.On, "Alerts:Settle=00:00:00", "Presence:Timeout=01:00:00");
        using var all = new HttpClient { BaseAddress = server.Address, DefaultRequestHeaders = { Authorization = new("Bearer", Jwt.Token()) } };
        using (var added = await all.PostAsync("/alerts/rules", new StringContent("""{"name":"Turns","when":[{"signal":"rpm","above":1000}]}""", System.Text.Encoding.UTF8, "application/json"))) added.EnsureSuccessStatusCode();
        await server.Publish(("wican/van/rpm", "2000"), ("wican/rpm", "2000"));
        await using var tab = await browser.Open(server, "alerts.html?vehicle_id=2", with: settings => settings.StorageState = JsonSerializer.Serialize(new
        {
            cookies = new[] { new { name = "telemetry_token", value = Jwt.Token(vehicles: "[2]"), domain = server.Address.Host, path = "/", expires = -1, httpOnly = true, secure = false, sameSite = "Lax" } },
            origins = Array.Empty<object>(),
        }));
        await tab.Shows(".bell-count", "1");
        await Assertions.Expect(tab.Page.Locator(".alert-vehicle")).ToHaveTextAsync(["Vehicle 2"]);
        await tab.Page.Locator(".choice-one", new() { HasTextString = "Rules" }).ClickAsync();
        await tab.Shows("rules-part > .part-readonly", "You can read the rules. Only those who may see all vehicles can change them.");
        await Assertions.Expect(tab.Page.Locator(".switch input:not(:disabled)")).ToHaveCountAsync(0);
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Link, new() { Name = "New rule" })).ToBeHiddenAsync();
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Turns" }).ClickAsync();
        await tab.Shows(".form-actions .part-readonly", "You can read the rules. Only those who may see all vehicles can change them.");
        await Assertions.Expect(tab.Page.Locator(".form-actions .button")).ToHaveTextAsync(["Cancel"]);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await tab.Page.Locator(".choice-one", new() { HasTextString = "Open" }).ClickAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Acknowledge: Turns, Vehicle 2" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".alert-facts")).ToContainTextAsync("acknowledged by me");
        tab.Errors.Should().BeEmpty();
    }
}
