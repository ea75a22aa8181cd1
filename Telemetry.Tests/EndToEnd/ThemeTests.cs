using Microsoft.Playwright;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

public class ThemeTests(Browser browser)
{
    const string Button = "theme-switch button";

    static Task<string> Paper(Tab tab) => tab.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");

    static Task<string> Drawing(Tab tab) => tab.Page.Locator("signal-chart[data-chart=rpm] canvas").EvaluateAsync<string>("canvas => canvas.toDataURL()");

    [Fact]
    public async Task A_page_is_light_or_dark_as_the_system_or_as_chosen_and_so_are_its_charts()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.Publish(("wican/rpm", "900"));
        await using var tab = await browser.Open(server, "analytics.html");
        await tab.Shows(Places.Chart("rpm"), "900 rpm");
        await Assertions.Expect(tab.Page.Locator("signal-chart[data-chart=rpm] canvas")).ToBeVisibleAsync();
        var (light, drawn) = (await Paper(tab), await Drawing(tab));
        await tab.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        var dark = await Paper(tab);
        dark.Should().NotBe(light);
        await Eventually.Holds("the charts are drawn for the dark", async () => await Drawing(tab) != drawn);

        await tab.Page.Locator(Button).ClickAsync();
        (await Paper(tab)).Should().Be(light, "it was chosen");
        await tab.Page.ReloadAsync();
        await Assertions.Expect(tab.Page.Locator(Button)).ToHaveAccessibleNameAsync("Colours: light");
        (await Paper(tab)).Should().Be(light);
        await tab.Page.Locator(Button).ClickAsync();
        await tab.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        (await Paper(tab)).Should().Be(dark);
        await tab.Page.Locator(Button).ClickAsync();
        (await Paper(tab)).Should().Be(light, "as the system has it again");
    }
}
