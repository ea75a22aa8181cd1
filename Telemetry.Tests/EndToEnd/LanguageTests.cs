using Microsoft.Playwright;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

public class LanguageTests(Browser browser)
{
    /// <summary>The texts of a language, by their keys.</summary>
    const string Book = """
        const bookOf = async (language) => Object.assign({}, ...(await Promise.all(['', 'drives-', 'alerts-', 'rules-', 'channels-', 'forecasts-', 'analytics-', 'settings-', 'signals-', 'fleet-', 'entry-', 'trips-']
          .map((name) => import(`./js/words/${name}${language}.js`)))).map((module) => module.default));
        """;

    /// <summary>Every text, name and hint on the page that is in the dictionary of another language and not in its own. Names of rules are data.</summary>
    const string Foreign = $$"""
        async (own) => {
          {{Book}}
          const texts = async (language) => Object.values(await bookOf(language)).filter((text) => !text.includes('{'));
          const mine = new Set(await texts(own));
          const others = Object.keys((await import('./js/app/languages.js')).LANGUAGES).filter((language) => language !== own);
          const theirs = new Set((await Promise.all(others.map(texts))).flat().filter((text) => !mine.has(text)));
          const said = [...document.querySelectorAll('body *')].filter((element) => !element.closest('noscript, language-switch, .rule-name'))
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
        await Speaks(tab, "fr");

        await Open("analytics.html?vehicle_id=1");
        await tab.Shows(Places.Chart("rpm"), "900 tr/min");
        await Speaks(tab, "fr");
        await Open("analytics.html?vehicle_id=1&from=2026-11-01T10:00:00Z&to=2026-11-01T09:00:00Z");
        await tab.Shows("range-status .range-text", "Pas de réponse pour cette période : Le serveur a répondu 400.");
        await Speaks(tab, "fr");

        await Open("fleet.html");
        await tab.Shows("fleet-count", "2 sur 2 en marche");
        await Speaks(tab, "fr");
        await tab.Page.Locator("language-switch select").SelectOptionAsync("en");
        await tab.Shows("fleet-count", "2 of 2 running");
        await Speaks(tab, "en");

        await server.Import([.. Enumerable.Range(0, 60).Select(i => (DateTime.UtcNow.AddDays(-1).AddSeconds(i), "default", "vehicle_speed", (double)i))]);
        await Open("drives.html?vehicle_id=1");
        await Assertions.Expect(tab.Page.Locator(".drive").First).ToBeVisibleAsync();
        await Speaks(tab, "en");

        await Open("trips.html?vehicle_id=1");
        await Assertions.Expect(tab.Page.Locator(".trip-list .trip-link").First).ToBeVisibleAsync();
        await Speaks(tab, "en");

        // The choice is kept for the other pages.
        await Open("?vehicle_id=1");
        await tab.Shows(Places.State, "Running");
        await Speaks(tab, "en");

        Task Open(string page) => tab.Page.GotoAsync(new Uri(server.Address, page).AbsoluteUri);
    }

    [Theory]
    [InlineData("de-DE", "In Betrieb", "65,5 km/h", "900 1/min")]
    [InlineData("es-ES", "En marcha", "65,5 km/h", "900 r/min")]
    public async Task All_pages_have_German_and_Spanish_texts(string locale, string state, string speed, string engine)
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.Publish(("wican/rpm", "900.4"), ("wican/vehicle_speed", "65.5"), ("wican/soc", "80"), ("wican/van/rpm", "1"));
        await server.Import([.. Enumerable.Range(0, 60).Select(i => (DateTime.UtcNow.AddDays(-1).AddSeconds(i), "default", "vehicle_speed", (double)i))]);
        var language = locale[..2];
        await using var tab = await browser.Open(server, "?vehicle_id=1", with: settings => settings.Locale = locale);
        await tab.Shows(Places.State, state);
        await tab.Shows(Places.Card("vehicle_speed"), speed);
        await Speaks(tab, language);
        foreach (var (page, part) in new[]
        {
            ("analytics.html", ".chart-unit"), ("fleet.html", ".fleet-row"), ("drives.html", ".drive"), ("alerts.html", ".alerts-parts label"), ("alerts.html?tab#rules", "rules-part .part-title"),
            ("alerts.html?tab#new", "rule-editor .clause"), ("alerts.html?tab#channels", "channels-part .channel-name"), ("settings.html", ".unit-row"), ("trips.html?vehicle_id=1", ".trip-list .trip-link"), ("none.html", ".missing-links"),
        })
        {
            await tab.Page.GotoAsync(new Uri(server.Address, page).AbsoluteUri, new() { WaitUntil = WaitUntilState.DOMContentLoaded });
            await Assertions.Expect(tab.Page.Locator(part).First).ToBeVisibleAsync();
            if (page == "analytics.html") await tab.Shows(Places.Chart("rpm"), engine);
            await Speaks(tab, language);
        }

        await tab.Page.GotoAsync(new Uri(server.Address, "settings.html").AbsoluteUri);
        await tab.Page.GetByText("Français").Last.ClickAsync();
        await Assertions.Expect(tab.Page.Locator("html")).ToHaveAttributeAsync("lang", "fr");
    }

    static async Task Speaks(Tab tab, string language)
    {
        await Assertions.Expect(tab.Page.Locator("html")).ToHaveAttributeAsync("lang", language);
        (await tab.Page.EvaluateAsync<string[]>(Foreign, language)).Should().BeEmpty();
    }

    [Fact]
    public async Task All_languages_have_the_same_texts_with_the_same_values_in_them()
    {
        await using var server = await Server.Start();
        await using var tab = await browser.Open(server);
        var words = await tab.Page.EvaluateAsync<string[][]>($$"""
            async () => {
              {{Book}}
              const languages = Object.keys((await import('./js/app/languages.js')).LANGUAGES);
              return Promise.all(languages.map(async (language) => Object.entries(await bookOf(language)).map(([key, text]) => `${key} ${(text.match(/\{\w+\}/g) ?? []).sort().join(' ')}`)));
            }
            """);
        words.Should().HaveCount(4);
        foreach (var others in words) others.Should().BeEquivalentTo(words[0]);
    }
}
