using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;
using Telemetry.Bench.Rig;
using static Telemetry.Bench.Rig.Report;

namespace Telemetry.Bench.Queries;

/// <summary>Waiting times on a store with a year of readings: charts of a day and of the year, and the start of the server.</summary>
static partial class QueriesBenchmark
{
    const int FleetSize = 1000;
    const double TargetDay = 50;
    const double TargetYear = 500;
    const double TargetLastValues = 100;

    static readonly string[] Signals = ["rpm", "vehicle_speed", "coolant_temperature", "engine_load", "control_module_voltage", "fuel_rail_pressure"];

    public static async Task Run(Arguments arguments, CancellationToken cancel)
    {
        var published = arguments.Text("server");
        var rows = arguments.Smoke ? arguments.Number("rows", usual: 0, smoke: 1) * 100_000L : arguments.Number("rows", usual: 50, smoke: 0, most: 500) * 1_000_000L;
        var cars = arguments.Number("cars", usual: 4, smoke: 2, most: FleetSize);
        var days = arguments.Number("days", usual: 365, smoke: 7, most: 1000);
        var requests = arguments.Number("requests", usual: 40, smoke: 5);
        var data = arguments.Text("data", "");
        arguments.NoMore();

        using var folder = new TempFolder();
        await using var postgres = data == "" ? await Postgres.Start(folder, cancel) : await Postgres.Start(data, cancel);
        var log = new ConcurrentQueue<string>();
        postgres.Heard = log.Enqueue;
        var store = await postgres.Database("year", cancel);
        var first = await StartTime(); // Makes the schema.
        var fill = await YearOfReadings.Filled(store, cancel) ?? await YearOfReadings.Fill(store, Signals, FleetSize, rows, cars, days, cancel);
        (cars, days) = (fill.Cars, fill.Days);

        await ExecuteOnDatabase("SET log_min_duration_statement = 0");
        var starts = new List<double>();
        log.Clear();
        for (var i = 0; i < 5; i++) starts.Add(await StartTime());
        var loading = await Logged(log, line => Duration().Match(line) is { Success: true } match && line.Contains("FROM last_values l JOIN", StringComparison.Ordinal) ? match : null, 5, cancel);
        await ExecuteOnDatabase("RESET log_min_duration_statement");

        List<double> day, year;
        await using (var server = await StartServer())
        {
            var random = new Random(1);
            // The first request of a server opens connections and compiles: a warm-up of the code, not of the data.
            for (var i = 0; i < 5; i++) await Chart(server, Day(random), cancel);
            day = await Times(server, () => Day(random), requests, cancel);
            year = await Times(server, () => Year(random), Math.Max(3, requests / 4), cancel);
        }

        // The same once more, explained by the database itself: what is measured above is without that burden.
        await ExecuteOnDatabase("SET session_preload_libraries = 'auto_explain'", "SET auto_explain.log_min_duration = 0", "SET auto_explain.log_analyze = on", "SET auto_explain.log_buffers = on");
        log.Clear();
        await using (var server = await StartServer())
        {
            var random = new Random(2);
            await Chart(server, Day(random), cancel);
            await Chart(server, Year(random), cancel);
        }

        await Task.Delay(200, cancel); // What it says comes over a pipe.
        var plans = Plans(log);

        Head(
            "Queries over a large store",
            $"{fill.Rows / 1e6:0.0} M readings: {cars} cars × {Signals.Length} signals, day and night for {days} days, one each {fill.Period:0.0} s, stored in the order of time; {fill.Minutes / 1e6:0.0} M rows in minutes, {fill.Hours / 1e3:0} thousand in hours; " +
            $"{FleetSize} vehicles with last values; {fill.Bytes / 1e9:0.0} GB. Filled in {fill.Seconds:0} s, vacuum and analyze included. Over HTTP, 500 points, cars and days at random; the files are in the system's cache as far as it reaches.",
            await postgres.Describe());
        Table(
            ["", "p50 ms", "p95 ms", "max ms", "requests", "target p95"],
            [
                Row("24 h, one car's six signals", day, TargetDay),
                Row($"{days} days, one signal", year, TargetYear),
                Row($"last values of {FleetSize} vehicles, the query alone", [.. loading.Select(match => double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))], TargetLastValues),
                Row("server start to ready over this store", starts, null),
                Row("server start to ready, the first", [first], null),
            ]);
        foreach (var (title, plan) in plans)
        {
            Line();
            Line($"EXPLAIN (ANALYZE, BUFFERS), {title}:");
            Line("```");
            foreach (var line in plan) Line(line);
            Line("```");
        }

