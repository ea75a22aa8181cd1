using Telemetry.Bench.Rig;
using Telemetry.Bench.Vehicles;
using static Telemetry.Bench.Rig.Report;

namespace Telemetry.Bench.Native;

/// <summary>Starts with a store of many vehicles.</summary>
static class FleetFigures
{
    static readonly TimeSpan StopTime = TimeSpan.FromSeconds(60);

    public static async Task<string[]> MeasureAsync(TempFolder folder, string published, Arguments arguments, int vehicles, int runs, TimeSpan idle, CancellationToken cancel)
    {
        string[] settings = [$"--History:SqlitePath={folder.NewPath("fleet.db")}", $"--History:SpoolPath={folder.NewPath("fleet-spool.db")}", "--Ingest:NewVehiclesPerMinute=0"];
        await using (var server = Server.Start(folder, published, arguments, settings))
        {
            await server.WaitUntilReady(cancel);
            using (var fleet = await FleetPublisher.Connect(server.BrokerPort, "bench-fleet", Enumerable.Range(0, vehicles), cancel)) await fleet.SendOnce(cancel);
            // At the stop, it writes what is in memory.
            await server.Process.End(UnixSignal.Terminate, StopTime);
        }

        var (ready, resident) = (new List<double>(), new List<double>());
        for (var run = 0; run < runs; run++)
        {
            await using var server = Server.Start(folder, published, arguments, settings);
            ready.Add((await server.WaitUntilReady(cancel)).TotalMilliseconds);
            await Task.Delay(idle, cancel);
            resident.Add(ProcessUsage.ResidentMib(server.Process.Id));
        }

        return [Figure(Percentiles.Median(ready), 0), Figure(Percentiles.Median(resident), 1)];
    }
}
