using Telemetry.Bench.Rig;
using static Telemetry.Bench.Rig.Report;

namespace Telemetry.Bench.Start;

/// <summary>Time from the start of the process until the server is ready, and its idle memory.</summary>
static class StartBenchmark
{
    public static async Task Run(Arguments arguments, CancellationToken cancel)
    {
        var published = arguments.Text("server");
        var runs = arguments.Number("runs", usual: 5, smoke: 1);
        var idle = arguments.Number("idle", usual: 10, smoke: 1);
        arguments.NoMore();

        using var folder = new TempFolder();
        // The first start after a publish reads its files from disk: it is not counted.
        await Measure(folder, published, arguments, TimeSpan.Zero, cancel);
        var results = new List<Result>();
        for (var i = 0; i < runs; i++) results.Add(await Measure(folder, published, arguments, TimeSpan.FromSeconds(idle), cancel));

        Head("Start and idle memory", $"Process start to /health/ready with a new SQLite store and the embedded broker; memory {idle} s later. {runs} runs after an uncounted one.");
        Table(
            ["", "ready after ms", "resident (RSS) MiB", "proportional (PSS) MiB", "private dirty MiB", "CPU s until measured"],
            results.Select((result, i) => Row($"run {i + 1}", [result])).Prepend(Row("**median**", results)));
    }

    static async Task<Result> Measure(TempFolder folder, string published, Arguments arguments, TimeSpan idle, CancellationToken cancel)
    {
        await using var server = Server.Start(folder, published, arguments);
        var ready = await server.WaitUntilReady(cancel);
        await Task.Delay(idle, cancel);
        server.Process.MustRun();
        var id = server.Process.Id;
        return new Result(
            ready.TotalMilliseconds,
            ProcessUsage.ResidentMib(id),
            ProcessUsage.ProportionalMib(id),
            ProcessUsage.PrivateMib(id),
            ProcessUsage.CpuSeconds(id));
    }

    static string[] Row(string name, IReadOnlyList<Result> results) =>
    [
        name,
        Figure(Percentiles.Median(results.Select(result => result.ReadyMilliseconds)), 0),
        Figure(Percentiles.Median(results.Select(result => result.ResidentMib)), 1),
        Figure(Percentiles.Median(results.Select(result => result.ProportionalMib)), 1),
        Figure(Percentiles.Median(results.Select(result => result.PrivateMib)), 1),
        Figure(Percentiles.Median(results.Select(result => result.CpuSeconds)), 2),
    ];

    sealed record Result(double ReadyMilliseconds, double ResidentMib, double ProportionalMib, double PrivateMib, double CpuSeconds);
}
