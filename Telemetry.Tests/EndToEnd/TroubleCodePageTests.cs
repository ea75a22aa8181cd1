using Microsoft.Playwright;
using Telemetry.Tests.Support;
using Telemetry.Tests.TroubleCodes;

namespace Telemetry.Tests.EndToEnd;

/// <summary>Trouble codes on the dashboard: a list where there are some, nothing where there are none.</summary>
public class TroubleCodePageTests(Browser browser)
{
    [Theory]
    [InlineData("en-US", "Trouble codes", "stored · last seen", "No published description")]
    [InlineData("fr-FR", "Codes défaut", "mémorisé · vu le", "Sans description publiée")]
    public async Task Codes_are_shown_below_the_readings_in_both_languages(string locale, string title, string kind, string unknown)
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.Publish(("wican/rpm", "900"), ("wican/car7/rpm", "800"), ("wican/car7/can/rx", Answers.Of(0x7E8, "43 02 03 01 12 34")));
        await using var tab = await browser.Open(server, "?vehicle_id=2", with: settings => settings.Locale = locale);
        var section = tab.Page.GetByRole(AriaRole.Region, new() { Name = title });
        await Assertions.Expect(section.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        await Assertions.Expect(section.GetByRole(AriaRole.Listitem).First).ToContainTextAsync("P0301");
        await Assertions.Expect(section.GetByRole(AriaRole.Listitem).First.Locator("[lang=en]")).ToHaveTextAsync("Cylinder 1 misfire detected");
        await Assertions.Expect(section.GetByRole(AriaRole.Listitem).First).ToContainTextAsync(kind);
        await Assertions.Expect(section.GetByRole(AriaRole.Listitem).Last).ToContainTextAsync(unknown);
        foreach (var width in new[] { 320, 1440 })
        {
            await tab.Page.SetViewportSizeAsync(width, 900);
            await Axe.FindsNothing(tab, $"{width} px");
        }

        await tab.Page.Locator("vehicle-switch select").SelectOptionAsync("1");
        await Assertions.Expect(section).ToBeHiddenAsync();
        tab.Errors.Should().BeEmpty();
    }
}
