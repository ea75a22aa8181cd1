using System.Diagnostics;
using System.Text.Json;
using Telemetry.Bench.Rig;
using static Telemetry.Bench.Rig.Report;

namespace Telemetry.Bench.Vehicles;

/// <summary>A large fleet, each vehicle with a reading a second: what is taken in, what it costs, and when silence is told.</summary>
static class VehiclesBenchmark
{
    const int Connections = 4;

    /// <summary>One of so many vehicles falls silent halfway, while the others go on.</summary>
    const int OneOf = 100;

    const double Timeout = 10;
    const double MostLate = 0.5;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task Run(Arguments arguments, CancellationToken cancel)
    {
        var published = arguments.Text("server");
        var count = arguments.Number("vehicles", usual: 100_000, smoke: 2000, most: 100_000);
        var seconds = arguments.Number("seconds", usual: 60, smoke: 4, most: 300);
        arguments.NoMore();

        using var folder = new TempFolder();
        await using var server = Server.Start(folder, published, arguments, "--Ingest:NewVehiclesPerMinute=0");
        await server.WaitUntilReady(cancel);
        var process = server.Process.Id;
        var idle = ProcessUsage.ResidentMib(process);

        // All on one connection, so that ids follow from the order: vehicle n has the id n + 2.
        var begin = Stopwatch.GetTimestamp();
        using (var first = await FleetPublisher.Connect(server.BrokerPort, "bench-first", Enumerable.Range(0, count), cancel)) await first.SendOnce(cancel);
        var registered = Stopwatch.GetElapsedTime(begin).TotalSeconds;

        var groups = Enumerable.Range(0, count).ToLookup(vehicle => vehicle % OneOf == 0);
        using var silent = await FleetPublisher.Connect(server.BrokerPort, "bench-silent", groups[true], cancel);
        var others = new List<FleetPublisher>();
        for (var i = 0; i < Connections; i++) others.Add(await FleetPublisher.Connect(server.BrokerPort, $"bench-{i}", groups[false].Where(vehicle => vehicle / OneOf % Connections == i), cancel));
        await using var watchOfSome = await OfflineWatch.Connect(new Uri(server.LiveSocket, $"?vehicle_id={string.Join(',', groups[true].Select(vehicle => vehicle + 2))}"), cancel);

        var before = await Counts(server, cancel);
        var (cpu, own, machine) = (ProcessUsage.CpuSeconds(process), ProcessUsage.CpuSeconds(Environment.ProcessId), ProcessUsage.CpuSecondsOfMachine());
        begin = Stopwatch.GetTimestamp();
        var sent = (await Task.WhenAll(others.Select(publisher => Task.Run(() => publisher.Send(seconds, cancel), cancel)).Append(Task.Run(() => silent.Send(seconds / 2.0, cancel), cancel)))).Sum();
        var elapsed = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        var usedMachine = ProcessUsage.CpuSecondsOfMachine() - machine;
        (cpu, own) = (ProcessUsage.CpuSeconds(process) - cpu, ProcessUsage.CpuSeconds(Environment.ProcessId) - own);
        var after = await Counts(server, cancel);
        var resident = ProcessUsage.ResidentMib(process);

        // Now all the others fall silent, and a browser of all vehicles has ten seconds to take a message of each.
        await using var watchOfAll = await OfflineWatch.Connect(server.LiveSocket, cancel);
        await Offline(watchOfAll, groups[false].Count(), cancel);
        var peak = ProcessUsage.MostResidentMib(process);
        foreach (var publisher in others) publisher.Dispose();

        Head(
            $"{count} vehicles, each with a reading a second",
            $"Offered for {seconds} s on {Connections + 1} connections to the embedded broker, QoS 0, one value a message; publishers and browsers on the same cores; SQLite. Every {OneOf}th vehicle falls silent halfway, the others at the end. " +
            $"Presence:Timeout is 10 s; the time of silence is from the arrival of the last reading to the browser.");
        var offered = groups[false].Count() * (double)seconds + groups[true].Count() * seconds / 2.0;
        Table(
            ["offered/s", "taken/s", "readings/s", "rejected", "all registered after s", "server, cores", "publishers and browser, cores", "cores of others"],
            [[
                Figure(offered / seconds, 0), Figure(sent / elapsed, 0), Figure((after.Readings - before.Readings) / elapsed, 0), $"{after.Rejected}", Figure(registered, 1), Figure(cpu / elapsed, 2), Figure(own / elapsed, 2),
                Figure(Math.Max(0, usedMachine - cpu - own) / elapsed, 2),
            ]]);
        Table(
            ["resident MiB, idle", "at the end of the minute", "most", "readings that wait for the store", "of them dropped, counted"],
            [[Figure(idle, 1), Figure(resident, 1), Figure(peak, 1), $"{after.Waiting}", $"{after.Dropped}"]]);
        Table(["offline told after s", "vehicles", "of", "p50", "p99", "most", $"≤ {Timeout + MostLate}"], [Row("while the others go on", watchOfSome, groups[true].Count()), Row("all others at once", watchOfAll, groups[false].Count())]);
    }

    static string[] Row(string name, OfflineWatch watch, int count)
    {
        var ranks = new Percentiles(watch.Seconds);
        return [name, $"{watch.Seconds.Count}", $"{count}", Figure(ranks.P50, 3), Figure(ranks.P99, 3), Figure(ranks.Max, 3), ranks.Max <= Timeout + MostLate && watch.Seconds.Count >= count ? "met" : "missed"];
    }

    static async Task Offline(OfflineWatch watch, int count, CancellationToken cancel)
    {
        var (since, seen) = (Stopwatch.GetTimestamp(), 0);
        while (seen < count && Stopwatch.GetElapsedTime(since) < Patience)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancel);
            if (watch.Seconds.Count is var now && now > seen) (since, seen) = (Stopwatch.GetTimestamp(), now);
        }
    }

    static async Task<(long Readings, long Rejected, long Waiting, long Dropped)> Counts(Server server, CancellationToken cancel)
    {
        using var health = JsonDocument.Parse(await server.Health(cancel));
        var checks = health.RootElement.GetProperty("checks");
        var (broker, store) = (checks.GetProperty("broker"), checks.GetProperty("store"));
        return (broker.GetProperty("readings").GetInt64(), broker.GetProperty("rejected").EnumerateObject().Sum(reason => reason.Value.GetInt64()), store.GetProperty("waiting").GetInt64(), store.GetProperty("dropped").GetInt64());
    }
}
