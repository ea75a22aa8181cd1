using Telemetry.Bench.Fanout;
using Telemetry.Bench.Rig;
using static Telemetry.Bench.Rig.Report;

namespace Telemetry.Bench.Native;

/// <summary>Memory with connected clients while nothing happens.</summary>
static class CrowdFigures
{
    /// <summary>Clients at the end, as a multiple of the first ones.</summary>
    public const int Times = 5;

    public static async Task<string[]> MeasureAsync(TempFolder folder, string published, Arguments arguments, int clients, TimeSpan idle, CancellationToken cancel)
    {
        await using var server = await Contender.StartServer(folder, published, arguments, certificate: null, cancel);
        await Task.Delay(idle, cancel);
        var none = Memory.Of(server.Process.Id);
        await using var first = await Receiver.Connect(server, clients, cancel);
        await Task.Delay(idle, cancel);
        var some = Memory.Of(server.Process.Id);
        await using var further = await Receiver.Connect(server, (Times - 1) * clients, cancel);
        await Task.Delay(idle, cancel);
        var all = Memory.Of(server.Process.Id);
        return
        [
            Figure(none.Resident, 1), Figure(some.Resident, 1), $"{Figure(some.Own, 1)} / {Figure(some.OfFiles, 1)}", Figure(all.Resident, 1), Figure((all.Resident - some.Resident) * 1024 / ((Times - 1) * clients), 1),
        ];
    }
}
