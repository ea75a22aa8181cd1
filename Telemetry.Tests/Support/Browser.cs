using Microsoft.Playwright;
using Telemetry.Tests.Support;

[assembly: AssemblyFixture(typeof(Browser))]

namespace Telemetry.Tests.Support;

/// <summary>The installed Chromium, started when the first test asks for a page; every test gets cookies and a cache of its own.</summary>
public sealed class Browser : IAsyncDisposable
{
    static readonly string[] Arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    // The browsers' region has other units; a test that chooses its own keeps them.
    const string Metric = "try { localStorage.units ??= 'distance=km temperature=C pressure=kPa clock=24'; } catch { /* No storage. */ }";

    readonly SemaphoreSlim _gate = new(1);
    IPlaywright? _playwright;
    IBrowser? _chromium;

    /// <summary>Opens a page of the server.</summary>
    /// <param name="server">Whose page.</param>
    /// <param name="page">Its path and query, such as <c>analytics.html?vehicle_id=2</c>; empty: the dashboard.</param>
    /// <param name="before">A script that runs in the page before its own.</param>
    /// <param name="with">Changes the browser's settings. Without: English, a light desk, no service worker, and no movement, which is costly to draw.</param>
    internal Task<Tab> Open(Server server, string page = "", string? before = null, Action<BrowserNewContextOptions>? with = null) =>
        Open(new Uri(server.Address, page), before, with);

    /// <summary>Opens an address, as above.</summary>
    internal async Task<Tab> Open(Uri address, string? before = null, Action<BrowserNewContextOptions>? with = null)
    {
        var settings = new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = 1280, Height = 900 },
            Locale = "en-US",
            ReducedMotion = ReducedMotion.Reduce,
            ServiceWorkers = ServiceWorkerPolicy.Block,
        };
        with?.Invoke(settings);
        var context = await (await Chromium()).NewContextAsync(settings);
        await context.AddInitScriptAsync(Metric);
        if (before is not null) await context.AddInitScriptAsync(before);
        var tab = new Tab(await context.NewPageAsync());
        await tab.Page.GotoAsync(address.AbsoluteUri);
        return tab;
    }

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null) await _chromium.DisposeAsync();
        _playwright?.Dispose();
        _gate.Dispose();
    }

    async Task<IBrowser> Chromium()
    {
        var program = Require.Program("chromium", "google-chrome");
        await _gate.WaitAsync();
        try
        {
            Assertions.SetDefaultExpectTimeout(20_000);
            _playwright ??= await Playwright.CreateAsync();
            return _chromium ??= await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = program, Args = Arguments });
        }
        finally
        {
            _gate.Release();
        }
    }
}

/// <summary>One page in the browser, and what it wrote to its console.</summary>
sealed class Tab : IAsyncDisposable
{
    readonly List<string> _console = [];
    readonly List<string> _errors = [];

    public Tab(IPage page)
    {
        Page = page;
        page.Console += (_, message) => Keep(message.Type == "error" ? _errors : _console, message.Text);
        page.PageError += (_, error) => Keep(_errors, error);
    }

    public IPage Page { get; }

    public List<string> Console => Kept(_console);

    /// <summary>Errors that the page logged or did not catch.</summary>
    public List<string> Errors => Kept(_errors);

    /// <summary>Waits until the element that the selector finds reads so, and can be seen where it is meant to be.</summary>
    public async Task Shows(string selector, string text, bool isVisible = true)
    {
        await Assertions.Expect(Page.Locator(selector)).ToHaveTextAsync(text);
        if (isVisible) await Assertions.Expect(Page.Locator(selector)).ToBeVisibleAsync();
    }

    public Task Hides(string selector) => Assertions.Expect(Page.Locator(selector)).ToBeHiddenAsync();

    public async Task<string> Text(string selector) => await Page.Locator(selector).TextContentAsync() ?? "";

    /// <summary>Remembers every text that the element shows from now on, however briefly.</summary>
    public Task Watch(string selector) => Page.EvaluateAsync("""
        (selector) => {
          const element = document.querySelector(selector);
          const seen = window.seen = [element.textContent];
          new MutationObserver(() => seen.push(element.textContent)).observe(element, { childList: true, characterData: true, subtree: true });
        }
        """, selector);

    public Task<string[]> Seen() => Page.EvaluateAsync<string[]>("() => window.seen");

    /// <summary>Moves the page's own clock ahead; it asks as often as its clock tells it. Timers keep their time.</summary>
    public Task Pass(TimeSpan time) => Page.EvaluateAsync(
        "(time) => { const now = performance.now.bind(performance); performance.now = () => now() + time; }", time.TotalMilliseconds);

    /// <summary>As if another tab lay on top of this one, which never happens to a headless one.</summary>
    public Task Hide(bool hidden) => Page.EvaluateAsync("""
        (hidden) => {
          Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        }
        """, hidden);

    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();

    static void Keep(List<string> list, string text)
    {
        lock (list) list.Add(text);
    }

    static List<string> Kept(List<string> list)
    {
        lock (list) return [.. list];
    }
}

/// <summary>Selectors of what the pages show.</summary>
static class Places
{
    public const string State = "state-badge";
    public const string Link = "link-badge";
    public const string LastValue = "last-value";
    public const string Title = "vehicle-title";
    public const string Banner = "offline-banner";
    public const string Scene = "vehicle-scene";
    public const string Announcer = "state-announcer";
    public const string RailPressure = "reading-list [data-signal=fuel_rail_pressure] dd";

    /// <summary>A card's value and unit.</summary>
    public static string Card(string signal) => $"kpi-card[data-signal={signal}] .kpi-reading";

    /// <summary>A chart's newest value and unit.</summary>
    public static string Chart(string signal) => $"signal-chart[data-chart={signal}] .chart-reading";

    /// <summary>A chart's lowest and highest value.</summary>
    public static string Extent(string signal) => $"signal-chart[data-chart={signal}] .chart-extent";
}
