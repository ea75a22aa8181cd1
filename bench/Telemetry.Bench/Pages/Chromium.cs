using Microsoft.Playwright;
using Telemetry.Bench.Rig;

namespace Telemetry.Bench.Pages;

/// <summary>An installed Chromium without a window.</summary>
sealed class Chromium : IAsyncDisposable
{
    static readonly string[] Flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--enable-unsafe-swiftshader",
    ];

    static readonly string[] Programs = ["/usr/bin/chromium", "/usr/bin/google-chrome"];

    readonly IPlaywright _playwright;
    readonly IBrowser _browser;

    Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Its version.</summary>
    public string Version => $"Chromium {_browser.Version}";

    public static async Task<Chromium> Start()
    {
        var program = Array.Find(Programs, File.Exists) ?? throw new BenchmarkException($"There is no Chromium at {string.Join(" or ", Programs)}.");
        var playwright = await Playwright.CreateAsync();
        return new Chromium(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = Flags }));
    }

    /// <summary>An empty page of a profile of its own, in English unless told otherwise.</summary>
    public async Task<IPage> Open(int width, int height, Action<BrowserNewContextOptions>? with = null)
    {
        var settings = new BrowserNewContextOptions { ViewportSize = new() { Width = width, Height = height }, Locale = "en-GB", ServiceWorkers = ServiceWorkerPolicy.Block };
        with?.Invoke(settings);
        return await (await _browser.NewContextAsync(settings)).NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
