using System.Text.Json;
using Microsoft.Playwright;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>The pages as an installed app: without the network, after an update, and on a phone in its holder.</summary>
public sealed class AppTests(Browser browser) : IDisposable
{
    readonly TempFolder _folder = new();
    readonly int _port = Ports.Free();

    public void Dispose() => _folder.Dispose();

    static void WithWorker(BrowserNewContextOptions settings) => settings.ServiceWorkers = ServiceWorkerPolicy.Allow;

    static async Task<string[]> Kept(Tab tab) => await tab.Page.EvaluateAsync<string[]>("async () => (await caches.keys())");

    static async Task IsReady(Tab tab) => await tab.Page.EvaluateAsync("""
        async () => {
          await navigator.serviceWorker.ready;
          if (!navigator.serviceWorker.controller) await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done));
        }
        """);

    [Fact]
    public async Task It_can_be_installed_and_opens_without_its_server_with_the_last_values()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.Publish(("wican/vehicle_speed", "65.5"), ("wican/rpm", "2500"));
        await using var tab = await browser.Open(server, with: WithWorker);
        await IsReady(tab);
        var devTools = await tab.Page.Context.NewCDPSessionAsync(tab.Page);
        var manifest = (await devTools.SendAsync("Page.getAppManifest"))!.Value;
        manifest.GetProperty("errors").EnumerateArray().Should().BeEmpty();
        foreach (var icon in JsonDocument.Parse(manifest.GetProperty("data").GetString()!).RootElement.GetProperty("icons").EnumerateArray())
        {
            using var answer = await server.Http.GetAsync(icon.GetProperty("src").GetString());
            answer.Content.Headers.ContentType!.MediaType.Should().Be(icon.GetProperty("type").GetString());
        }

        await Eventually.Holds("Chromium would install it", async () =>
            (await devTools.SendAsync("Page.getInstallabilityErrors"))!.Value.GetProperty("installabilityErrors").EnumerateArray()
            // The tests' pages have a profile of their own, which Chromium takes for a private window.
            .All(error => error.GetProperty("errorId").GetString() == "in-incognito"));

        await tab.Shows(Places.Card("vehicle_speed"), "65.5 km/h");
        await server.Stop();
        await tab.Page.ReloadAsync();
        await tab.Shows(Places.Card("vehicle_speed"), "65.5 km/h");
        await tab.Shows(Places.Card("rpm"), "2500 rpm");
        await tab.Shows(Places.State, "Unknown");
        await Assertions.Expect(tab.Page.Locator(Places.LastValue)).ToContainTextAsync("Last value · ");
        await tab.Page.GotoAsync(new Uri(server.Address, "analytics.html").AbsoluteUri);
        await tab.Shows(Places.Chart("vehicle_speed"), "65.5 km/h");
        foreach (var page in new[] { "analytics.html?range=1h", "fleet.html", "drives.html", "alerts.html", "?vehicle_id=1" })
        {
            await tab.Page.GotoAsync(new Uri(server.Address, page).AbsoluteUri);
            await Assertions.Expect(tab.Page.Locator(Places.Link)).ToContainTextAsync("Reconnecting");
        }
    }

    [Fact]
    public async Task A_new_version_is_shown_at_once_and_is_the_one_without_the_server()
    {
        var pages = _folder["pages"];
        CopyPages(pages);
        using var first = await StartProcess(pages);
        await using var tab = await browser.Open(new Uri($"http://127.0.0.1:{_port}/"), with: WithWorker);
        await IsReady(tab);
        await tab.Shows(Places.Title, "Vehicle 1");
        var old = (await Kept(tab)).Should().ContainSingle().Subject;
        await first.Kill();

        var words = Path.Combine(pages, "js/words/en.js");
        await File.WriteAllTextAsync(words, (await File.ReadAllTextAsync(words)).Replace("\"Vehicle {id}\"", "\"Car {id}\"", StringComparison.Ordinal));
        using var second = await StartProcess(pages);
        await tab.Page.ReloadAsync();
        await tab.Shows(Places.Title, "Car 1");
        await Eventually.Holds("the new version has taken the old one's place", async () => (await Kept(tab)) is [var kept] && kept != old);

        await second.Kill();
        await tab.Page.ReloadAsync();
        await Assertions.Expect(tab.Page.Locator(Places.Link)).ToContainTextAsync("Reconnecting");
        await tab.Shows(Places.Title, "Vehicle");
    }

    [Fact]
    public async Task A_phone_stays_lit_while_the_car_runs()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await using var tab = await browser.Open(server, with: settings => (settings.HasTouch, settings.IsMobile, settings.ViewportSize) = (true, true, new() { Width = 844, Height = 390 }), before: """
            window.lit = 0;
            const request = WakeLock.prototype.request;
            WakeLock.prototype.request = async function (kind) {
              const lock = await request.call(this, kind);
              window.lit++;
              lock.addEventListener('release', () => window.lit--);
              return lock;
            };
            """);
        Task<int> Lit() => tab.Page.EvaluateAsync<int>("() => window.lit");
        await tab.Shows(Places.State, "Offline");
        (await Lit()).Should().Be(0);
        await server.Publish(("wican/rpm", "900"));
        await Eventually.Holds("the screen is kept lit", async () => await Lit() == 1);
        await server.Publish(("wican/status", """{"status":"offline"}"""));
        await Eventually.Holds("it may go dark", async () => await Lit() == 0);
    }

    static void CopyPages(string into)
    {
        var from = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(into, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    async Task<Daemon> StartProcess(string pages)
    {
        var process = ServerProcess.Start(_folder, new Dictionary<string, string> { ["ASPNETCORE_WEBROOT"] = pages }, "--urls", $"http://127.0.0.1:{_port}");
        using var http = new HttpClient();
        await Eventually.Holds("the server answers", async () =>
        {
            try
            {
                return (await http.GetAsync($"http://127.0.0.1:{_port}/health/live")).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        return process;
    }
}
