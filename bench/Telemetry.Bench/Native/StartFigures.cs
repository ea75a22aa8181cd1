using Telemetry.Bench.Rig;

namespace Telemetry.Bench.Native;

/// <summary>One start with an empty store.</summary>
/// <param name="ReadyMilliseconds">From the start of the process.</param>
/// <param name="CpuMilliseconds">Processor time until <paramref name="Idle"/> was measured.</param>
/// <param name="Idle">Memory when nothing has happened.</param>
/// <param name="Used">Memory after the pages were read and a first message came.</param>
sealed record StartFigures(double ReadyMilliseconds, double CpuMilliseconds, Memory Idle, Memory Used)
{
    static readonly string[] Pages = ["/", "/analytics.html", "/fleet.html", "/vehicles", "/telemetry/latest", "/drives"];

    public static async Task<StartFigures> MeasureAsync(TempFolder folder, string published, Arguments arguments, TimeSpan idle, CancellationToken cancel)
    {
        await using var server = Server.Start(folder, published, arguments);
        var ready = await server.WaitUntilReady(cancel);
        await Task.Delay(idle, cancel);
        server.Process.MustRun();
        var id = server.Process.Id;
        var (cpu, before) = (ProcessUsage.CpuSeconds(id), Memory.Of(id));
        foreach (var page in Pages) await server.Get(page, cancel);
        await using (var publisher = await Publisher.Connect(server.BrokerPort, cancel)) await publisher.Publish(1, perSecond: 100, cancel);
        await Task.Delay(idle / 2, cancel);
        return new StartFigures(ready.TotalMilliseconds, cpu * 1000, before, Memory.Of(id));
    }
}
