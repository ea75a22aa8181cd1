using Microsoft.Playwright;

namespace Telemetry.Tests.Support;

/// <summary>axe-core, with the rules of WCAG 2.2 AA and its own good practice.</summary>
static class Axe
{
    const string Rules = "{ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }";

    /// <summary>Finds nothing on the page as it stands, light and dark.</summary>
    public static async Task FindsNothing(Tab tab, string when)
    {
        await tab.Page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(Repository.Top, "node_modules/axe-core/axe.min.js")));
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await tab.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            var findings = await tab.Page.EvaluateAsync<string[]>($$"""
                async () => (await axe.run(document, {{Rules}})).violations.flatMap(({ id, nodes }) => nodes.map(({ target, any }) => `${id}: ${target} ${any.map(({ message }) => message)}`))
                """);
            findings.Should().BeEmpty($"{when}, {scheme}");
        }
    }
}
