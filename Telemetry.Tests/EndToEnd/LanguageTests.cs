using Microsoft.Playwright;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

public class LanguageTests(Browser browser)
{
    /// <summary>Every text, name and hint on the page that is in the dictionary of the other language and not in its own.</summary>
    const string Foreign = """
        async ([own, other]) => {
          const bookOf = async (language) => Object.assign({}, ...(await Promise.all([language, `drives-${language}`, `alerts-${language}`, `rules-${language}`, `channels-${language}`, `forecasts-${language}`, `analytics-${language}`, `settings-${language}`, `signals-${language}`, `fleet-${language}`, `entry-${language}`, `trips-${language}`].map((name) => import(`./js/words/${name}.js`)))).map((module) => module.default));
          const book = async (language) => Object.values(await bookOf(language)).filter((text) => !text.includes('{'));
          const mine = new Set(await book(own));
          const theirs = new Set((await book(other)).filter((text) => !mine.has(text)));
          const said = [...document.querySelectorAll('body *')].filter((element) => !element.closest('noscript, language-switch'))
            .flatMap((element) => [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data.trim())
              .concat(['aria-label', 'title', 'placeholder'].map((name) => element.getAttribute(name)?.trim() ?? '')));
          return said.concat(document.title).filter((text) => theirs.has(text));
        }
        """;

    [Fact]
    public async Task Each_page_speaks_the_browsers_language_and_the_one_that_was_chosen()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.Publish(("wican/rpm", "900.4"), ("wican/vehicle_speed", "65.5"), ("wican/van/rpm", "1"));
        await using var tab = await browser.Open(server, "?vehicle_id=1", with: settings => settings.Locale = "fr-FR");
        await tab.Shows(Places.State, "En marche");
        await tab.Shows(Places.Card("vehicle_speed"), "65,5 km/h");
        await Speaks(tab, "fr", "en");

        await Open("analytics.html?vehicle_id=1");
        await tab.Shows(Places.Chart("rpm"), "900 tr/min");
        await Speaks(tab, "fr", "en");
        await Open("analytics.html?vehicle_id=1&from=2026-11-01T10:00:00Z&to=2026-11-01T09:00:00Z");
        await tab.Shows("range-status .range-text", "Pas de réponse pour cette période : Le serveur a répondu 400.");
        await Speaks(tab, "fr", "en");

        await Open("fleet.html");
        await tab.Shows("fleet-count", "2 sur 2 en marche");
        await Speaks(tab, "fr", "en");
        await tab.Page.Locator("language-switch button").ClickAsync();
        await tab.Shows("fleet-count", "2 of 2 running");
        await Speaks(tab, "en", "fr");

        await server.Import([.. Enumerable.Range(0, 60).Select(i => (DateTime.UtcNow.AddDays(-1).AddSeconds(i), "default", "vehicle_speed", (double)i))]);
        await Open("drives.html?vehicle_id=1");
        await Assertions.Expect(tab.Page.Locator(".drive").First).ToBeVisibleAsync();
        await Speaks(tab, "en", "fr");

        await Open("trips.html?vehicle_id=1");
        await Assertions.Expect(tab.Page.Locator(".trip-list .trip-link").First).ToBeVisibleAsync();
        await Speaks(tab, "en", "fr");

        // The choice is kept for the other pages.
        await Open("?vehicle_id=1");
        await tab.Shows(Places.State, "Running");
        await Speaks(tab, "en", "fr");

        Task Open(string page) => tab.Page.GotoAsync(new Uri(server.Address, page).AbsoluteUri);
    }

    static async Task Speaks(Tab tab, string language, string other)
    {
        await Assertions.Expect(tab.Page.Locator("html")).ToHaveAttributeAsync("lang", language);
        (await tab.Page.EvaluateAsync<string[]>(Foreign, new[] { language, other })).Should().BeEmpty();
    }

    [Fact]
    public async Task Both_languages_say_the_same_things()
    {
        await using var server = await Server.Start();
        await using var tab = await browser.Open(server);
        var words = await tab.Page.EvaluateAsync<string[][]>("""
            () => Promise.all(['en', 'fr'].map(async (language) => (await Promise.all([language, `drives-${language}`, `alerts-${language}`, `rules-${language}`, `channels-${language}`, `forecasts-${language}`, `analytics-${language}`, `settings-${language}`, `signals-${language}`, `fleet-${language}`, `entry-${language}`, `trips-${language}`].map((name) => import(`./js/words/${name}.js`))))
              .flatMap((module) => Object.entries(module.default))
              .map(([key, text]) => `${key} ${(text.match(/\{\w+\}/g) ?? []).sort().join(' ')}`)))
            """);
        words[1].Should().BeEquivalentTo(words[0]);
    }
}
