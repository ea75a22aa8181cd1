using System.Diagnostics;
using Telemetry.Bench.Rig;
using static Telemetry.Bench.Rig.Report;

namespace Telemetry.Bench.Latency;

/// <summary>Time from a publish to its arrival at a browser: Mosquitto's own WebSocket listener against the server.</summary>
static class LatencyBenchmark
{
    /// <summary>Maximum time of a round's last message to every client.</summary>
    static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    /// <summary>Share of messages that may be replaced by newer ones before a client takes them: the server's contract, but not its habit.</summary>
    const double MostReplaced = 0.05;

    public static async Task Run(Arguments arguments, CancellationToken cancel)
    {
        var published = arguments.Text("server");
        var clients = arguments.Number("clients", usual: 10, smoke: 3);
        var rate = arguments.Number("rate", usual: 50, smoke: 50);
        var seconds = arguments.Number("seconds", usual: 20, smoke: 2);
        var rounds = arguments.Number("rounds", usual: 5, smoke: 2);
        arguments.NoMore();
        var perRound = rate * seconds / rounds;
        if (perRound is < 1 or >= Rpm.Count) throw new BenchmarkException($"A round would have {perRound} messages; it takes 1 to {Rpm.Count - 1}.");
        if (rate > 1000) throw new BenchmarkException("--rate takes 1 to 1000 messages a second.");

        using var folder = new TempFolder();
        await using var plain = await Contender.Mosquitto(folder, clients, cancel);
        await using var bridged = await Contender.ServerBehindMosquitto(folder, published, arguments, clients, cancel);
        await using var embedded = await Contender.ServerWithEmbeddedBroker(folder, published, arguments, clients, cancel);
        Contender[] contenders = [plain, bridged, embedded];

        // Methods that are called often are compiled anew while they run: that is over before the first figure counts.
        foreach (var contender in contenders) await Round.Run(contender, count: arguments.Smoke ? 50 : 500, rate: 100, DrainTime, cancel);
        for (var i = 0; i < rounds; i++)
        {
            // The order moves on with each round, so that nobody always comes first.
            foreach (var contender in contenders.Skip(i % contenders.Length).Concat(contenders.Take(i % contenders.Length)))
                contender.Rounds.Add(await Round.Run(contender, perRound, rate, DrainTime, cancel));
        }

        Head(
            "Latency: publish to browser",
            $"{clients} clients, {rate} messages/s at QoS 0, {seconds} s each in {rounds} interleaved rounds, all on loopback, after a warm-up. Mosquitto runs with set_tcp_nodelay. " +
            "For like with like the server runs with Stream:UpdateInterval=0; by default it sends each vehicle's picture at most once per 40 ms.",
            $"Mosquitto {Rig.Mosquitto.Version()}");
        Print(contenders);
        Judge(contenders, arguments.Smoke);
    }

    static void Print(Contender[] contenders)
    {
        Table(
            ["", "p50 ms", "p99 ms", "max ms", "sent", "received", "replaced by newer", "lost", "CPU, % of a core"],
            contenders.Select(contender => Row($"{contender.Letter}: {contender.Name}", contender.Rounds)));
        Table(
            ["ratio, median of rounds", "p50", "p99"],
            contenders.Skip(1).Select(contender => new[]
            {
                $"{contender.Letter} / {contenders[0].Letter}",
                Figure(MedianRatio(contender, contenders[0], round => round.Latency.P50), 2),
                Figure(MedianRatio(contender, contenders[0], round => round.Latency.P99), 2),
            }));
        Table(
            ["round", "p50 ms", "p99 ms", "max ms", "sent", "received", "replaced by newer", "lost", "CPU, % of a core"],
            contenders[0].Rounds.SelectMany((_, i) => contenders.Select(contender => Row($"{i + 1} {contender.Letter}", [contender.Rounds[i]]))));
    }

    static string[] Row(string name, List<Round> rounds)
    {
        var latency = new Percentiles(rounds.SelectMany(round => round.Milliseconds));
        return
        [
            name,
            Figure(latency.P50, 2),
            Figure(latency.P99, 2),
            Figure(latency.Max, 2),
            Figure(rounds.Sum(round => round.Sent), 0),
            Figure(rounds.Sum(round => round.Milliseconds.Count), 0),
            Figure(rounds.Sum(round => round.Replaced), 0),
            Figure(rounds.Sum(round => round.Lost), 0),
            Figure(100 * rounds.Sum(round => round.CpuSeconds) / rounds.Sum(round => round.WallSeconds), 1),
        ];
    }

    static double MedianRatio(Contender of, Contender to, Func<Round, double> figure) =>
        Percentiles.Median(of.Rounds.Zip(to.Rounds, (mine, theirs) => figure(mine) / figure(theirs)));

    static void Judge(Contender[] contenders, bool isSmoke)
    {
        foreach (var contender in contenders)
        {
            var sent = contender.Rounds.Sum(round => round.Sent);
            if (contender.Rounds.Sum(round => round.Lost) is > 0 and var lost)
                throw new BenchmarkException($"{contender.Letter} lost {lost} of {sent} messages.");
            if (!isSmoke && contender.Rounds.Sum(round => round.Replaced) is var replaced && replaced > (contender.MayReplace ? MostReplaced * sent : 0))
                throw new BenchmarkException($"{contender.Letter} left out {replaced} of {sent} messages.");
        }
    }

