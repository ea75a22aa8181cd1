using System.Diagnostics;
using Dapper;
using Telemetry.Bench.Rig;
using static Telemetry.Bench.Rig.Report;

namespace Telemetry.Bench.Cluster;

/// <summary>Kills, hangs and stops instances, database and broker, one after the other, while a fleet publishes and pages watch; then counts rows, ids and alerts.</summary>
static class ClusterBenchmark
{
    const double PerVehicle = 1;

    static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(120);
    static readonly TimeSpan Period = TimeSpan.FromSeconds(1 / PerVehicle);

    public static async Task Run(Arguments arguments, CancellationToken cancel)
    {
        var published = arguments.Text("server");
        var vehicles = arguments.Number("vehicles", usual: 600, smoke: 60, most: 5000);
        var seconds = arguments.Number("seconds", usual: 600, smoke: 36, most: 3000);
        // One: no cluster, but Telemetry.Api, to compare with. No faults then.
        var instances = arguments.Number("instances", usual: 3, smoke: 3, most: 9);
        // all, none, or a kind.
        var kinds = arguments.Text("faults", usual: "all");
        Fault? only = Enum.TryParse<Fault>(kinds, ignoreCase: true, out var kind) ? kind : null;
        var hasFaults = kinds != "none" && instances > 1;
        var seed = arguments.Number("seed", usual: Random.Shared.Next(1, 1_000_000), smoke: Random.Shared.Next(1, 1_000_000), most: 1_000_000);
        arguments.NoMore();
        Line($"Seed {seed}: --seed {seed} gives the same faults again.");

        using var folder = new TempFolder();
        await using var rig = await ClusterRig.Start(folder, published, instances, arguments, cancel);
        Head("Cluster", $"{instances} instances, {vehicles} vehicles, {vehicles * PerVehicle:0} messages/s of 2 readings at QoS 1, {seconds} s.", $"Mosquitto {Mosquitto.Version()}", await rig.Postgres.Describe());
        await rig.Post(0, "/alerts/rules", new { name = "far", when = new[] { new { signal = "odometer", above = seconds / 2 } } }, cancel);

        var fleet = new ClusterPublisher(() => rig.Broker.Port, vehicles, PerVehicle);
        using var ending = new CancellationTokenSource();
        var publishing = Task.Run(() => fleet.Run(ending.Token, cancel), cancel);
        await WaitForVehicles(rig, vehicles, cancel);
        var ids = await Ids(rig, vehicles, cancel);
        var watchers = Enumerable.Range(0, instances).Select(index => new ClusterWatcher(rig, index, vehicles, fleet, ids)).ToList();
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var pages = Task.WhenAll(watchers.Select(watcher => Task.Run(() => watcher.Run(watching.Token), cancel)));
        await Task.Delay(TimeSpan.FromSeconds(2), cancel);

        List<(PlannedFault Fault, TimeSpan From, TimeSpan To)> faults = [];
        var begin = rig.Clock.Elapsed;
        var (cpu, messages) = hasFaults ? (0, 0) : (rig.CpuSeconds(), fleet.Count);
        foreach (var fault in hasFaults ? PlannedFault.Plan(seed, seconds, instances, only) : [])
        {
            var from = rig.Clock.Elapsed;
            await rig.Take(fault, cancel);
            await Task.Delay(fault.Pause, cancel);
            faults.Add((fault, from, rig.Clock.Elapsed));
            var (at, gap) = watchers.Select(watcher => watcher.Longest(from, rig.Clock.Elapsed)).MaxBy(longest => longest.Gap);
            rig.Say($"longest without news of a vehicle: {gap.TotalSeconds:0.0} s, until {(at - from).TotalSeconds:0.0} s after the fault");
        }

        if (begin + TimeSpan.FromSeconds(seconds) is var end && end > rig.Clock.Elapsed) await Task.Delay(end - rig.Clock.Elapsed, cancel);
        if (!hasFaults) Line($"Processor time of the instances: {Figure((rig.CpuSeconds() - cpu) * 1e6 / (2 * (fleet.Count - messages)), 0)} µs a reading.");
        await ending.CancelAsync();
        await publishing;
        await watching.CancelAsync();
        await pages;
        rig.Say($"{fleet.Count} messages published, {fleet.Acknowledged} acknowledged by the broker, {fleet.Repeated} sent again");
        var problems = await Judge(rig, fleet, vehicles, seconds, watchers, arguments.Smoke ? [] : faults, cancel);
        if (problems.Count == 0) return;
        foreach (var line in watchers.SelectMany(watcher => watcher.Examples)) Line(line);
        foreach (var line in rig.Log) Line(line);
        throw new BenchmarkException($"Seed {seed}: {string.Join("; ", problems)}.");
    }

