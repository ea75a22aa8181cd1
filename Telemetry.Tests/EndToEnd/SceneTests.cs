using Microsoft.Playwright;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>The vehicle as a picture: three-dimensional, or drawn.</summary>
public class SceneTests(Browser browser)
{
    const string NoWebGl = """
        const { getContext } = HTMLCanvasElement.prototype;
        HTMLCanvasElement.prototype.getContext = function (kind, ...rest) { return kind.startsWith('webgl') ? null : getContext.call(this, kind, ...rest); };
        """;

    const string FirstNumber = """
        new MutationObserver((_, observer) => {
          if (!/\d/.test(document.querySelector('.cards')?.textContent ?? '')) return;
          window.firstNumber = performance.now();
          observer.disconnect();
        }).observe(document, { childList: true, characterData: true, subtree: true });
        """;

    // Small: without a graphics card each pixel is the processor's work, and drawing a scene for the first time takes seconds.
    static void Moving(BrowserNewContextOptions settings)
    {
        settings.ReducedMotion = ReducedMotion.NoPreference;
        settings.ViewportSize = new ViewportSize { Width = 340, Height = 560 };
    }

    static async Task<int> Frames(Tab tab) => int.Parse(await tab.Page.Locator(".stage").GetAttributeAsync("data-frames") ?? "0", System.Globalization.CultureInfo.InvariantCulture);

    static async Task IsScene(Tab tab)
    {
        await Assertions.Expect(tab.Page.Locator(Places.Scene)).ToHaveAttributeAsync("data-picture", "scene");
        await Eventually.Holds("the vehicle is drawn", async () => await Frames(tab) > 0);
    }

    static async Task StandsStill(Tab tab)
    {
        await Eventually.Holds("nothing is drawn any more", async () =>
        {
            var before = await Frames(tab);
            await tab.Page.EvaluateAsync("async () => { for (let i = 0; i < 20; i++) await new Promise(requestAnimationFrame); }");
            return await Frames(tab) == before;
        });
    }

    [Fact]
    public async Task The_car_comes_after_the_first_number_moves_while_it_runs_and_stands_still_while_it_is_offline_or_nobody_looks()
    {
        await using var server = await Server.Start("Presence:Timeout=00:00:03");
        await server.Publish(("wican/rpm", "900")); // A page that has no number to wait for loads the library at once.
        await using var tab = await browser.Open(server, before: FirstNumber, with: Moving);
        using var enough = new CancellationTokenSource();
        var driving = Drive(server, enough.Token);
        await IsScene(tab);
        (await tab.Page.EvaluateAsync<bool>("() => performance.getEntriesByType('resource').find(({ name }) => name.includes('three')).startTime > window.firstNumber")).Should().BeTrue("numbers come before pictures");
        var before = await Frames(tab);
        await Eventually.Holds("it moves", async () => await Frames(tab) > before + 2);

        await tab.Hide(true);
        await StandsStill(tab);
        before = await Frames(tab);
        await tab.Hide(false);
        await Eventually.Holds("it moves again", async () => await Frames(tab) > before + 2);

        await enough.CancelAsync();
        await driving;
        await tab.Shows(Places.State, "Parked");
        await StandsStill(tab);

        before = await Frames(tab);
        await tab.Page.Locator(".stage").PressAsync("ArrowLeft");
        await Eventually.Holds("it is turned with the keyboard", async () => await Frames(tab) == before + 1);
        await tab.Page.Mouse.MoveAsync(170, 440);
        await tab.Page.Mouse.DownAsync();
        await tab.Page.Mouse.MoveAsync(230, 450);
        await tab.Page.Mouse.UpAsync();
        await Eventually.Holds("it is turned by dragging", async () => await Frames(tab) > before + 1);
        tab.Errors.Should().BeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_webgl_or_with_reduced_motion_it_is_a_drawing_and_the_library_is_not_loaded(bool reduced)
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.Publish(("wican/rpm", "900"), ("wican/engine_load", "100"));
        await using var tab = await browser.Open(server, before: reduced ? null : NoWebGl, with: settings => settings.ReducedMotion = reduced ? ReducedMotion.Reduce : ReducedMotion.NoPreference);
        await tab.Shows(Places.State, "Running");
        await tab.Page.EvaluateAsync("() => new Promise((done) => requestIdleCallback(done))");
        await Assertions.Expect(tab.Page.Locator(Places.Scene)).ToHaveAttributeAsync("data-picture", "drawing");
        await Assertions.Expect(tab.Page.Locator(".drawing")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.Locator(".car-glow")).ToHaveCSSAsync("opacity", "0.75");
        (await Loaded(tab)).Should().NotContain(name => name.Contains("three"));
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task The_wheels_turn_at_the_true_speed()
    {
        await using var server = await Server.Start();
        await using var tab = await browser.Open(server);
        var (way, angle, stopped) = await Moved(tab);
        way.Should().BeApproximately(10 * 20, 0.01, "72 km/h are 20 m/s");
        angle.Should().BeApproximately(way / 0.335, 1e-6, "a wheel rolls its own radius in a radian");
        stopped.Should().BeLessThan(0.01);
    }

    static async Task<(double Way, double Angle, double Stopped)> Moved(Tab tab)
    {
        var moved = await tab.Page.EvaluateAsync<double[]>("""
            async () => {
              const { Motion } = await import('./js/scene/motion.js');
              const motion = new Motion();
              const drive = (speed, seconds) => { for (let i = 0; i < seconds * 60; i++) motion.step(speed, 1 / 60); };
              drive(72, 10);
              const before = motion.way;
              const turned = motion.angle(0.335);
              drive(72, 10);
              const result = [motion.way - before, motion.angle(0.335) - turned];
              drive(0, 10);
              return [...result, motion.speed];
            }
            """);
        return (moved[0], moved[1], moved[2]);
    }

    static Task<string[]> Loaded(Tab tab) => tab.Page.EvaluateAsync<string[]>("() => performance.getEntriesByType('resource').map((entry) => entry.name)");

    static async Task Drive(Server server, CancellationToken enough)
    {
        await using var car = await Car.Connect(server.BrokerPort);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!enough.IsCancellationRequested)
        {
            await car.Publish("wican/vehicle_speed", "50");
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
