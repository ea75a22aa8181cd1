using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Reactive.Concurrency;
using System.Text;
using Telemetry.Core.Ingest;
using Telemetry.Core.Live;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.TroubleCodes;
using Telemetry.Core.Vehicles;

namespace Telemetry.Partitions;

/// <summary>Messages a second through the live pipeline alone, with one partition and with several: without a broker and without history, which use most of the processors in the server.</summary>
static class Program
{
    const string Usage = "usage: scripts/bench partitions [--vehicles 10000] [--messages 500 (of each thread in a burst)] [--bursts 2000 (of each case)] [--threads 2]";

    // Each message has two readings, as a WiCAN dongle groups them.
    static readonly ReadOnlySequence<byte>[] Payloads =
        [.. Enumerable.Range(0, 100).Select(i => new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes($$"""{"rpm":{{900 + 10 * i}},"vehicle_speed":{{i}}}""")))];

    static int Main(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var options = new Dictionary<string, int> { ["vehicles"] = 10_000, ["messages"] = 500, ["bursts"] = 2000, ["threads"] = 2 };
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 < args.Length && args[i].StartsWith("--", StringComparison.Ordinal) && options.ContainsKey(args[i][2..]) && int.TryParse(args[i + 1], out var number) && number > 0)
            {
                options[args[i][2..]] = number;
                continue;
            }

            Console.Error.WriteLine(Usage);
            return 1;
        }

        var (threads, messages) = (options["threads"], options["messages"]);
        var cases = new (int Threads, int Partitions)[] { (1, 1), (threads, 1), (threads, threads) };
        var pipelines = cases.Select(one => new Pipeline(one.Partitions, options["vehicles"])).ToArray();
        var rates = cases.Select(_ => new List<double>()).ToArray();
        // Bursts of the cases alternate, so that other work on the machine slows all of them alike. The first two warm up.
        for (var burst = -2; burst < options["bursts"]; burst++)
        {
            for (var i = 0; i < cases.Length; i++)
            {
                var rate = pipelines[i].Burst(cases[i].Threads, messages);
                if (burst >= 0) rates[i].Add(rate);
            }
        }

        Console.WriteLine($"### Partitions\n\n{Environment.ProcessorCount} processors, {options["vehicles"]} vehicles, {options["bursts"]} bursts of {messages} messages a thread.\n");
        Console.WriteLine("| threads | partitions | messages/s, median | messages/s, fastest burst | ratio of the fastest to one thread | median ratio of neighbouring bursts |\n|---:|---:|---:|---:|---:|---:|");
        for (var i = 0; i < cases.Length; i++)
        {
            var ratios = rates[i].Zip(rates[0], (rate, one) => rate / one);
            Console.WriteLine($"| {cases[i].Threads} | {cases[i].Partitions} | {Median(rates[i]):F0} | {rates[i].Max():F0} | {rates[i].Max() / rates[0].Max():F2} | {Median(ratios):F2} |");
        }

        return 0;
    }

    static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    sealed class Pipeline
    {
        readonly LiveInput _input;
        readonly string[] _topics;
        int _sent;

        public Pipeline(int partitions, int vehicles)
        {
            var limits = new PresenceLimits(null, TimeSpan.FromMinutes(1));
            var scheduler = DefaultScheduler.Instance;
            var graphs = new LiveGraphs(partitions, new Pacing(TimeSpan.Zero, limits), scheduler);
            foreach (var graph in graphs.All) graph.Updates.Subscribe(_ => { });
            var (signals, registry, codes, counters) = (new SignalCatalog(), new VehicleRegistry(), new TroubleCodeRegistry(), new IngestCounters());
            var registrations = new RegistrationLimit(0);
            _input = new LiveInput(new TopicRules("wican/#", [], signals), registry, codes, counters, graphs,
                partition => new MessageReader(partition, signals, registry, registrations, new AnswerSources(signals, limits, scheduler), codes, counters), scheduler);
            _topics = [.. Enumerable.Range(0, vehicles).Select(i => $"wican/car{i}")];
        }

        /// <summary>Messages a second of all threads together.</summary>
        public double Burst(int threads, int messages)
        {
            var first = _sent;
            _sent += threads * messages;
            var (ready, ended) = (0, 0);
            var start = 0L;
            // Each thread has its own vehicles, as each connection of a dongle has one.
            var others = Enumerable.Range(1, threads - 1).Select(thread => new Thread(() => Send(thread))).ToArray();
            foreach (var other in others) other.Start();
            Send(0);
            // The threads start and end by spinning: a burst is shorter than a sleeping thread needs to wake up.
            SpinWait.SpinUntil(() => Volatile.Read(ref ended) == threads);
            var elapsed = Stopwatch.GetElapsedTime(start);
            foreach (var other in others) other.Join();
            return threads * messages / elapsed.TotalSeconds;

            void Send(int thread)
            {
                Interlocked.Increment(ref ready);
                while (Volatile.Read(ref ready) < threads) Thread.SpinWait(1);
                if (thread == 0) start = Stopwatch.GetTimestamp();
                for (var i = 0; i < messages; i++)
                {
                    var number = first + thread + threads * i;
                    if (_input.Take(_topics[number % _topics.Length], Payloads[number % Payloads.Length], retained: false) is null)
                        throw new InvalidOperationException("A message has no reading.");
                }

                Interlocked.Increment(ref ended);
            }
        }
    }
}
