using System.Diagnostics;
using Dapper;
using Telemetry.Bench.Rig;
using static Telemetry.Bench.Rig.Report;

namespace Telemetry.Bench.Chaos;

/// <summary>Hits server, database and broker at random while readings come; in the end every acknowledged one must be one row, in order.</summary>
static class ChaosBenchmark
{
    static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(120);
    static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(3);
    static readonly TimeSpan SampleInterval = TimeSpan.FromSeconds(1);

    public static async Task Run(Arguments arguments, CancellationToken cancel)
    {
        var published = arguments.Text("server");
        var hits = arguments.Number("hits", usual: 30, smoke: 3, most: 300);
        var rate = arguments.Number("rate", usual: 2400, smoke: 2400, most: 100_000);
        var inflight = arguments.Number("inflight", usual: 20, smoke: 20, most: 60_000);
        var seed = arguments.Number("seed", usual: Random.Shared.Next(1, 1_000_000), smoke: Random.Shared.Next(1, 1_000_000), most: 1_000_000);
        arguments.NoMore();
        Line($"Seed {seed}: --seed {seed} gives the same hits at the same times again.");

        using var folder = new TempFolder();
        await using var rig = await ChaosRig.Start(folder, published, arguments, inflight, cancel);
        Head("Chaos", $"{rate} readings/s at QoS 1 from 4 connections, {hits} hits, max_inflight_messages {inflight}.", $"Mosquitto {Mosquitto.Version()}", await rig.Postgres.Describe());
        var (verdict, memory) = await Endure(rig, Hit.Plan(seed, hits), rate, cancel);
        var lives = memory.GroupBy(sample => sample.Process).Select(life => string.Concat(life.Select(sample => $" {sample.Seconds:0}:{sample.Mib:0}")));
        Line();
        Line($"Server's resident memory, MiB at seconds of its life; a new line is a new process:\n{string.Join('\n', lives)}");
        if (verdict.Problems > 0) throw new BenchmarkException($"Seed {seed}: {verdict.Problems} readings are not as they must be.");
    }

    /// <summary>Publishes while all of that happens, then counts.</summary>
    public static async Task<(ChaosVerdict Verdict, IReadOnlyList<MemorySample> Memory)> Endure(ChaosRig rig, IReadOnlyList<Hit> plan, int rate, CancellationToken cancel)
    {
        // Two cars send a signal a message, two send two: 1 + 1 + 2 + 2 readings for a message of each. None has a physical range.
        var perCar = rate / 6.0;
        var most = (int)(perCar * (plan[^1].At.TotalSeconds * 3 + 300));
        ChaosPublisher[] cars =
        [
            new("car1", ["odometer"], () => rig.Broker.Port, perCar, most), new("car2", ["odometer"], () => rig.Broker.Port, perCar, most),
            new("car3", ["odometer", "distance"], () => rig.Broker.Port, perCar, most), new("car4", ["odometer", "distance"], () => rig.Broker.Port, perCar, most),
        ];

        using var ending = new CancellationTokenSource();
        using var sampling = new CancellationTokenSource();
        var publishing = Task.WhenAll(cars.Select(car => Task.Run(() => car.Run(ending.Token, cancel), cancel)));
        var memory = rig.SampleMemory(SampleInterval, sampling.Token);
        try
        {
            await Task.WhenAll(plan.Select(hit => rig.Take(hit, cancel)));
            rig.Say("all hits taken");
            await Task.Delay(TimeSpan.FromSeconds(2), cancel);
            await ending.CancelAsync();
            await publishing.WaitAsync(TimeSpan.FromSeconds(30), cancel);
        }
        catch
        {
            await sampling.CancelAsync();
            throw;
        }

        var publishSeconds = rig.Clock.Elapsed.TotalSeconds;
        rig.Say($"{cars.Sum(car => car.Last)} messages published, all acknowledged by the broker, {cars.Sum(car => car.Repeated)} sent again");

        var verdict = await WaitForRows(rig, cars, cancel);
        var health = await rig.Server.Health(cancel);
        await sampling.CancelAsync();
        Table(
            ["", "messages", "sent again", "readings acknowledged", "rows", "lost", "doubled", "out of order", "never published"],
            verdict.Rows);
        Line();
        Line($"Average {cars.Sum(car => car.Last * car.Signals.Count) / publishSeconds:0} readings/s, outages included. Ready in the end: {health}");
        if (verdict.Problems > 0)
        {
            foreach (var example in verdict.Examples) Line(example);
            foreach (var line in rig.Log) Line(line);
        }

        return (verdict, await memory);
    }

    static async Task<ChaosVerdict> WaitForRows(ChaosRig rig, ChaosPublisher[] cars, CancellationToken cancel)
    {
        var (since, seen) = (Stopwatch.GetTimestamp(), -1L);
        var begin = since;
        await using var connection = Postgres.Connect(rig.Store);
        await connection.OpenAsync(cancel);
        while (Stopwatch.GetElapsedTime(begin) < DrainTime)
        {
            var rows = await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT count(*) FROM readings", cancellationToken: cancel));
            if (rows > seen) (since, seen) = (Stopwatch.GetTimestamp(), rows);
            if (rows >= cars.Sum(car => (long)car.Acknowledged * car.Signals.Count) && Stopwatch.GetElapsedTime(since) > SettleTime) break;
            await Task.Delay(200, cancel);
        }

        rig.Say($"{seen} rows, no more since {Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} s");
        var verdict = new ChaosVerdict();
        foreach (var car in cars)
        {
            foreach (var signal in car.Signals)
            {
                var rows = await connection.QueryAsync<(DateTime, double)>(new CommandDefinition("""
                    SELECT r.recorded_at, r.value FROM readings r JOIN vehicles v USING (vehicle_id) JOIN signals s USING (signal_id)
                    WHERE v.device = @Device AND s.name = @signal ORDER BY r.recorded_at
                    """, new { car.Device, signal }, cancellationToken: cancel));
                verdict.Judge(car, signal, [.. rows], rig);
            }
        }

        return verdict;
    }
}