    /// <summary>One way from a publisher to browsers.</summary>
    sealed class Contender(string letter, string name, bool mayReplace) : IAsyncDisposable
    {
        readonly Stack<IAsyncDisposable> _parts = new();
        readonly List<Subscriber> _subscribers = [];
        readonly List<int> _processes = [];

        public string Letter => letter;

        public string Name => name;

        /// <summary>True if a newer message may take the place of one not sent yet.</summary>
        public bool MayReplace => mayReplace;

        public List<Round> Rounds { get; } = [];

        public List<Subscriber> Subscribers => _subscribers;

        public Publisher Publisher { get; private set; } = null!;

        public static Task<Contender> Mosquitto(TempFolder folder, int clients, CancellationToken cancel) =>
            new Contender("A", "Mosquitto, MQTT over WebSocket", mayReplace: false).Build(async contender =>
            {
                var broker = contender.Own(await Rig.Mosquitto.Start(folder, cancel));
                contender._processes.Add(broker.Process.Id);
                await contender.Connect(() => MqttSubscriber.Connect(new Uri($"ws://127.0.0.1:{broker.WebSocketPort}/mqtt"), cancel), clients);
                contender.Publisher = contender.Own(await Publisher.Connect(broker.Port, cancel));
            });

        public static Task<Contender> ServerBehindMosquitto(TempFolder folder, string published, Arguments arguments, int clients, CancellationToken cancel) =>
            new Contender("B", "server behind Mosquitto", mayReplace: true).Build(async contender =>
            {
                var broker = contender.Own(await Rig.Mosquitto.Start(folder, cancel));
                contender._processes.Add(broker.Process.Id);
                var server = contender.Own(Server.Start(
                    folder, published, arguments, "--Mqtt:Host=127.0.0.1", $"--Mqtt:Port={broker.Port}", "--Stream:UpdateInterval=00:00:00"));
                await contender.ConnectTo(server, broker.Port, clients, cancel);
            });

        public static Task<Contender> ServerWithEmbeddedBroker(TempFolder folder, string published, Arguments arguments, int clients, CancellationToken cancel) =>
            new Contender("C", "server with embedded broker", mayReplace: true).Build(async contender =>
            {
                var server = contender.Own(Server.Start(folder, published, arguments, "--Stream:UpdateInterval=00:00:00"));
                await contender.ConnectTo(server, server.BrokerPort, clients, cancel);
            });

        public double CpuSeconds() => _processes.Sum(ProcessUsage.CpuSeconds);

        public async ValueTask DisposeAsync()
        {
            while (_parts.TryPop(out var part)) await part.DisposeAsync();
        }

        async Task<Contender> Build(Func<Contender, Task> build)
        {
            try
            {
                await build(this);
                return this;
            }
            catch
            {
                await DisposeAsync();
                throw;
            }
        }

        async Task ConnectTo(Server server, int brokerPort, int clients, CancellationToken cancel)
        {
            await server.WaitUntilReady(cancel);
            _processes.Add(server.Process.Id);
            await Connect(() => TelemetrySubscriber.Connect(server.LiveSocket, cancel), clients);
            Publisher = Own(await Publisher.Connect(brokerPort, cancel));
        }

        async Task Connect(Func<Task<Subscriber>> connect, int clients)
        {
            for (var i = 0; i < clients; i++) _subscribers.Add(Own(await connect()));
        }

        T Own<T>(T part) where T : IAsyncDisposable
        {
            _parts.Push(part);
            return part;
        }
    }

    /// <summary>Result of one contender in one round.</summary>
    /// <param name="Sent">Messages published, times clients.</param>
    /// <param name="Milliseconds">From each publish to each arrival.</param>
    /// <param name="Replaced">What did not come though something newer did.</param>
    /// <param name="Lost">What did not come, and nothing newer either.</param>
    /// <param name="CpuSeconds">Processor time of broker and server, the drain included.</param>
    /// <param name="WallSeconds">Length of the round.</param>
    sealed record Round(int Sent, IReadOnlyList<double> Milliseconds, int Replaced, int Lost, double CpuSeconds, double WallSeconds)
    {
        public Percentiles Latency { get; } = new(Milliseconds);

        public static async Task<Round> Run(Contender contender, int count, double rate, TimeSpan drain, CancellationToken cancel)
        {
            foreach (var subscriber in contender.Subscribers) subscriber.Forget();
            var cpuBefore = contender.CpuSeconds();
            var begin = Stopwatch.GetTimestamp();
            var sent = await contender.Publisher.Publish(count, rate, cancel);

            var waitedSince = Stopwatch.GetTimestamp();
            while (contender.Subscribers.Any(subscriber => subscriber.ArrivalOf(sent[^1].Value) == 0) && Stopwatch.GetElapsedTime(waitedSince) < drain)
                await Task.Delay(TimeSpan.FromMilliseconds(5), cancel);

            var wall = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            var cpu = contender.CpuSeconds() - cpuBefore;
            var milliseconds = new List<double>();
            int replaced = 0, lost = 0;
            foreach (var subscriber in contender.Subscribers)
            {
                var somethingNewerCame = false;
                foreach (var (value, at) in Enumerable.Reverse(sent))
                {
                    var arrival = subscriber.ArrivalOf(value);
                    if (arrival != 0) milliseconds.Add(Stopwatch.GetElapsedTime(at, arrival).TotalMilliseconds);
                    else if (somethingNewerCame) replaced++;
                    else lost++;
                    somethingNewerCame |= arrival != 0;
                }
            }

            return new Round(sent.Count * contender.Subscribers.Count, milliseconds, replaced, lost, cpu, wall);
        }
    }
}
