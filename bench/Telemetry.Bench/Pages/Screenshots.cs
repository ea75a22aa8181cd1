using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Telemetry.Bench.Rig;

namespace Telemetry.Bench.Pages;

/// <summary>The pictures of the README: the demo car after some minutes, a small fleet, and a car that was parked two hours ago.</summary>
static class Screenshots
{
    static readonly string[] Names = ["Anna's estate", "Van 12", "Van 14", "Courier", "Minibus", "Pick-up", "Spare van", "Workshop", "Pool car 1", "Pool car 2"];

    // The vehicle in 3D has been drawn, and not so often that a machine without a graphics card would draw it coarser.
    const string IsComplete = """
        () => document.querySelector('link-badge').dataset.link === 'connected'
          && [...document.querySelectorAll('kpi-card')].every((card) => /\d/.test(card.textContent)) && (document.querySelector('.fleet-body')?.childElementCount > 5
          || [...document.querySelectorAll('signal-chart')].some((chart) => chart.points > 20)
          || (document.querySelector('.spark-line')?.getAttribute('d')?.length > 200 && Number(document.querySelector('.stage')?.dataset.frames) > 2))
        """;

    public static async Task Run(Arguments arguments, CancellationToken cancel)
    {
        var published = arguments.Text("server");
        var into = arguments.Text("into");
        var seconds = arguments.Number("seconds", usual: 200, smoke: 10);
        arguments.NoMore();

        using var folder = new TempFolder();
        await using var server = Server.Start(folder, published, arguments, "--demo", "--speed=4");
        await server.WaitUntilReady(cancel);
        using var http = new HttpClient { BaseAddress = server.Address };
        await Park(http, cancel);
        using var fleet = await MqttLink.Open(server.BrokerPort, "bench-fleet", cancel);
        for (var i = 0; i < Names.Length; i++) await Say(fleet, i, cancel);
        await Name(http, cancel);
        await Import(http, PastDrives.Csv("estate"), cancel);

        await using var chromium = await Chromium.Start();
        var shots = new (string File, string Path, int Width, int Height, ColorScheme Scheme)[]
        {
            ("dashboard", "?vehicle_id=1", 1440, 900, ColorScheme.Light), ("dashboard-dark", "?vehicle_id=1", 1440, 900, ColorScheme.Dark),
            ("analytics", "analytics.html?vehicle_id=1", 1440, 900, ColorScheme.Dark), ("phone", "?vehicle_id=1", 390, 844, ColorScheme.Light),
            ("phone-across", "?vehicle_id=1", 844, 390, ColorScheme.Dark), ("offline", "?vehicle_id=2", 390, 844, ColorScheme.Dark), ("fleet", "fleet.html", 1440, 900, ColorScheme.Light),
            ("drives", FormattableString.Invariant($"drives.html?vehicle_id=2#t={PastDrives.Moment:yyyy-MM-dd'T'HH:mm:ss'Z'}"), 1440, 900, ColorScheme.Dark),
        };
        await Task.Delay(TimeSpan.FromSeconds(seconds), cancel);
        Directory.CreateDirectory(into);
        foreach (var shot in shots)
        {
            await UntilFast(http, cancel);
            for (var i = 1; i < 7; i++) await Say(fleet, i, cancel);
            var page = await chromium.Open(shot.Width, shot.Height, settings => (settings.ColorScheme, settings.DeviceScaleFactor) = (shot.Scheme, shot.Width < 500 ? 2 : 1));
            await page.GotoAsync(new Uri(server.Address, shot.Path).AbsoluteUri);
            await page.WaitForFunctionAsync(IsComplete, null, new() { Timeout = 60_000 });
            await page.ScreenshotAsync(new() { Path = Path.Combine(into, $"{shot.File}.jpg"), Type = ScreenshotType.Jpeg, Quality = 90 });
            await page.Context.CloseAsync();
            Report.Line($"{shot.File}.jpg: {shot.Path}, {shot.Width} × {shot.Height}");
        }
    }

    /// <summary>Vehicle 2: a short drive, two hours ago.</summary>
    static async Task Park(HttpClient http, CancellationToken cancel)
    {
        var start = DateTime.UtcNow.AddHours(-2).AddMinutes(-4);
        var lines = Enumerable.Range(0, 120).SelectMany(i => new[] { ("rpm", 1500 + (500 * Math.Sin(i / 9.0))), ("vehicle_speed", Math.Max(0, 50 - (i / 3))), ("coolant_temperature", 82 + (i / 15)), ("control_module_voltage", 13.9), ("engine_load", 30 + (20 * Math.Sin(i / 7.0))), ("fuel_rail_pressure", 31000.0) }
            .Select(reading => FormattableString.Invariant($"{start.AddSeconds(i * 2):o},estate,{reading.Item1},{reading.Item2:0.0}")));
        await Import(http, "recorded_at,vehicle,signal,value\n" + string.Join('\n', lines) + "\n", cancel);
    }

    static async Task Import(HttpClient http, string csv, CancellationToken cancel)
    {
        using var answer = await http.PostAsync("/telemetry/import", new StringContent(csv, System.Text.Encoding.UTF8, "text/csv"), cancel);
        answer.EnsureSuccessStatusCode();
    }

    static async Task Say(MqttLink fleet, int car, CancellationToken cancel)
    {
        if (car == 0) return;
        fleet.Add(System.Text.Encoding.ASCII.GetBytes($"wican/fleet-{car:00}/group"), System.Text.Encoding.ASCII.GetBytes(FormattableString.Invariant(
            $"{{\"vehicle_speed\":{(car * 37) % 122},\"control_module_voltage\":{(car == 3 ? 11.6 : 13.2 + (car % 5 * 0.3)):0.0},\"coolant_temperature\":{70 + (car * 13 % 24)},\"rpm\":{1200 + (car * 130)}}}")), packetId: 0);
        await fleet.Send(cancel);
    }

    static async Task Name(HttpClient http, CancellationToken cancel)
    {
        JsonElement[] vehicles = [];
        while (vehicles.Length <= Names.Length)
        {
            await Task.Delay(200, cancel);
            vehicles = await http.GetFromJsonAsync<JsonElement[]>("/vehicles", cancel) ?? [];
        }

        foreach (var (vehicle, name) in vehicles.Zip(Names.Prepend("Demo car")))
            (await http.PatchAsJsonAsync($"/vehicles/{vehicle.GetProperty("vehicle_id").GetInt32()}", new { name }, cancel)).EnsureSuccessStatusCode();
    }

    static async Task<double?> Speed(HttpClient http, CancellationToken cancel)
    {
        var message = await http.GetFromJsonAsync<JsonElement>("/telemetry/latest?vehicle_id=1", cancel);
        var speed = message.GetProperty("data").GetProperty("vehicle_speed");
        return message.GetProperty("state").GetString() == "running" && speed.ValueKind == JsonValueKind.Number ? speed.GetDouble() : null;
    }

    static async Task UntilFast(HttpClient http, CancellationToken cancel)
    {
        while (await Speed(http, cancel) is not (> 45 and < 99)) await Task.Delay(100, cancel);
    }
}
