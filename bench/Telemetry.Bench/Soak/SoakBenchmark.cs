using Telemetry.Bench.Chaos;
using Telemetry.Bench.Rig;
using static Telemetry.Bench.Rig.Report;

namespace Telemetry.Bench.Soak;

/// <summary>One server for many minutes, through outages of database and broker, with clients and charts: its memory must stay flat, and every reading be there.</summary>
static class SoakBenchmark
{
    const int Parts = 10;
    const int Clients = 20;

    // Of the memory in the second tenth, when everything has been met once, to that in the last.
    const double MostGrowth = 1.1;

    static readonly TimeSpan BetweenCharts = TimeSpan.FromSeconds(1);

    public static async Task Run(Arguments arguments, CancellationToken cancel)
    {
        var published = arguments.Text("server");
        var length = arguments.Smoke ? TimeSpan.FromSeconds(25) : TimeSpan.FromMinutes(arguments.Number("minutes", usual: 20, smoke: 20, most: 50));
        var rate = arguments.Number("rate", usual: 2400, smoke: 2400, most: 100_000);
        var seed = arguments.Number("seed", usual: 1, smoke: 1, most: 1_000_000);
        arguments.NoMore();

        using var folder = new TempFolder();
        await using var rig = await ChaosRig.Start(folder, published, arguments, inflight: 20, cancel);
        Head("Soak", $"{rate} readings/s at QoS 1 from 4 connections for {length.TotalMinutes:0.#} min, {Clients} WebSocket clients, a chart each second, an outage of database or broker each 20 s.",
            $"Mosquitto {Mosquitto.Version()}", await rig.Postgres.Describe());
        var (charts, refused) = (0, 0);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => TelemetrySubscriber.Connect(rig.Server.LiveSocket, cancel)));
        var reading = ReadCharts();
        var (verdict, memory) = await ChaosBenchmark.Endure(rig, Hit.Outages(seed, length), rate, cancel);
        await ending.CancelAsync();
        await reading;
        foreach (var client in clients) await client.DisposeAsync();

        var tenths = memory.Chunk((memory.Count + Parts - 1) / Parts).Select(part => part.Select(sample => sample.Mib).Order().ToArray()).ToList();
        Table(["resident memory, MiB", .. Enumerable.Range(1, tenths.Count).Select(part => $"{part * 100 / Parts} %")],
            [["median", .. tenths.Select(part => Figure(part[part.Length / 2], 0))], ["most", .. tenths.Select(part => Figure(part[^1], 0))]]);
        Line();
        Line($"{charts} charts drawn, {refused} refused while the database was away.");
        if (memory.DistinctBy(sample => sample.Process).Count() > 1) throw new BenchmarkException("The server was started again.");
        if (verdict.Problems > 0) throw new BenchmarkException($"{verdict.Problems} readings are not as they must be.");
        var (early, late) = (tenths[1][tenths[1].Length / 2], tenths[^1][tenths[^1].Length / 2]);
        if (!arguments.Smoke && late > early * MostGrowth) throw new BenchmarkException($"Memory has grown from {early:0} to {late:0} MiB.");

        async Task ReadCharts()
        {
            while (!ending.IsCancellationRequested)
            {
                try
                {
                    await rig.Server.Get("/telemetry/history?signal=odometer&vehicle_id=2", ending.Token);
                    charts++;
                }
                catch (HttpRequestException)
                {
                    refused++;
                }
                catch (OperationCanceledException)
                {
                    return;
                }

                await Task.Delay(BetweenCharts, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
