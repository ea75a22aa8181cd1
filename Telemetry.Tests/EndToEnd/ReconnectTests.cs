using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

public sealed partial class ReconnectTests(Browser browser) : IDisposable
{
    readonly TempFolder _folder = new();
    readonly int _port = Ports.Free();

    public void Dispose() => _folder.Dispose();

    Task<Server> StartServer() => Server.Start($"Urls=http://127.0.0.1:{_port}", $"History:SqlitePath={_folder["same.db"]}");

    async Task<Tab> OpenAndLoseServer(string? before = null)
    {
        await using var server = await StartServer();
        var tab = await browser.Open(server, before: before);
        await server.Publish(("wican/rpm", "2500"), ("wican/vehicle_speed", "65.5"));
        await tab.Shows(Places.Card("rpm"), "2500 rpm");
        await tab.Shows(Places.Card("vehicle_speed"), "65.5 km/h");
        return tab;
    }

    [Fact]
    public async Task Without_its_server_the_page_knows_nothing_and_comes_back_by_itself()
    {
        await using var tab = await OpenAndLoseServer();
        await Assertions.Expect(tab.Page.Locator(Places.Link)).ToHaveTextAsync(ReconnectingInSeconds());
        await tab.Shows(Places.State, "Unknown");
        await tab.Shows(Places.Card("rpm"), "2500 rpm");

        // A second server knows the values from the store alone. The page waits 5 s, give or take one.
        await using var server = await StartServer();
        await Assertions.Expect(tab.Page.Locator(Places.Link)).ToHaveTextAsync("Connected", new LocatorAssertionsToHaveTextOptions { Timeout = 8000 });
        await tab.Shows(Places.State, "Offline");
        await tab.Shows(Places.Card("rpm"), "2500 rpm");
        await tab.Shows(Places.Card("vehicle_speed"), "65.5 km/h");
        (await tab.Text(Places.LastValue)).Should().StartWith("Last value · ");

        await server.Publish(("wican/rpm", "900"));
        await tab.Shows(Places.State, "Running");
        await tab.Shows(Places.Card("rpm"), "900 rpm");
        tab.Console.Count(line => line == "✅ WebSocket connecté").Should().Be(2);
    }

    [Fact]
    public async Task Somebody_who_looks_at_the_page_again_does_not_wait()
    {
        // The longest wait that chance can give: 6 s.
        await using var tab = await OpenAndLoseServer(before: "Math.random = () => 0.9999");
        await tab.Shows(Places.State, "Unknown");
        var clock = Stopwatch.StartNew();
        await Turn(tab, hidden: true);
        await using var server = await StartServer();
        await Turn(tab, hidden: false);
        await tab.Shows(Places.Link, "Connected");
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(5));
        await tab.Shows(Places.State, "Offline");
    }

    // A headless tab is never hidden by another.
    static async Task Turn(Tab tab, bool hidden) => await tab.Page.EvaluateAsync("""
        (hidden) => {
          Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        }
        """, hidden);

    [GeneratedRegex(@"^Reconnecting in [1-6] s$")]
    private static partial Regex ReconnectingInSeconds();
}
