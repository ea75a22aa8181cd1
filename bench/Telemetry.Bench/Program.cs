using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Telemetry.Bench.Chaos;
using Telemetry.Bench.Cluster;
using Telemetry.Bench.Fairness;
using Telemetry.Bench.Fanout;
using Telemetry.Bench.Ingest;
using Telemetry.Bench.Latency;
using Telemetry.Bench.Native;
using Telemetry.Bench.Pages;
using Telemetry.Bench.Playback;
using Telemetry.Bench.Queries;
using Telemetry.Bench.Rig;
using Telemetry.Bench.Soak;
using Telemetry.Bench.Start;
using Telemetry.Bench.Vehicles;

[assembly: SupportedOSPlatform("linux")]

namespace Telemetry.Bench;

/// <summary>Measures the published server from outside, as a dongle and a browser meet it. Loopback only.</summary>
static class Program
{
    const string Usage = """
        usage: scripts/bench latency|fanout|fairness|vehicles|start|native|ingest|queries|playback|chaos|cluster|soak|pages|screenshots [--smoke] [--option value ...] [--Section:Key=value ...] [--env:NAME=value ...]

          latency   publish-to-browser time against Mosquitto's own WebSocket listener
                    --clients 10  --rate 50 (messages/s)  --seconds 20 (of each contender)  --rounds 5
          fanout    CPU time, latency and memory for many browsers against the same, and against FastAPI and Node
                    --cases ABCDEFGHI  --seconds 6 (of each round)  --rounds 3  --peers FastAPI,Node (or none)
          fairness  what readers notice of clients that do not read, vanish or send garbage
                    --readers 5000  --each 100 (bad clients of each kind)  --pause 1000 (ms between two tries of one)  --seconds 22  --rounds 3
          vehicles  a hundred thousand vehicles with a reading a second each
                    --vehicles 100000  --seconds 60
          start     time from process start to ready, and idle memory
                    --runs 5  --idle 10 (seconds)
          native    the native executable beside the build for the runtime: file, start, memory, cost of a delivery
                    --runs 5  --idle 10 (seconds)  --vehicles 10000  --clients 1000  --seconds 6 (of each round)  --rounds 5
          ingest    readings a second from publish to durable row, and which part limits
                    --readings 300000 (single; twice as many grouped)  --vehicles 100  --warm-up 100000  --cases ABCDEF
          queries   time of charts and of a start over a large store
                    --rows 50 (millions)  --cars 4  --days 365  --requests 40
                    --data FOLDER (keeps the filled store for the next run)
          playback  time of a seek, what live clients notice of playbacks, and their memory, over a month of one car
                    --rows 10 (millions)  --days 30  --seeks 200  --viewers 10  --rounds 5  --seconds 60 (of memory)
          chaos     kills server, database and broker at random, then counts every reading
                    --hits 30  --rate 2400 (readings/s)  --inflight 20  --seed (random)
          cluster   kills, hangs and stops instances of a cluster, its database and its broker, then counts rows, ids and alerts
                    --vehicles 600  --seconds 600  --seed (random)  --faults all (none, or a kind: Kill, Hang, Terminate, Database, Broker)  --instances 3 (1: Telemetry.Api, to compare with)
          soak      memory of one server over a long time, through outages of database and broker
                    --minutes 20  --rate 2400 (readings/s)  --seed 1
          pages     first number, frames and heap of the pages in Chromium
                    --visits 7  --messages 90000 (of the heap's hour)  --rate 250  --seconds 10 (of frames)
          screenshots  the pictures of the README, through scripts/screenshots
                    --into FOLDER  --seconds 200 (of driving before)

        --smoke: a size that ends within seconds. --Section:Key=value and --env:NAME=value reach the server.
        """;

    /// <summary>No benchmark may run for longer, whatever hangs.</summary>
    static readonly TimeSpan MostTime = TimeSpan.FromHours(1);

    static readonly Dictionary<string, Func<Arguments, CancellationToken, Task>> Benchmarks = new()
    {
        ["latency"] = LatencyBenchmark.Run,
        ["fanout"] = FanoutBenchmark.Run,
        ["receive"] = (arguments, _) => // The clients of fanout.
        {
            Receiving.Run(arguments);
            return Task.CompletedTask;
        },
        ["fairness"] = FairnessBenchmark.Run,
        ["misbehave"] = Misbehaving.Run, // The bad clients of fairness.
        ["vehicles"] = VehiclesBenchmark.Run,
        ["start"] = StartBenchmark.Run,
        ["native"] = NativeBenchmark.Run,
        ["ingest"] = IngestBenchmark.Run,
        ["queries"] = QueriesBenchmark.Run,
        ["playback"] = PlaybackBenchmark.Run,
        ["chaos"] = ChaosBenchmark.Run,
        ["cluster"] = ClusterBenchmark.Run,
        ["soak"] = SoakBenchmark.Run,
        ["pages"] = PagesBenchmark.Run,
        ["screenshots"] = Screenshots.Run,
    };

    static async Task<int> Main(string[] args)
    {
        using var stop = new CancellationTokenSource(MostTime);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            var arguments = Arguments.Parse(args);
            if (!Benchmarks.TryGetValue(arguments.Benchmark, out var run)) throw new BenchmarkException(Usage);
            await run(arguments, stop.Token);
            return 0;
        }
        catch (BenchmarkException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped before the end.");
            return 1;
        }
        catch (Exception error)
        {
            // Left unhandled, it would end the process before the servers that it started are ended.
            await Console.Error.WriteLineAsync(error.ToString());
            return 1;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }
}