    static async Task WaitForVehicles(ClusterRig rig, int vehicles, CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        for (var index = 0; index < rig.Ports.Count; index++)
        {
            while ((await rig.Get(index, "/vehicles?limit=1000", cancel)).EnumerateArray().Count(vehicle => vehicle.GetProperty("state").GetString() == "running") is var count && count < Math.Min(vehicles, 999))
            {
                if (Stopwatch.GetElapsedTime(began) > DrainTime) throw new BenchmarkException($"Instance {index} has {count} of {vehicles} vehicles running:\n{string.Join('\n', rig.Log)}");
                await Task.Delay(100, cancel);
            }
        }

        rig.Say($"all vehicles are running on all instances");
    }

    static async Task<IReadOnlyDictionary<int, int>> Ids(ClusterRig rig, int vehicles, CancellationToken cancel)
    {
        await using var connection = Postgres.Connect(rig.Store);
        var cars = Enumerable.Range(0, vehicles).ToDictionary(ClusterPublisher.DeviceOf);
        return (await connection.QueryAsync<(int Id, string Device)>(new CommandDefinition("SELECT vehicle_id, device FROM vehicles WHERE device <> 'default'", cancellationToken: cancel))).ToDictionary(row => row.Id, row => cars[row.Device]);
    }

    static async Task<List<string>> Judge(ClusterRig rig, ClusterPublisher fleet, int vehicles, int seconds, List<ClusterWatcher> watchers, List<(PlannedFault Fault, TimeSpan From, TimeSpan To)> faults, CancellationToken cancel)
    {
        List<string> problems = [];
        var (lost, doubled, late) = await JudgeRows(rig, fleet, vehicles, cancel);
        Table(["", "messages", "sent again by the fleet", "rows lost", "rows doubled", "rows out of order"], [["readings", $"{fleet.Count}", $"{fleet.Repeated}", $"{lost}", $"{doubled}", $"{late}"]]);
        Table(["page of instance", "messages", "older value after newer", "false offline", "other instance", "longest until its snapshot, s", "p50, ms", "p99, ms"],
            watchers.Select(watcher => new[] { $"{watcher.Home}", $"{watcher.Messages}", $"{watcher.Older}", $"{watcher.FalseOffline}", $"{watcher.Reconnects}", Figure(watcher.LongestReconnect.TotalSeconds, 1), Figure(Percentile(watcher.Latencies, 0.5), 1), Figure(Percentile(watcher.Latencies, 0.99), 1) }));
        var kinds = faults.GroupBy(fault => fault.Fault.Kind).Select(kind =>
            (Kind: kind.Key, Count: kind.Count(), Longest: kind.Max(fault => watchers.Max(watcher => watcher.LongestGap(fault.From, fault.To))) - Period)).ToList();
        Table(["fault", "times", "longest without news of a vehicle beyond its period, s"], kinds.Select(kind => new[] { $"{kind.Kind}", $"{kind.Count}", Figure(Math.Max(0, kind.Longest.TotalSeconds), 1) }));

        if (lost > 0) problems.Add($"{lost} rows are lost");
        if (doubled > 0) problems.Add($"{doubled} rows are doubled");
        if (watchers.Sum(watcher => watcher.Older) is var older && older > 0) problems.Add($"{older} older values were shown after newer ones");
        // A short run on a busy machine judges what does not depend on time.
        if (watchers.Sum(watcher => watcher.FalseOffline) is var offline && offline > 0 && faults.Count > 0) problems.Add($"{offline} times a vehicle was shown as offline");
        foreach (var kind in kinds)
        {
            var most = kind.Kind switch { Fault.Kill or Fault.Hang => 3.0, Fault.Terminate => 1, Fault.Database => 3, _ => 10 };
            if (kind.Longest.TotalSeconds > most) problems.Add($"at {kind.Kind} no news of a vehicle for {kind.Longest.TotalSeconds:0.0} s beyond its period");
        }

        await JudgeAlerts(rig, vehicles, seconds, fleet, problems, cancel);
        await JudgeIds(rig, problems, cancel);
        return problems;
    }

