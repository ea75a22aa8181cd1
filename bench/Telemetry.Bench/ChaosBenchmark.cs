using System.Collections.Concurrent;
using System.Diagnostics;
using Dapper;
using Npgsql;
using static Telemetry.Bench.Report;

namespace Telemetry.Bench;

/// <summary>Hits server, database and broker at random while readings come; in the end every acknowledged one must be one row, in order.</summary>
static class ChaosBenchmark
{
    const int ExamplesShown = 10;
    const int LogLines = 1000;

    static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(120);
    static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(3);
    static readonly TimeSpan SampleInterval = TimeSpan.FromSeconds(1);

    public static async Task Run(Arguments arguments, CancellationToken cancel)
    {
        var published = arguments.Text("server");
        var hits = arguments.Number("hits", usual: 30, smoke: 6, most: 300);
        var rate = arguments.Number("rate", usual: 2400, smoke: 2400, most: 100_000);
        var inflight = arguments.Number("inflight", usual: 20, smoke: 20, most: 60_000);
        var seed = arguments.Number("seed", usual: Random.Shared.Next(1, 1_000_000), smoke: Random.Shared.Next(1, 1_000_000), most: 1_000_000);
        arguments.NoMore();
        Line($"Seed {seed}: --seed {seed} gives the same hits at the same times again.");

        using var folder = new TempFolder();
        await using var rig = await Rig.Start(folder, published, arguments, inflight, cancel);
        Head("Chaos", $"{rate} readings/s at QoS 1 from 4 connections, {hits} hits, max_inflight_messages {inflight}.", $"Mosquitto {Mosquitto.Version()}", await rig.Postgres.Describe());
        var verdict = await Endure(rig, Hit.Plan(seed, hits), rate, cancel);
        if (verdict.Problems > 0) throw new BenchmarkException($"Seed {seed}: {verdict.Problems} readings are not as they must be.");
    }

    static async Task<Verdict> Endure(Rig rig, IReadOnlyList<Hit> plan, int rate, CancellationToken cancel)
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
        Line();
        Line($"Server's resident memory, MiB at seconds of its life; a new line is a new process: {string.Concat(await memory)}");
        if (verdict.Problems > 0)
        {
            foreach (var example in verdict.Examples) Line(example);
            foreach (var line in rig.Log) Line(line);
        }

