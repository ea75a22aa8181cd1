using Telemetry.Bench.Fanout;
using Telemetry.Bench.Rig;
using static Telemetry.Bench.Rig.Report;

namespace Telemetry.Bench.Native;

/// <summary>The native executable beside the build for the runtime: file, start, memory, and cost of a delivery.</summary>
static class NativeBenchmark
{
    /// <summary>Clients with messages of one car, as a small installation never has them.</summary>
    static readonly FanoutCase Deliveries = new('N', 1000, 20, IsSecure: false, IsCompressed: false, new Goals(Cpu: 1.05, P50: 1.05, P99: 1.05));

    public static async Task Run(Arguments arguments, CancellationToken cancel)
    {
        var jit = arguments.Text("server");
        var native = arguments.Text("native", jit);
        var runs = arguments.Number("runs", usual: 5, smoke: 1);
        var idle = TimeSpan.FromSeconds(arguments.Number("idle", usual: 10, smoke: 1));
        var vehicles = arguments.Number("vehicles", usual: 10_000, smoke: 200);
        var clients = arguments.Number("clients", usual: 1000, smoke: 50);
        var seconds = arguments.Number("seconds", usual: 6, smoke: 1);
        var rounds = arguments.Number("rounds", usual: 5, smoke: 1);
        arguments.NoMore();

        using var folder = new TempFolder();
        Build[] builds = [new("just in time", jit), new("native", native)];
        Head("Native beside just-in-time", $"Process start to /health/ready; memory {idle.TotalSeconds} s later. Medians of {runs} runs in turn after an uncounted one; SQLite and the embedded broker.");
        var starts = new Dictionary<Build, List<StartFigures>>();
        for (var run = 0; run <= runs; run++)
        {
            foreach (var build in builds)
            {
                var figures = await StartFigures.MeasureAsync(folder, build.Folder, arguments, run == 0 ? TimeSpan.Zero : idle, cancel);
                if (run > 0) (starts.TryGetValue(build, out var list) ? list : starts[build] = []).Add(figures);
            }
        }

        Table(
            ["", "file MB", "ready after ms", "CPU ms until measured", "idle MiB", "own / of files", "after pages and a message MiB", "own / of files"],
            builds.Select(build => starts[build] is var all ? (string[])
            [
                build.Name, Figure(new FileInfo(Path.Combine(build.Folder, "Telemetry.Api")).Length / 1e6, 1), Median(all, one => one.ReadyMilliseconds, 0), Median(all, one => one.CpuMilliseconds, 0),
                .. Columns(all, one => one.Idle), .. Columns(all, one => one.Used),
            ] : []));

        var fleets = new List<string[]>();
        foreach (var build in builds) fleets.Add([build.Name, .. await FleetFigures.MeasureAsync(folder, build.Folder, arguments, vehicles, runs, idle, cancel)]);
        Table(["", $"ready with {vehicles} vehicles, ms", "MiB then"], fleets);

        var crowds = new List<string[]>();
        foreach (var build in builds) crowds.Add([build.Name, .. await CrowdFigures.MeasureAsync(folder, build.Folder, arguments, clients, idle, cancel)]);
        Table(["MiB", "no client", $"{clients} idle clients", "own / of files", $"{CrowdFigures.Times * clients}", "KiB for each further one"], crowds);

        var one = arguments.Smoke ? Deliveries with { Clients = clients } : Deliveries;
        var result = await Comparison.Measure(one, seconds, rounds, builds.Select(build => (Func<Certificate?, Task<Contender>>)(certificate => Contender.StartServer(folder, build.Folder, arguments, certificate, cancel))), folder, arguments.Smoke, cancel);
        Table(
            [$"{one.Clients} clients × {one.PerSecond}/s", "CPU µs a delivery", "deliveries/s", "p50 ms", "p99 ms", "cores of others"],
            builds.Zip(result.Others.Append(result.Server), (build, outcome) => (string[])
            [
                build.Name, Figure(outcome.Median(round => round.CpuMicroseconds), 2), Figure(outcome.Median(round => round.PerSecond), 0), Figure(outcome.Median(round => round.Reception.P50), 2),
                Figure(outcome.Median(round => round.Reception.P99), 2), Figure(outcome.Median(round => round.OthersCpuSeconds / round.Seconds), 2),
            ]).Append(
            [
                "native / just in time, median of rounds", Ratio(round => round.CpuMicroseconds), Ratio(round => round.PerSecond), Ratio(round => round.Reception.P50), Ratio(round => round.Reception.P99), "",
            ]));

        string Ratio(Func<Round, double> figure) => Figure(result.Ratio(result.Others[0], figure), 2);
    }

    static string Median<T>(IEnumerable<T> all, Func<T, double> figure, int decimals) => Figure(Percentiles.Median(all.Select(figure)), decimals);

    static string[] Columns(IReadOnlyList<StartFigures> all, Func<StartFigures, Memory> memory) =>
        [Median(all, one => memory(one).Resident, 1), $"{Median(all, one => memory(one).Own, 1)} / {Median(all, one => memory(one).OfFiles, 1)}"];

    sealed record Build(string Name, string Folder);
}