    static double Percentile(List<double> values, double share) => values.Count == 0 ? 0 : values.Order().ElementAt((int)(share * (values.Count - 1)));

    static async Task<(int Lost, int Doubled, int Late)> JudgeRows(ClusterRig rig, ClusterPublisher fleet, int vehicles, CancellationToken cancel)
    {
        await using var connection = Postgres.Connect(rig.Store);
        await connection.OpenAsync(cancel);
        var began = Stopwatch.GetTimestamp();
        while (await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM readings") < 2L * fleet.Count && Stopwatch.GetElapsedTime(began) < DrainTime) await Task.Delay(200, cancel);
        await Task.Delay(1000, cancel);
        var (lost, doubled, late) = (0, 0, 0);
        for (var vehicle = 0; vehicle < vehicles; vehicle++)
        {
            foreach (var signal in new[] { "odometer", "distance" })
            {
                var rows = (await connection.QueryAsync<(double Value, DateTime At)>("""
                    SELECT r.value, r.recorded_at FROM readings r JOIN vehicles v USING (vehicle_id) JOIN signals s USING (signal_id) WHERE v.device = @device AND s.name = @signal ORDER BY r.recorded_at
                    """, new { device = ClusterPublisher.DeviceOf(vehicle), signal })).ToList();
                var values = rows.ConvertAll(row => (int)row.Value);
                var published = (fleet.Count - vehicle + vehicles - 1) / vehicles;
                foreach (var group in rows.GroupBy(row => row.Value).Where(group => group.Count() > 1).Take(2)) rig.Note($"{ClusterPublisher.DeviceOf(vehicle)} {signal} {group.Key} at {string.Join(" and ", group.Select(row => $"{row.At:HH:mm:ss.ffffff}"))}");
                var times = values.GroupBy(value => value).ToDictionary(group => group.Key, group => group.Count());
                lost += Enumerable.Range(1, published).Count(value => !times.ContainsKey(value));
                // What the fleet itself has sent again may come again.
                doubled += times.Where(time => !fleet.IsRepeated((time.Key - 1) * vehicles + vehicle)).Sum(time => time.Value - 1);
                late += values.Zip(values.Skip(1)).Count(pair => pair.Second < pair.First && !fleet.IsRepeated((pair.Second - 1) * vehicles + vehicle));
            }
        }

        return (lost, doubled, late);
    }

    static async Task JudgeAlerts(ClusterRig rig, int vehicles, int seconds, ClusterPublisher fleet, List<string> problems, CancellationToken cancel)
    {
        await using var connection = Postgres.Connect(rig.Store);
        await connection.OpenAsync(cancel);
        var due = Enumerable.Range(0, vehicles).Count(vehicle => (fleet.Count - vehicle + vehicles - 1) / vehicles > seconds / 2);
        var (rows, of) = await connection.QuerySingleAsync<(int, int)>("SELECT count(*)::int, count(DISTINCT vehicle_id)::int FROM alerts WHERE rule_id = (SELECT max(rule_id) FROM alert_rules) AND vehicle_id > 1");
        Line();
        Line($"Alerts: {rows} of {of} vehicles, {due} are due.");
        if (rows != due || of != due) problems.Add($"{rows} alerts of {of} vehicles, not {due}");
    }

    static async Task JudgeIds(ClusterRig rig, List<string> problems, CancellationToken cancel)
    {
        await using var connection = Postgres.Connect(rig.Store);
        var stored = (await connection.QueryAsync<(int, string)>("SELECT vehicle_id, device FROM vehicles ORDER BY vehicle_id")).ToList();
        for (var index = 0; index < rig.Ports.Count; index++)
        {
            var shown = new List<(int, string)>();
            for (var after = 0; ;)
            {
                var page = (await rig.Get(index, $"/vehicles?limit=1000&after={after}", cancel)).EnumerateArray().Select(vehicle => (vehicle.GetProperty("vehicle_id").GetInt32(), vehicle.GetProperty("device").GetString()!)).ToList();
                if (page.Count == 0) break;
                shown.AddRange(page);
                after = page[^1].Item1;
            }

            if (!shown.Where(vehicle => vehicle.Item1 > 1).SequenceEqual(stored.Where(vehicle => vehicle.Item1 > 1))) problems.Add($"instance {index} has other ids than the store");
        }
    }
}