        return verdict;
    }

    static async Task<Verdict> WaitForRows(Rig rig, ChaosPublisher[] cars, CancellationToken cancel)
    {
        var (since, seen) = (Stopwatch.GetTimestamp(), -1L);
        var begin = since;
        await using var connection = new NpgsqlConnection(rig.Store);
        await connection.OpenAsync(cancel);
        while (Stopwatch.GetElapsedTime(begin) < DrainTime && Stopwatch.GetElapsedTime(since) < SettleTime * 4)
        {
            var rows = await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT count(*) FROM readings", cancellationToken: cancel));
            if (rows > seen) (since, seen) = (Stopwatch.GetTimestamp(), rows);
            if (rows >= cars.Sum(car => (long)car.Acknowledged * car.Signals.Count) && Stopwatch.GetElapsedTime(since) > SettleTime) break;
            await Task.Delay(200, cancel);
        }

        rig.Say($"{seen} rows, no more since {Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} s");
        var verdict = new Verdict();
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

    /// <summary>What has become of the readings.</summary>
    sealed class Verdict
    {
        readonly Dictionary<(string, string, string), int> _shown = [];

        public List<string[]> Rows { get; } = [];

        public List<string> Examples { get; } = [];

        public long Problems { get; private set; }

        public void Judge(ChaosPublisher car, string signal, IReadOnlyList<(DateTime At, double Value)> rows, Rig rig)
        {
            var found = new int[car.Last + 1];
            var highest = 0;
            long lost = 0, doubled = 0, outOfOrder = 0, invented = 0;
            for (var row = 0; row < rows.Count; row++)
            {
                var (at, number) = rows[row];
                var value = (int)number;
                if (value != number || value < 1 || value > car.Last)
                {
                    invented++;
                    continue;
                }

                // What was sent again may come again, later than what came after it the first time.
                if (++found[value] == 1)
                {
                    if (value < highest) Example(ref outOfOrder, "out of order", value, $"{at:HH:mm:ss.ffffff}, after {highest}");
                    else highest = value;
                }
                else if (found[value] > car.Attempts(value))
                {
                    Example(ref doubled, "doubled", value, $"{at:HH:mm:ss.ffffff}, first {rows.First(earlier => earlier.Value == number).At:HH:mm:ss.ffffff}");
                }
            }

            for (var value = 1; value <= car.Last; value++)
            {
                if (found[value] > 0 || !car.IsAcknowledged(value)) continue;
                var first = value;
                while (value < car.Last && found[value + 1] == 0 && car.IsAcknowledged(value + 1)) value++;
                lost += value - first;
                Example(ref lost, "lost", first, $"and all up to {value}, published at {Seconds(value):0.000} s");
            }

            Problems += lost + doubled + outOfOrder + invented;
            Rows.Add([$"{car.Device} {signal}", $"{car.Last}", $"{car.Repeated}", $"{car.Acknowledged}", $"{rows.Count}", $"{lost}", $"{doubled}", $"{outOfOrder}", $"{invented}"]);

            void Example(ref long count, string what, int value, string more)
            {
                count++;
                if (_shown.TryGetValue((car.Device, signal, what), out var shown) && shown >= ExamplesShown) return;
                _shown[(car.Device, signal, what)] = shown + 1;
                Examples.Add($"{car.Device} {signal} {value} {what}: published at {Seconds(value):0.000} s, {car.Attempts(value)} times; {more}");
            }

            double Seconds(int value) => Stopwatch.GetElapsedTime(rig.StartedAt, car.PublishedAt(value)).TotalSeconds;
        }
    }

    /// <summary>Server, database and broker, each of which can be hit.</summary>
    sealed class Rig : IAsyncDisposable
    {
        readonly SemaphoreSlim _serverGate = new(1);
        readonly SemaphoreSlim _databaseGate = new(1);
        readonly SemaphoreSlim _brokerGate = new(1);
        readonly ConcurrentQueue<string> _log = new();
        Func<Server> _startServer = null!;

        public Postgres Postgres { get; private set; } = null!;

        public string Store { get; private set; } = "";

        public Mosquitto Broker { get; private set; } = null!;

        public Server Server { get; private set; } = null!;

        /// <summary>What server and broker have said, with times.</summary>
        public IEnumerable<string> Log => _log;

        public Stopwatch Clock { get; } = Stopwatch.StartNew();

        public long StartedAt { get; private set; }

        public static async Task<Rig> Start(TempFolder folder, string published, Arguments arguments, int inflight, CancellationToken cancel)
        {
            var rig = new Rig();
            try
            {
                rig.Postgres = await Postgres.Start(folder, cancel);
                rig.Store = await rig.Postgres.CreateDatabase(cancel);
                // It gives up root's rights, and then could not save what it holds; asked to end, it saves everything.
                rig.Broker = await Mosquitto.Start(folder, cancel, "user root", "persistence true", $"persistence_location {Directory.CreateDirectory(folder.NewPath("mosquitto")).FullName}/", "autosave_interval 0",
                    "max_queued_messages 0", $"max_inflight_messages {inflight}");
                var spool = folder.NewPath("spool.db");
                rig._startServer = () =>
                {
                    var server = Server.Start(folder, published, arguments,
                        $"--ConnectionStrings:Telemetry={rig.Store}", "--Mqtt:Host=127.0.0.1", $"--Mqtt:Port={rig.Broker.Port}", $"--History:SpoolPath={spool}");
                    server.Process.Heard = line => rig.Keep("server", line);
                    return server;
                };
                rig.Broker.Process.Heard = line => rig.Keep("broker", line);
                rig.Server = rig._startServer();
                await rig.Server.WaitUntilReady(cancel); // From now on the broker keeps messages for it.
                rig.Clock.Restart();
                rig.StartedAt = Stopwatch.GetTimestamp();
                return rig;
            }
            catch
            {
                await rig.DisposeAsync();
                throw;
            }
        }

        public void Say(string what) => Line($"{Clock.Elapsed.TotalSeconds,8:0.000} s  {what}");

        public async Task Take(Hit hit, CancellationToken cancel)
        {
            if (hit.At > Clock.Elapsed) await Task.Delay(hit.At - Clock.Elapsed, cancel);
            var gate = hit.Blow switch { Blow.KillServer or Blow.EndServer => _serverGate, Blow.EndBroker => _brokerGate, _ => _databaseGate };
            await gate.WaitAsync(cancel);
            try
            {
                Say($"#{hit.Number} {hit.Blow} for {hit.Lasts.TotalSeconds:0.000} s");
                switch (hit.Blow)
                {
                    case Blow.KillServer or Blow.EndServer:
                        var isKill = hit.Blow == Blow.KillServer;
                        Server.Process.MustRun();
                        if (!await Server.Process.End(isKill ? UnixSignal.Kill : UnixSignal.Terminate, TimeSpan.FromSeconds(40))) Say($"#{hit.Number} the server did not end by itself: killed");
                        await Task.Delay(hit.Lasts, cancel);
                        await Server.DisposeAsync();
                        Server = _startServer();
                        break;
                    case Blow.CrashDatabase:
                        await Postgres.Crash();
                        await Task.Delay(hit.Lasts, cancel);
                        await Postgres.Resume(cancel);
                        break;
                    case Blow.FreezeDatabase:
                        Postgres.Freeze();
                        await Task.Delay(hit.Lasts, cancel);
                        Postgres.Thaw();
                        break;
                    case Blow.EndBroker:
                        if (!await Broker.Process.End(UnixSignal.Terminate, TimeSpan.FromSeconds(20))) throw new BenchmarkException("Mosquitto did not end, and cannot have saved what it holds.");
                        if (Log.LastOrDefault(line => line.Contains(" broker: ", StringComparison.Ordinal) && line.Contains("Error", StringComparison.Ordinal)) is { } error)
                            throw new BenchmarkException($"Mosquitto may not have saved what it holds: {error.Trim()}");
                        await Task.Delay(hit.Lasts, cancel);
                        await Broker.Resume(cancel);
                        Broker.Process.Heard = line => Keep("broker", line);
                        break;
                }

                Say($"#{hit.Number} over");
            }
            finally
            {
                gate.Release();
            }
        }

        void Keep(string part, string line)
        {
            _log.Enqueue($"{Clock.Elapsed.TotalSeconds,8:0.000} s  {part}: {line}");
            if (_log.Count > LogLines) _log.TryDequeue(out _);
        }

        /// <returns>A text: each process a line.</returns>
        public async Task<List<string>> SampleMemory(TimeSpan interval, CancellationToken end)
        {
            var samples = new List<string>();
            var last = 0;
            while (!end.IsCancellationRequested)
            {
                try
                {
                    var process = Server.Process;
                    var resident = ProcessUsage.ResidentMib(process.Id);
                    if (last != process.Id) samples.Add("\n");
                    last = process.Id;
                    samples.Add($" {Stopwatch.GetElapsedTime(process.StartedAt).TotalSeconds:0}:{resident:0}");
                }
                catch (Exception error) when (error is IOException or InvalidOperationException)
                {
                    // It is away.
                }

                await Task.Delay(interval, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return samples;
        }

        public async ValueTask DisposeAsync()
        {
            if (Server is not null) await Server.DisposeAsync();
            if (Broker is not null) await Broker.DisposeAsync();
            if (Postgres is not null) await Postgres.DisposeAsync();
            _serverGate.Dispose();
            _databaseGate.Dispose();
            _brokerGate.Dispose();
        }
    }
}
