using Microsoft.Playwright;
using Telemetry.Bench.Rig;
using static Telemetry.Bench.Rig.Report;

namespace Telemetry.Bench.Pages;

/// <summary>Cost of the pages in a real browser, read through the DevTools protocol: time to the first number, heap, frames.</summary>
static class PagesBenchmark
{
    const int Live = 25;

    const string FirstNumber = """
        new MutationObserver((_, observer) => {
          if (!/\d/.test(document.querySelector('.cards, .charts, .fleet-body')?.textContent ?? '')) return;
          observer.disconnect();
          requestAnimationFrame(() => setTimeout(() => { window.firstNumber = performance.now(); }));
        }).observe(document, { childList: true, characterData: true, subtree: true });
        """;

    static readonly (string Name, string Path)[] Pages = [("dashboard", "?vehicle_id=2"), ("analytics", "analytics.html?vehicle_id=2"), ("fleet", "fleet.html")];

    public static async Task Run(Arguments arguments, CancellationToken cancel)
    {
        var published = arguments.Text("server");
        var visits = arguments.Number("visits", usual: 7, smoke: 1);
        var messages = arguments.Number("messages", usual: 90_000, smoke: 500, most: 1_000_000);
        var rate = arguments.Number("rate", usual: 250, smoke: 250);
        var seconds = arguments.Number("seconds", usual: 10, smoke: 1);
        arguments.NoMore();

        using var folder = new TempFolder();
        await using var server = Server.Start(folder, published, arguments, "--Stream:UpdateInterval=00:00:00.002");
        await server.WaitUntilReady(cancel);
        await using var chromium = await Chromium.Start();
        using var car = await DrivingCar.Connect(server.BrokerPort, cancel);
        await car.Drive(25, Live, cancel);

        Head("Pages", $"First number: painted, from the start of the navigation, of {visits} visits with an empty cache after one of the server's first. Transferred: until then, all headers included.", chromium.Version);
        await FirstNumbers(server, chromium, visits);
        Line();
        Line($"Frames: {seconds} s of {Live} messages/s with all six signals; without a graphics card the vehicle in 3D is drawn by the processor.");
        await Frames(server, chromium, car, seconds, cancel);
        Line();
        Line($"Heap after a collection, MiB: {messages} messages at {rate}/s, as many as {messages / Live / 60.0:0} min of {Live}/s.");
        await Heap(server, chromium, car, messages, rate, cancel);
    }

    static async Task FirstNumbers(Server server, Chromium chromium, int visits)
    {
        var rows = new List<string[]>();
        foreach (var (name, path) in Pages)
        {
            var results = new List<(double Milliseconds, double Bytes)>();
            for (var i = 0; i <= visits; i++) results.Add(await Visit(server, chromium, path));
            rows.Add([name, Figure(Percentiles.Median(results.Skip(1).Select(visit => visit.Milliseconds)), 0), Figure(results.Skip(1).Max(visit => visit.Milliseconds), 0), Figure(results[^1].Bytes / 1000, 1)]);
        }

        Table(["page", "first number ms, median", "most", "transferred kB"], rows);
    }

    static async Task<(double Milliseconds, double Bytes)> Visit(Server server, Chromium chromium, string path)
    {
        var page = await chromium.Open(1280, 800, settings => settings.ReducedMotion = ReducedMotion.Reduce);
        await page.AddInitScriptAsync(FirstNumber);
        await page.GotoAsync(new Uri(server.Address, path).AbsoluteUri);
        await page.WaitForFunctionAsync("() => window.firstNumber");
        var result = await page.EvaluateAsync<double[]>("""
            () => [window.firstNumber, performance.getEntries().filter((entry) => entry.transferSize > 0 && entry.responseEnd <= window.firstNumber).reduce((sum, entry) => sum + entry.transferSize, 0)]
            """);
        await page.Context.CloseAsync();
        return (result[0], result[1]);
    }

    static async Task Frames(Server server, Chromium chromium, DrivingCar car, int seconds, CancellationToken cancel)
    {
        var rows = new List<string[]>();
        foreach (var (name, path, motion) in Pages.Select(page => (page.Name, page.Path, ReducedMotion.Reduce)).Append(("dashboard in 3D", Pages[0].Path, ReducedMotion.NoPreference)))
        {
            var page = await chromium.Open(1280, 800, settings => settings.ReducedMotion = motion);
            var devTools = await page.Context.NewCDPSessionAsync(page);
            await devTools.SendAsync("Performance.enable");
            await page.GotoAsync(new Uri(server.Address, path).AbsoluteUri);
            await car.Drive(Live * 3, Live, cancel);
            await page.EvaluateAsync("() => { window.frames60 = []; (function next(time) { window.frames60.push(time); requestAnimationFrame(next); })(performance.now()); }");
            var before = await Metrics(devTools);
            await car.Drive(Live * seconds, Live, cancel);
            var after = await Metrics(devTools);
            var frames = await page.EvaluateAsync<double[]>("() => window.frames60.slice(2).map((time, i) => time - window.frames60[i + 1]).sort((a, b) => a - b)");
            double Share(string metric) => (after[metric] - before[metric]) / (after["Timestamp"] - before["Timestamp"]) * 100;
            rows.Add([name, Figure(1000 / frames.Average(), 1), Figure(frames[frames.Length * 99 / 100], 1), Figure(Share("TaskDuration"), 1), Figure(Share("ScriptDuration"), 1), Figure(Share("LayoutDuration") + Share("RecalcStyleDuration"), 1)]);
            await page.Context.CloseAsync();
        }

        Table(["page", "frames/s", "p99 ms between two", "main thread busy %", "of it scripts %", "style and layout %"], rows);
    }

    static async Task Heap(Server server, Chromium chromium, DrivingCar car, int messages, int rate, CancellationToken cancel)
    {
        const int Parts = 6;
        var devTools = new List<(string Name, ICDPSession Session)>();
        foreach (var (name, path) in Pages)
        {
            var page = await chromium.Open(1280, 800, settings => settings.ReducedMotion = ReducedMotion.Reduce);
            await page.GotoAsync(new Uri(server.Address, path).AbsoluteUri);
            var session = await page.Context.NewCDPSessionAsync(page);
            await session.SendAsync("Performance.enable");
            devTools.Add((name, session));
        }

        var columns = devTools.Select(page => new List<string> { page.Name }).ToList();
        // What the first messages bring, charts that fill and code that is compiled, is no leak.
        for (var part = 0; part <= Parts; part++)
        {
            await car.Drive(part == 0 ? Live * 10 : messages / Parts, rate, cancel);
            for (var i = 0; i < columns.Count; i++)
            {
                await devTools[i].Session.SendAsync("HeapProfiler.collectGarbage");
                var metrics = await Metrics(devTools[i].Session);
                columns[i].Add($"{Figure(metrics["JSHeapUsedSize"] / 1024 / 1024, 2)} ({metrics["Nodes"]:0} nodes)");
            }
        }

        Table(["page", .. Enumerable.Range(0, Parts + 1).Select(part => part == 0 ? "at first" : $"{100 * part / Parts} %")], columns.Select(column => column.ToArray()));
    }

    static async Task<Dictionary<string, double>> Metrics(ICDPSession devTools) =>
        (await devTools.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics").EnumerateArray()
        .ToDictionary(metric => metric.GetProperty("name").GetString()!, metric => metric.GetProperty("value").GetDouble());
}
