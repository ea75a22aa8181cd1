using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Telemetry.Bench.Fanout;
using Telemetry.Bench.Rig;
using static Telemetry.Bench.Rig.Report;

namespace Telemetry.Bench.Fairness;

/// <summary>Effect on readers of clients that read nothing, read a byte a second, vanish and come back, or send garbage.</summary>
static partial class FairnessBenchmark
{
    const int Cars = 10;

    /// <summary>Messages of all cars a second; a reader listens to one car.</summary>
    const int PerSecond = 100;

    const double MostMoved = 0.20;

    /// <summary>Share by which memory may be higher in the end.</summary>
    const double MostGrown = 0.05;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task Run(Arguments arguments, CancellationToken cancel)
    {
        var published = arguments.Text("server");
        var readers = arguments.Number("readers", usual: 5000, smoke: 100);
        var each = arguments.Number("each", usual: 100, smoke: 5);
        var pause = arguments.Number("pause", usual: 1000, smoke: 1000);
        var seconds = arguments.Number("seconds", usual: 22, smoke: 2, most: 120);
        var rounds = arguments.Number("rounds", usual: 3, smoke: 1, most: 20);
        arguments.NoMore();

        using var folder = new TempFolder();
        await using var server = await Contender.StartServer(folder, published, arguments, certificate: null, cancel);
        var errors = new ConcurrentQueue<string>();
        server.Process.Heard = line =>
        {
            if (Complaint().IsMatch(line)) errors.Enqueue(line);
        };
        using var publisher = await CarPublisher.Connect(server, Cars, cancel);
        await using var receiver = await Receiver.Connect(server, readers, cancel, "vehicle_id=2");
        await Pair(); // What is called often is compiled anew while it runs, and the heap has its usual size only then.
        var pairs = new List<(Figures Calm, Figures Harsh, string Deeds)>();
        for (var i = 0; i < rounds; i++) pairs.Add(await Pair());
        await Task.Delay(TimeSpan.FromSeconds(arguments.Smoke ? 1 : 10), cancel);
        var end = await Round(seconds);

        Head(
            "Fairness: readers beside bad clients",
            $"{readers} readers of one car that sends {PerSecond / Cars} messages a second; {Cars} cars in all. Beside them, in every other round of {seconds} s, {each} clients of all cars that never read, {each} that read a byte a second, " +
            $"{each} that open and vanish and {each} that send garbage, these two again and again, {pause} ms apart on average. Latency is that of 50 readers. All on loopback and the same cores.");
        Table(
            ["round", "p50 ms", "p99 ms", "max ms", "messages missing", "server, cores", "server, MiB", "cores of others"],
            pairs.SelectMany((pair, i) => new[] { Row($"{i + 1}, readers alone", pair.Calm), Row($"{i + 1}, with bad clients", pair.Harsh) }).Append(Row("readers alone, in the end", end)));
        Line();
        foreach (var pair in pairs) Line($"- {pair.Deeds}");
        var moved = Percentiles.Median(pairs.Select(pair => pair.Harsh.Reception.P99 / pair.Calm.Reception.P99)) - 1;
        var grown = end.Mib / pairs[0].Calm.Mib - 1;
        Line();
        Line($"p99 of the readers, median of rounds: {100 * moved:+0;-0} % (< 20 %: {(moved < MostMoved ? "met" : "missed")}). Memory: {100 * grown:+0.0;-0.0} % (≤ 5 %: {(grown <= MostGrown ? "met" : "missed")}). Errors and exceptions in the log: {errors.Count}.");
        if (!errors.IsEmpty) throw new BenchmarkException(string.Join('\n', errors.Take(20)));

        async Task<(Figures Calm, Figures Harsh, string Deeds)> Pair()
        {
            var calm = await Round(seconds);
            await using var bad = ChildProcess.Start(Environment.ProcessPath!, ["misbehave", "--port", $"{server.ClientPort}", "--each", $"{each}", "--pause", $"{pause}"]);
            var deeds = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            bad.Heard = line =>
            {
                if (line.StartsWith(Misbehaving.Mark, StringComparison.Ordinal)) deeds.TrySetResult(line[Misbehaving.Mark.Length..]);
            };
            var harsh = await Round(seconds);
            bad.MustRun();
            bad.Say("leave");
            return (calm, harsh, await deeds.Task.WaitAsync(Patience, cancel));
        }

        async Task<Figures> Round(int length)
        {
            var expected = (long)length * PerSecond / Cars * readers;
            await receiver.Begin(cancel);
            var (cpu, own, theirs, machine, begin) = (server.CpuSeconds, ProcessUsage.CpuSeconds(Environment.ProcessId), receiver.CpuSeconds, ProcessUsage.CpuSecondsOfMachine(), Stopwatch.GetTimestamp());
            await publisher.Publish(length * PerSecond, PerSecond, cancel);
            await receiver.WaitFor(expected, TimeSpan.FromSeconds(1), cancel);
            server.Process.MustRun();
            var elapsed = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            var used = server.CpuSeconds - cpu;
            var others = ProcessUsage.CpuSecondsOfMachine() - machine - used - (ProcessUsage.CpuSeconds(Environment.ProcessId) - own) - (receiver.CpuSeconds - theirs);
            return new Figures(await receiver.Tell(cancel), expected, used / elapsed, server.ResidentMib, Math.Max(0, others) / elapsed);
        }
    }

    static string[] Row(string name, Figures one) =>
    [
        name, Figure(one.Reception.P50, 2), Figure(one.Reception.P99, 2), Figure(one.Reception.Max, 1), $"{one.Expected - one.Reception.Frames}", Figure(one.Cores, 2), Figure(one.Mib, 1), Figure(one.OthersCores, 2),
    ];

    [GeneratedRegex("^(fail|crit):|Exception")]
    private static partial Regex Complaint();

    sealed record Figures(Reception Reception, long Expected, double Cores, double Mib, double OthersCores);
}
