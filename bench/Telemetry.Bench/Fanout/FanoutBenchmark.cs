using Telemetry.Bench.Rig;
using static Telemetry.Bench.Rig.Report;

namespace Telemetry.Bench.Fanout;

/// <summary>Cost of sending each message to many browsers: the server against Mosquitto's own WebSocket listener and common frameworks.</summary>
static class FanoutBenchmark
{
    const char MostSustainedCase = 'G';
    const char IdleMemoryCase = 'H';

    public static async Task Run(Arguments arguments, CancellationToken cancel)
    {
        var published = arguments.Text("server");
        var seconds = arguments.Number("seconds", usual: 6, smoke: 1, most: 60);
        var rounds = arguments.Number("rounds", usual: 3, smoke: 1, most: 50);
        var all = string.Concat(FanoutCase.All.Select(one => one.Letter)) + MostSustainedCase + IdleMemoryCase;
        // The smoke size has each kind once: plain, TLS, compressed, the most, and memory.
        var letters = arguments.Text("cases", arguments.Smoke ? "AFIGH" : all);
        var peerNames = arguments.Text("peers", arguments.Smoke ? "none" : string.Join(',', Peer.All.Select(peer => peer.Name)));
        arguments.NoMore();
        if (letters.FirstOrDefault(letter => !all.Contains(letter)) is var unknown and not '\0') throw new BenchmarkException($"There is no case {unknown}, only {all}.");

        using var folder = new TempFolder();
        var peers = await Peer.ThatRun(peerNames, cancel);
        Head(
            "Fan-out: one message to many browsers",
            $"{rounds} interleaved rounds of {seconds} s after a warm-up, medians; all on loopback, publisher and clients on the same cores. A client of Mosquitto is sent the server's live message as it stands; " +
            "the server is sent a reading of one signal, and takes it in, keeps it and makes the message of it in the same process: that part is told as its CPU time without clients. " +
            "So do FastAPI and Node, but for keeping it, each behind a Mosquitto of its own, whose CPU time counts with theirs. " +
            "Mosquitto runs with set_tcp_nodelay, the server with its embedded broker and Stream:UpdateInterval=0. Latency is that of 50 clients, from before the publish to after the read.",
            [$"Mosquitto {Mosquitto.Version()}", .. peers.Select(peer => peer.Version)]);
        Func<Certificate?, Task<Contender>>[] others =
        [
            certificate => Contender.StartMosquitto(folder, certificate, cancel),
            .. peers.Select(peer => (Func<Certificate?, Task<Contender>>)(certificate => Contender.StartPeer(peer.Peer, folder, certificate, cancel))),
        ];
        var cases = FanoutCase.All.Where(one => letters.Contains(one.Letter)).Select(one => arguments.Smoke ? one with { Clients = Math.Min(one.Clients, 50) } : one);
        var results = new List<Comparison>();
        foreach (var one in cases)
            results.Add(await Comparison.Measure(one, seconds, rounds, one.IsCompressed ? [Server(false), Server(true)] : [.. others, Server(false)], folder, arguments.Smoke, cancel));
        if (results.Count > 0) Print(results);
        if (letters.Contains(MostSustainedCase)) await MostSustained.Run(MostSustainedCase, [.. others, Server(false)], arguments.Smoke, cancel);
        if (letters.Contains(IdleMemoryCase)) await IdleMemory.Run(IdleMemoryCase, folder, published, arguments, cancel);
        if (!arguments.Smoke && results.FirstOrDefault(result => result.Server.Missing > Comparison.MostMissing) is { } lacking)
            throw new BenchmarkException($"{lacking.Case}: the server left out {100 * lacking.Server.Missing:0.0} % of the messages.");

        Func<Certificate?, Task<Contender>> Server(bool isCompressed) => certificate => Contender.StartServer(folder, published, arguments, certificate, cancel, isCompressed);
    }

    static void Print(List<Comparison> results)
    {
        Table(
            ["", "CPU-s per million deliveries", "of them without clients", "deliveries/s", "p50 ms", "p99 ms", "max ms", "missing %", "bytes a message", "messages a read", "clients' CPU-s per million", "cores of others"],
            results.SelectMany(result => result.Others.Append(result.Server).Select(outcome => Row(result.Case, outcome))));
        Table(
            ["server / other, median of rounds", "CPU", "p50", "p99", "bytes"],
            results.SelectMany(result => result.Others.Select((other, index) => Ratios(result, other, index == 0 ? result.Case.Goals : new Goals()))));
    }

    static string[] Row(FanoutCase one, Outcome outcome) =>
    [
        $"{one}, {outcome.Name}",
        Figure(outcome.Median(round => round.CpuMicroseconds), 1),
        Figure(outcome.CpuSecondsWithoutClients / outcome.Median(round => round.Expected) * 1e6, 1),
        Figure(outcome.Median(round => round.PerSecond), 0),
        Figure(outcome.Median(round => round.Reception.P50), 2),
        Figure(outcome.Median(round => round.Reception.P99), 2),
        Figure(outcome.Rounds.Max(round => round.Reception.Max), 1),
        Figure(100 * outcome.Missing, 2),
        Figure(outcome.Median(round => round.BytesAMessage), 0),
        Figure(outcome.Median(round => (double)round.Reception.Frames / round.Reception.Reads), 2),
        Figure(outcome.Median(round => round.ReceiverCpuMicroseconds), 1),
        Figure(outcome.Median(round => round.OthersCpuSeconds / round.Seconds), 2),
    ];

    static string[] Ratios(Comparison result, Outcome other, Goals goals) =>
    [
        $"{result.Case}, {result.Server.Name} / {other.Name}",
        Judged(result.Ratio(other, round => round.CpuMicroseconds), goals.Cpu),
        Judged(result.Ratio(other, round => round.Reception.P50), goals.P50),
        Judged(result.Ratio(other, round => round.Reception.P99), goals.P99),
        Judged(result.Ratio(other, round => round.BytesAMessage), goals.Bytes),
    ];

    static string Judged(double ratio, double? goal) =>
        goal is null ? Figure(ratio, 2) : $"{Figure(ratio, 2)} (≤ {Figure(goal.Value, 2)}: {(ratio <= goal ? "met" : "missed")})";
}
