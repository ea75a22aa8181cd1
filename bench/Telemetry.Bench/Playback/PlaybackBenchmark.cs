using System.Diagnostics;
using Telemetry.Bench.Queries;
using Telemetry.Bench.Rig;
using static Telemetry.Bench.Rig.Report;

namespace Telemetry.Bench.Playback;

/// <summary>Playback out of a month of one car, day and night: how fast an instant is found, what live clients notice, and memory.</summary>
static class PlaybackBenchmark
{
    const int Car = 2;
    const int LiveClients = 10;
    const int PerSecond = 20; // Of each car, so that no message waits for the rate limit.
    const int RoundSeconds = 10;

    /// <summary>Five cars: enough messages for a percentile.</summary>
    static readonly string[] LiveTopics = [.. Enumerable.Range(1, 5).Select(car => $"wican/live{car}/rpm")];

    /// <summary>No faster than the server looks for another one.</summary>
    static readonly TimeSpan BetweenSeeks = TimeSpan.FromMilliseconds(45);

    static readonly string[] Signals = ["rpm", "vehicle_speed", "coolant_temperature", "engine_load", "control_module_voltage", "fuel_rail_pressure"];

    public static async Task Run(Arguments arguments, CancellationToken cancel)
    {
        var published = arguments.Text("server");
        var rows = arguments.Smoke ? arguments.Number("rows", usual: 0, smoke: 1) * 60_000L : arguments.Number("rows", usual: 10, smoke: 0, most: 100) * 1_000_000L;
        var days = arguments.Number("days", usual: 30, smoke: 2, most: 365);
        var seeks = arguments.Number("seeks", usual: 200, smoke: 10);
        var viewers = arguments.Number("viewers", usual: 10, smoke: 2, most: 1000);
        var rounds = arguments.Number("rounds", usual: 5, smoke: 1);
        var seconds = arguments.Number("seconds", usual: 60, smoke: 1);
        arguments.NoMore();

        using var folder = new TempFolder();
        await using var postgres = await Postgres.Start(folder, cancel);
        var database = await postgres.CreateDatabase(cancel);
        string inPostgres = $"--ConnectionStrings:Telemetry={database}", inSqlite = $"--History:SqlitePath={folder.NewPath("month.db")}";
        foreach (var store in new[] { inPostgres, inSqlite }) await using (await StartServer(store)) { } // Makes the schema.
        await YearOfReadings.Fill(database, Signals, fleetSize: Car, rows, cars: 1, days, cancel);
        var from = await SqliteMonth.Fill(inSqlite.Split('=', 2)[1], Signals, rows, days, cancel);

        var (found, lists) = (new List<string[]>(), new List<string[]>());
        var live = new List<string[]>();
        var memory = new List<string[]>();
        foreach (var (name, store) in new[] { ("PostgreSQL", inPostgres), ("SQLite", inSqlite) })
        {
            await using var server = await StartServer(store);
            found.AddRange(await Seeks(server, name));
            lists.Add(Row($"{name}: drives of {days} days, day and night", await Times(5, () => server.Get($"/drives?vehicle_id={Car}&{Range}", cancel))));
            live.Add(await Live(server, name));
            memory.Add(await Memory(server, name));
        }

        Head("Playback", $"{rows / 1e6:0.0} M readings of one car, six signals, day and night for {days} days, in PostgreSQL and in SQLite; default settings.", await postgres.Describe());
        Table(["", "p50 ms", "p95 ms", "max ms", "requests"], found.Concat(lists));
        Table([$"live messages of {LiveTopics.Length} cars, {PerSecond} a second each, to {LiveClients} clients", "p99 ms alone", $"p99 ms beside {viewers} playbacks", "ratio, median of rounds", "CPU, % of a core, alone / beside"], live);
        Table([$"{viewers} playbacks of the month at 60 × for {seconds} s", "MiB resident after 1/6", "after 1/3", "after 1/2", "after 2/3", "after 5/6", "at the end", "messages/s"], memory);

        string Range() => $"from={QueriesBenchmark.Iso(from)}&to={QueriesBenchmark.Iso(from.AddDays(days))}";

        async Task<Server> StartServer(string store)
        {
            var server = Server.Start(folder, published, arguments, store);
            await server.WaitUntilReady(cancel);
            await server.WaitUntilDirect(cancel);
            return server;
        }

        async Task<List<double>> Times(int count, Func<Task> action)
        {
            var times = new List<double>();
            while (times.Count < count)
            {
                var begin = Stopwatch.GetTimestamp();
                await action();
                times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            }

            return times;
        }

        DateTime Anywhere(Random random) => from.AddSeconds(random.Next(60, days * 86400));

        async Task<IEnumerable<string[]>> Seeks(Server server, string name)
        {
            var random = new Random(1);
            var opening = await Times(20, async () =>
            {
                await using var brief = await AccessScope.Connect(server, $"vehicle_id={Car}&from={QueriesBenchmark.Iso(Anywhere(random))}&to={QueriesBenchmark.Iso(from.AddDays(days))}", cancel);
                await brief.Next(cancel);
            });
            await using var viewer = await AccessScope.Connect(server, $"vehicle_id={Car}&{Range()}", cancel);
            await viewer.Say($"{{\"pause\":true,\"seek\":\"{QueriesBenchmark.Iso(from.AddDays(1).AddSeconds(30))}\"}}", cancel);
            while (!(await viewer.Next(cancel)).Contains($"\"{from.AddDays(1):yyyy-MM-dd}T00:00:", StringComparison.Ordinal))
            {
                // Of before the pause.
            }

            var times = new List<double>();
            while (times.Count < seeks)
            {
                times.Add(await viewer.Seek(Anywhere(random), cancel));
                await Task.Delay(BetweenSeeks, cancel);
            }

            return [Row($"{name}: connection to first message", opening), Row($"{name}: seek to first message", times)];
        }

        // Plays to all viewers, from anywhere in the first half, for as long as something else takes.
        async Task<double> Beside(Server server, Func<Task> something)
        {
            var random = new Random(2);
            await using var all = new Owned<AccessScope>();
            for (var i = 0; i < viewers; i++)
                all.Add(await AccessScope.Connect(server, $"vehicle_id={Car}&from={QueriesBenchmark.Iso(from.AddSeconds(random.Next(days * 43200)))}&to={QueriesBenchmark.Iso(from.AddDays(days))}&speed=60", cancel));
            var begin = Stopwatch.GetTimestamp();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var watching = all.Select(viewer => viewer.Watch(stop.Token)).ToList();
            await something();
            await stop.CancelAsync();
            return (await Task.WhenAll(watching)).Sum() / Stopwatch.GetElapsedTime(begin).TotalSeconds;
        }

        async Task<string[]> Live(Server server, string name)
        {
            var perSecond = PerSecond * LiveTopics.Length;
            await using var publisher = await Publisher.Connect(server.BrokerPort, cancel);
            await using var clients = new Owned<Subscriber>();
            for (var i = 0; i < LiveClients; i++) clients.Add(await TelemetrySubscriber.Connect(server.LiveSocket, cancel));
            // Methods that are called often are compiled anew while they run: that is over before the first figure counts.
            await Round(2);
            await Beside(server, () => Round(3 * RoundSeconds));
            var (alone, beside) = (new List<(double P99, double Cpu)>(), new List<(double P99, double Cpu)>());
            for (var i = 0; i < rounds; i++)
            {
                alone.Add(await Round(RoundSeconds));
                await Beside(server, async () => beside.Add(await Round(RoundSeconds)));
            }

            return
            [
                name, Figure(Percentiles.Median(alone.Select(round => round.P99)), 2), Figure(Percentiles.Median(beside.Select(round => round.P99)), 2),
                Figure(Percentiles.Median(alone.Zip(beside, (one, other) => other.P99 / one.P99)), 2),
                $"{Figure(alone.Average(round => round.Cpu), 1)} / {Figure(beside.Average(round => round.Cpu), 1)}",
            ];

            async Task<(double P99, double Cpu)> Round(int length)
            {
                foreach (var client in clients) client.Forget();
                var (begin, cpu) = (Stopwatch.GetTimestamp(), ProcessUsage.CpuSeconds(server.Process.Id));
                var sent = await publisher.Publish(LiveTopics, (arguments.Smoke ? 1 : length) * perSecond, perSecond, cancel);
                await Task.Delay(200, cancel); // Until the last one has come.
                var times = sent.SelectMany(message => clients.Select(client => (message.At, Arrival: client.ArrivalOf(message.Value))))
                    .Where(pair => pair.Arrival != 0).Select(pair => Stopwatch.GetElapsedTime(pair.At, pair.Arrival).TotalMilliseconds);
                return (new Percentiles(times).P99, 100 * (ProcessUsage.CpuSeconds(server.Process.Id) - cpu) / Stopwatch.GetElapsedTime(begin).TotalSeconds);
            }
        }

        async Task<string[]> Memory(Server server, string name)
        {
            var row = new List<string> { name };
            var rate = await Beside(server, async () =>
            {
                for (var sixth = 0; sixth < 6; sixth++)
                {
                    await Task.Delay(TimeSpan.FromSeconds(seconds / 6.0), cancel);
                    row.Add(Figure(ProcessUsage.ResidentMib(server.Process.Id), 1));
                }
            });
            return [.. row, Figure(rate, 0)];
        }
    }

    static string[] Row(string name, List<double> times)
    {
        var all = new Percentiles(times);
        return [name, Figure(all.P50, 1), Figure(all.P95, 1), Figure(all.Max, 1), $"{times.Count}"];
    }
}