        async Task<Server> StartServer()
        {
            var server = Server.Start(folder, published, arguments, $"--ConnectionStrings:Telemetry={store}");
            await server.WaitUntilReady(cancel);
            await server.WaitUntilDirect(cancel);
            return server;
        }

        async Task<double> StartTime()
        {
            await using var server = Server.Start(folder, published, arguments, $"--ConnectionStrings:Telemetry={store}");
            var ready = await server.WaitUntilReady(cancel);
            await server.WaitUntilDirect(cancel);
            return ready.TotalMilliseconds;
        }

        async Task ExecuteOnDatabase(params string[] settings)
        {
            await using var connection = Postgres.Connect(store);
            await connection.OpenAsync(cancel);
            foreach (var setting in settings) await connection.ExecuteAsync($"ALTER DATABASE {connection.Database} {setting}");
        }

        string Day(Random random)
        {
            var from = fill.From.AddMinutes(random.Next(Math.Max(1, (days - 1) * 1440)));
            return $"vehicle_id={Car(random)}&from={Iso(from)}&to={Iso(from.AddDays(1))}&points=500";
        }

        string Year(Random random) => $"vehicle_id={Car(random)}&signal={Signals[random.Next(Signals.Length)]}&from={Iso(fill.From)}&to={Iso(fill.From.AddDays(days))}&points=500";

        int Car(Random random) => 2 + random.Next(cars);
    }

    static async Task<IReadOnlyList<Match>> Logged(ConcurrentQueue<string> log, Func<string, Match?> pick, int count, CancellationToken cancel)
    {
        for (var tries = 0; ; tries++)
        {
            List<Match> found = [.. Statements(log).Select(pick).OfType<Match>()];
            if (found.Count >= count || tries == 50) return found;
            await Task.Delay(20, cancel);
        }
    }

    static async Task<List<double>> Times(Server server, Func<string> query, int count, CancellationToken cancel)
    {
        var times = new List<double>();
        while (times.Count < count) times.Add(await Chart(server, query(), cancel));
        return times;
    }

    static async Task<double> Chart(Server server, string query, CancellationToken cancel)
    {
        var begin = Stopwatch.GetTimestamp();
        var answer = await server.Get($"/telemetry/history?{query}", cancel);
        var time = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        using var chart = JsonDocument.Parse(answer);
        foreach (var signal in chart.RootElement.GetProperty("signals").EnumerateObject())
        {
            if (signal.Value.GetProperty("avg").EnumerateArray().Count(value => value.ValueKind == JsonValueKind.Number) < 200)
                throw new BenchmarkException($"{query}: {signal.Name} has gaps.");
        }

        return time;
    }

    static string[] Row(string name, List<double> times, double? target)
    {
        var ranks = new Percentiles(times);
        return [name, Figure(ranks.P50, 1), Figure(ranks.P95, 1), Figure(ranks.Max, 1), $"{times.Count}", target is { } most ? $"{most}: {(ranks.P95 <= most ? "met" : "missed")}" : ""];
    }

    internal static string Iso(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    // A statement begins with a line that has a time stamp; the others of it are indented.
    static IEnumerable<string> Statements(IEnumerable<string> lines)
    {
        var statement = "";
        foreach (var line in lines)
        {
            if (line.StartsWith('\t'))
            {
                statement += "\n" + line[1..];
                continue;
            }

            if (statement != "") yield return statement;
            statement = line;
        }

        if (statement != "") yield return statement;
    }

    static IEnumerable<(string Title, string[] Plan)> Plans(IEnumerable<string> log)
    {
        var charts = 0;
        foreach (var statement in Statements(log).Where(statement => statement.Contains("plan:", StringComparison.Ordinal)))
        {
            var isChart = statement.Contains("date_bin(", StringComparison.Ordinal);
            var isLoad = statement.Contains("FROM last_values l JOIN", StringComparison.Ordinal);
            if (!isChart && !isLoad) continue;
            yield return (isLoad ? "last values at the start" : ++charts == 1 ? "24 h of six signals" : "the whole time of one signal", statement.Split('\n')[1..]);
        }
    }

    [GeneratedRegex(@"duration: ([0-9.]+) ms  (?:execute|statement)")]
    private static partial Regex Duration();
}
