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
        await server.Publish(("wican/rpm", "2500"), ("wican/vehicle_speed", "65.5"));
        var tab = await browser.Open(server, before: before);
        await tab.Shows(Places.Card("rpm"), "2500 rpm");
        await tab.Shows(Places.Card("vehicle_speed"), "65.5 km/h");
        return tab;
    }

    [Fact]
    public async Task Without_its_server_the_page_shows_no_state_and_reconnects_by_itself()
    {
        await using var tab = await OpenAndLoseServer(before: "Math.random = () => 0.9999");
        await Assertions.Expect(tab.Page.Locator(Places.Link)).ToHaveTextAsync(ReconnectingInSeconds());
        await tab.Shows(Places.State, "Unknown");
        await tab.Shows(Places.Card("rpm"), "2500 rpm");

        // A second server knows the values from the store alone.
        await using var server = await StartServer();
        await tab.Shows(Places.Link, "Connected");
        await tab.Shows(Places.State, "Parked");
        await tab.Shows(Places.Card("rpm"), "2500 rpm");
        await tab.Shows(Places.Card("vehicle_speed"), "65.5 km/h");
        (await tab.Text(Places.LastValue)).Should().StartWith("Parked since ");

        await server.Publish(("wican/rpm", "900"));
        await tab.Shows(Places.State, "Running");
        await tab.Shows(Places.Card("rpm"), "900 rpm");
        tab.Console.Count(line => line == "✅ WebSocket connecté").Should().Be(2);
    }

    [Fact]
    public async Task A_page_that_is_visible_again_does_not_wait()
    {
        // The longest wait that chance can give.
        await using var tab = await OpenAndLoseServer(before: "Math.random = () => 0.9999");
        await Assertions.Expect(tab.Page.Locator(Places.Link)).ToHaveTextAsync("Reconnecting in 10 s");
        var clock = Stopwatch.StartNew();
        await tab.Hide(true);
        await using var server = await StartServer();
        await tab.Hide(false);
        await tab.Shows(Places.Link, "Connected");
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(5));
        await tab.Shows(Places.State, "Parked");
    }

    [Fact]
    public async Task Waits_are_left_to_chance_and_grow_so_that_a_server_never_meets_all_its_pages_at_once()
    {
        await using var server = await StartServer();
        await using var tab = await browser.Open(server);
        var waits = await tab.Page.EvaluateAsync<double[][]>("""
            async () => {
              const { Backoff } = await import('./js/app/backoff.js');
              const pages = Array.from({ length: 500 }, () => new Backoff());
              return Array.from({ length: 4 }, () => pages.map((page) => page.next()));
            }
            """);
        double[] limits = [10_000, 20_000, 30_000, 30_000];
        foreach (var (wait, limit) in waits.Zip(limits))
        {
            wait.Should().OnlyContain(milliseconds => milliseconds >= 0 && milliseconds < limit);
            for (var tenth = 0; tenth < 10; tenth++)
                wait.Count(milliseconds => milliseconds >= limit * tenth / 10 && milliseconds < limit * (tenth + 1) / 10).Should().BeInRange(20, 90, "no moment is preferred");
        }
    }

    [GeneratedRegex(@"^Reconnecting in \d+ s$")]
    private static partial Regex ReconnectingInSeconds();
}
