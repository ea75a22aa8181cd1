using System.Text;
using System.Text.RegularExpressions;
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

    [Theory]
    [InlineData("car")]
    [InlineData("van")]
    [InlineData("motorcycle")]
    [InlineData("electric")]
    public async Task Lamps_wheels_temperature_and_charge_of_a_model_follow_the_values(string kind)
    {
        await using var server = await Server.Start();
        await using var tab = await browser.Open(server);
        var seen = await tab.Page.EvaluateAsync<Dictionary<string, double>>(Looks, kind);
        seen["parked"].Should().Be(0, "a parked vehicle has its lamps off");
        seen["lamps"].Should().BeGreaterThan(2);
        seen["brake"].Should().BeGreaterThan(seen["running"], "brake lamps are brighter than tail lamps");
        seen["cold"].Should().BeGreaterThan(0, "blue outweighs red");
        seen["hot"].Should().BeLessThan(0, "red outweighs blue");
        seen["warm"].Should().Be(0);
        seen["half"].Should().BeApproximately((seen["empty"] + seen["full"]) / 2, 1e-6, "half a charge lights half of the bar");
        seen["wheels"].Should().Be(kind == "motorcycle" ? 2 : 4);
        seen["turned"].Should().BeInRange(3 / 0.4, 3 / 0.3, "each wheel has rolled three metres");
    }

    // The brightest white, the brightest red, the heat's blue minus red, the end of the lit part of the longest bar, and the wheels.
    const string Looks = """
        async (kind) => {
          const { Vehicle } = await import('./js/scene/vehicle.js');
          const { Motion } = await import('./js/scene/motion.js');
          const vehicle = await Vehicle.load(kind);
          const parked = { kind, colour: '', running: false, isSlowing: false, speed: 0, rpm: 0, effort: null, store: null, warmth: 0 };
          const read = (change, measure) => {
            vehicle.light({ ...parked, ...change });
            const all = [];
            vehicle.group.traverse((node) => node.material && all.push(node.material.uniforms));
            return measure(all);
          };
          const glow = (part) => (all) => Math.max(...all.filter(({ gauge }) => gauge.value[2] === 1).map(({ glow: { value } }) => part(value)));
          const heat = (all) => all.map(({ heat: { value: [r, , b, a] } }) => (b - r) * a).sort((a, b) => Math.abs(b) - Math.abs(a))[0];
          const bar = (all) => all.find(({ gauge, glow: { value } }) => gauge.value[0] === 1 && value.g > 0).gauge.value[2];
          const motion = new Motion();
          motion.way = 3;
          vehicle.move(motion, 0);
          const wheels = vehicle.group.children.flatMap((child) => child.children.filter(({ rotation }) => Math.abs(rotation.z) > 1));
          const full = read({ store: 1 }, bar);
          const half = read({ store: 0.5 }, bar);
          return {
            parked: read({}, glow(({ r, g, b }) => r + g + b)), lamps: read({ running: true }, glow(({ b }) => b)),
            running: read({ running: true }, glow(({ r, b }) => r - b)), brake: read({ running: true, isSlowing: true }, glow(({ r, b }) => r - b)),
            cold: read({ warmth: -1 }, heat), warm: read({ warmth: 0 }, heat), hot: read({ warmth: 1 }, heat),
            full, half, empty: read({ store: 1e-9 }, bar), wheels: wheels.length, turned: Math.min(...wheels.map(({ rotation }) => Math.abs(rotation.z))),
          };
        }
        """;

    [Fact]
    public async Task The_picture_has_kind_colour_and_state_in_words_costs_at_most_300_kB_and_is_a_drawing_once_its_context_is_lost()
    {
        await using var server = await Server.Start("Presence:Timeout=01:00:00");
        await server.Publish(("wican/rpm", "900"), ("wican/vehicle_speed", "0"), ("wican/coolant_temperature", "20"), ("wican/engine_load", "40"), ("wican/fuel_tank_level", "23"));
        using var profile = new StringContent("""{"kind":"van","color":"#b91c1c"}""", Encoding.UTF8, "application/json");
        (await server.Http.PatchAsync("/vehicles/1", profile)).EnsureSuccessStatusCode();
        await using var tab = await browser.Open(server, before: FirstNumber, with: Moving);
        await IsScene(tab);
        var scene = tab.Page.Locator(Places.Scene);
        await Assertions.Expect(tab.Page.Locator(".stage")).ToHaveAttributeAsync("aria-label", "Van: switched on and standing, lamps on; Engine 20 °C, cold; Load 40%; Fuel 23%. The arrow keys turn it.");
        await Assertions.Expect(tab.Page.Locator("[data-note=heat]")).ToContainTextAsync("20 °C, cold");
        await Assertions.Expect(scene).ToHaveAttributeAsync("style", new Regex("--paint: #b91c1c"));
        (await tab.Page.EvaluateAsync<int>("() => performance.getEntriesByType('resource').filter(({ startTime }) => startTime > window.firstNumber).reduce((sum, { transferSize }) => sum + transferSize, 0)")).Should().BeInRange(100_000, 300_000);

        await server.Publish(("wican/coolant_temperature", "118"), ("wican/fuel_tank_level", "8"));
        await Assertions.Expect(tab.Page.Locator(".stage")).ToHaveAttributeAsync("aria-label", new Regex("Engine 118 °C, hot; .*Fuel 8%"));
        await Assertions.Expect(tab.Page.Locator("[data-note=store]")).ToHaveAttributeAsync("data-tone", "empty");

        await tab.Page.EvaluateAsync("() => document.querySelector('.stage canvas').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext()");
        await Assertions.Expect(scene).ToHaveAttributeAsync("data-picture", "drawing");
        await Assertions.Expect(tab.Page.Locator(".drawing")).ToHaveAttributeAsync("data-kind", "van");
        await Assertions.Expect(tab.Page.Locator(".drawing")).ToHaveAttributeAsync("aria-label", new Regex("^Van: .*hot"));
        await Assertions.Expect(tab.Page.Locator(".stage")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_vehicle_slows_down_between_two_speeds_and_no_more_a_moment_later()
    {
        await using var server = await Server.Start();
        await using var tab = await browser.Open(server);
        (await tab.Page.EvaluateAsync<bool[]>("""
            async () => {
              const { Slowing } = await import('./js/app/slowing.js');
              const slowing = new Slowing();
              const hear = (seconds, speed, state = 'running') => slowing.hear({ vehicleId: 1, data: { vehicle_speed: speed }, state, timestamp: seconds * 1000, now: seconds * 1000 });
              return [hear(0, 50), hear(1, 50), hear(2, 40), hear(3, 38.5), hear(9, 38.5), hear(10, 37.5), hear(11, 60), hear(12, 20, 'offline')];
            }
            """)).Should().Equal(false, false, true, true, false, false, false, false);
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
