using System.Diagnostics;
using System.Globalization;
using System.Text;
using Dapper;
using Npgsql;
using Telemetry.Bench.Rig;
using static Telemetry.Bench.Rig.Report;

namespace Telemetry.Bench.Ingest;

/// <summary>From an MQTT publish to a row that a power cut cannot take: Mosquitto, the server and PostgreSQL, all on this machine.</summary>
static class IngestBenchmark
{
    const int Connections = 4;
    const double TargetSingle = 30_000;
    const double TargetGrouped = 60_000;

    static readonly string[] Signals = ["rpm", "vehicle_speed", "coolant_temperature", "engine_load", "control_module_voltage", "fuel_rail_pressure"];

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    static readonly Case[] Cases =
    [
        new("A", QoS: 1, IsGrouped: false, Inflight: 0),
        new("B", QoS: 1, IsGrouped: true, Inflight: 0),
        new("C", QoS: 1, IsGrouped: false, Inflight: 20),
        new("D", QoS: 1, IsGrouped: true, Inflight: 20),
        new("E", QoS: 0, IsGrouped: false, Inflight: 0),
        new("F", QoS: 0, IsGrouped: true, Inflight: 0),
    ];

    public static async Task Run(Arguments arguments, CancellationToken cancel)
    {
        var published = arguments.Text("server");
        // The server holds a million readings that nobody waits for: more at once than these would be dropped at QoS 0.
        var readings = arguments.Number("readings", usual: 300_000, smoke: 12_000, most: 450_000);
        var vehicles = arguments.Number("vehicles", usual: 100, smoke: 20);
        var warmUp = arguments.Number("warm-up", usual: 100_000, smoke: 5_000, most: 1_000_000);
        var letters = arguments.Text("cases", arguments.Smoke ? "ADF" : string.Concat(Cases.Select(one => one.Letter)));
        arguments.NoMore();
        var perConnection = Math.Max(1, vehicles / Connections);

        using var folder = new TempFolder();
        await using var postgres = await Postgres.Start(folder, cancel);
        var results = new List<Result>();
        foreach (var one in Cases.Where(one => letters.Contains(one.Letter, StringComparison.Ordinal)))
            results.Add(await Measure(one, one.IsGrouped ? 2 * readings : readings, warmUp, perConnection, folder, postgres, published, arguments, cancel));

        Head(
            "Ingest: publish to durable row",
            $"{readings} readings a case, one in each message, or {2 * readings}, {Signals.Length} in each; {Connections} connections publish as fast as Mosquitto takes it, for {Connections * perConnection} vehicles. " +
            "Time from the first publish to the last row that is committed. max_queued_messages 0, so that the broker drops nothing. " +
            "Where others keep the cores busy, the CPU a reading tells more than the rate: what all cores would give, if they did nothing else and the work could be parted evenly, is told beside it.",
            $"Mosquitto {Mosquitto.Version()}", await postgres.Describe());
        Table(
            ["", "readings/s", "target", "s", "broker had all after s", "rows", "lost", "doubled", "out of order"],
            results.Select(result => (string[])
            [
                result.Case.ToString(), Figure(result.Rate, 0), result.Target, Figure(result.Seconds, 2), Figure(result.PublishSeconds, 2),
                $"{result.Rows}", $"{result.Lost}", $"{result.Doubled}", $"{result.OutOfOrder}",
            ]));
        Table(
            ["CPU, µs a reading", "server", "Mosquitto", "PostgreSQL", "publisher", "cores in use", "cores of others", "readings/s of all cores", "most of it"],
            results.Select(result => (string[])
            [
                result.Case.ToString(), .. result.Cpu.Select(part => Figure(part.Seconds * 1e6 / result.Readings, 1)),
                Figure(result.Cpu.Sum(part => part.Seconds) / result.Seconds, 2), Figure(result.OtherSeconds / result.Seconds, 2),
                Figure(Environment.ProcessorCount * result.Readings / result.Cpu.Sum(part => part.Seconds), 0), result.Cpu.MaxBy(part => part.Seconds).Part,
            ]));
        if (results.FirstOrDefault(result => result.Case.QoS == 1 && result.Lost + result.Doubled + result.OutOfOrder > 0) is { } wrong)
            throw new BenchmarkException($"{wrong.Case}: {wrong.Lost} readings lost, {wrong.Doubled} doubled, {wrong.OutOfOrder} out of order.");
    }

    static async Task<Result> Measure(
        Case one, int readings, int warmUp, int perConnection, TempFolder folder, Postgres postgres, string published, Arguments arguments, CancellationToken cancel)
    {
        var store = await postgres.CreateDatabase(cancel);
        await using var broker = await Mosquitto.Start(folder, cancel, $"max_inflight_messages {one.Inflight}", "max_queued_messages 0");
        await using var server = Server.Start(folder, published, arguments, $"--ConnectionStrings:Telemetry={store}", "--Mqtt:Host=127.0.0.1", $"--Mqtt:Port={broker.Port}");
        await server.WaitUntilReady(cancel);
        await server.WaitUntilDirect(cancel);
        await using var connection = Postgres.Connect(store);
        await connection.OpenAsync(cancel);

        // What is called often is compiled anew while it runs: that is over before the clock starts.
        var first = Loads(one, "warm", perConnection, warmUp).ToList();
        await Publish(first, one, broker.Port, cancel);
        var before = first.Sum(load => load.Readings);
        await WaitForRows(connection, server, before, cancel);
        await Task.Delay(TimeSpan.FromSeconds(1), cancel);

        var loads = Loads(one, "car", perConnection, readings).ToList();
        (string Part, Func<double> Seconds)[] parts =
        [
            ("server", () => ProcessUsage.CpuSeconds(server.Process.Id)), ("Mosquitto", () => ProcessUsage.CpuSeconds(broker.Process.Id)),
            ("PostgreSQL", postgres.CpuSeconds), ("publisher", () => ProcessUsage.CpuSeconds(Environment.ProcessId)),
        ];
        var (cpu, machine) = (parts.Select(part => part.Seconds()).ToArray(), ProcessUsage.CpuSecondsOfMachine());
        var begin = Stopwatch.GetTimestamp();
        var publishing = Publish(loads, one, broker.Port, cancel);
        var all = loads.Sum(load => load.Readings);
        var end = await WaitForRows(connection, server, before + all, cancel);
        var publishedAfter = await publishing;
        var used = parts.Zip(cpu, (part, earlier) => (part.Part, Seconds: part.Seconds() - earlier)).ToArray();
        var others = Math.Max(0, ProcessUsage.CpuSecondsOfMachine() - machine - used.Sum(part => part.Seconds));
        var (rows, lost, doubled, outOfOrder) = await Check(connection, loads, cancel);
        return new Result(one, all, Stopwatch.GetElapsedTime(begin, end).TotalSeconds, Stopwatch.GetElapsedTime(begin, publishedAfter).TotalSeconds, rows, lost, doubled, outOfOrder, used, others);
    }

    static IEnumerable<Load> Loads(Case one, string name, int vehicles, int readings)
    {
        var perMessage = one.IsGrouped ? Signals.Length : 1;
        for (var i = 0; i < Connections; i++) yield return new Load([.. Enumerable.Range(i * vehicles, vehicles).Select(vehicle => $"{name}{vehicle}")], one.IsGrouped, readings / Connections / perMessage);
    }

    /// <returns>When the broker had it all.</returns>
    static async Task<long> Publish(IEnumerable<Load> loads, Case one, int port, CancellationToken cancel)
    {
        await Task.WhenAll(loads.Select((load, i) => Task.Run(() => load.Publish(one.QoS, port, $"bench-{i}", cancel), cancel)));
        return Stopwatch.GetTimestamp();
    }

    // The summaries are written with the rows, in one transaction, and are soon added up.
    static async Task<long> WaitForRows(NpgsqlConnection connection, Server server, long rows, CancellationToken cancel)
    {
        var (since, seen) = (Stopwatch.GetTimestamp(), -1L);
        while (true)
        {
            server.Process.MustRun();
            var now = await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT coalesce(sum(readings), 0)::bigint FROM minutes", cancellationToken: cancel));
            if (now >= rows) return Stopwatch.GetTimestamp();
            if (now > seen) (since, seen) = (Stopwatch.GetTimestamp(), now);
            if (Stopwatch.GetElapsedTime(since) > Patience / 4) return since; // No more will come: the check counts what is missing.
            await Task.Delay(TimeSpan.FromMilliseconds(40), cancel);
        }
    }

    static async Task<(long Rows, long Lost, long Doubled, long OutOfOrder)> Check(NpgsqlConnection connection, IReadOnlyList<Load> loads, CancellationToken cancel)
    {
        var found = (await connection.QueryAsync<(string Device, string Signal, long Rows, long Values, long Backwards)>(new CommandDefinition("""
            SELECT device, name, count(*), count(DISTINCT value), count(*) FILTER (WHERE value < before)
            FROM (SELECT v.device, s.name, r.value, lag(r.value) OVER (PARTITION BY r.vehicle_id, r.signal_id ORDER BY r.recorded_at) AS before
                  FROM readings r JOIN vehicles v USING (vehicle_id) JOIN signals s USING (signal_id) WHERE v.device LIKE 'car%') readings
            GROUP BY 1, 2
            """, cancellationToken: cancel))).ToDictionary(row => (row.Device, row.Signal));
        var (lost, doubled) = (0L, 0L);
        foreach (var (series, count) in loads.SelectMany(load => load.Series()))
        {
            var (_, _, rows, values, _) = found.GetValueOrDefault(series);
            lost += count - values;
            doubled += rows - values;
        }

        return (found.Values.Sum(row => row.Rows), lost, doubled, found.Values.Sum(row => row.Backwards));
    }

    /// <summary>One way to send.</summary>
    sealed record Case(string Letter, int QoS, bool IsGrouped, int Inflight)
    {
        public override string ToString() => $"{Letter}: QoS {QoS}, {(IsGrouped ? "grouped" : "single")}{(QoS == 0 ? "" : $", max_inflight_messages {Inflight}")}";
    }

    sealed record Result(
        Case Case, int Readings, double Seconds, double PublishSeconds, long Rows, long Lost, long Doubled, long OutOfOrder, (string Part, double Seconds)[] Cpu, double OtherSeconds)
    {
        public double Rate => Rows / Seconds;

        // With 20 messages on their way at a time, the disk's time for a commit sets the rate.
        public string Target => (Case.IsGrouped ? TargetGrouped : TargetSingle) is var target && Case.Inflight == 20 ? "none" : $"{target}: {(Rate >= target ? "met" : "missed")}";
    }

    /// <summary>Messages of one connection: its vehicles in turn, each value of a signal higher than the last.</summary>
    sealed class Load(string[] devices, bool isGrouped, int messages)
    {
        const int Window = 1000;
        const int Chunk = 100;

        readonly byte[][] _topics = isGrouped
            ? [.. devices.Select(device => Encoding.ASCII.GetBytes($"wican/{device}/group"))]
            : [.. Signals.SelectMany(signal => devices.Select(device => Encoding.ASCII.GetBytes($"wican/{device}/{signal}")))];

        public int Readings => messages * (isGrouped ? Signals.Length : 1);

        /// <summary>Each vehicle and signal with the number of its readings.</summary>
        public IEnumerable<((string Device, string Signal) Series, int Count)> Series()
        {
            for (var i = 0; i < Signals.Length * devices.Length; i++)
            {
                var topic = isGrouped ? i % devices.Length : i;
                yield return ((devices[i % devices.Length], Signals[i / devices.Length]), messages / _topics.Length + (topic < messages % _topics.Length ? 1 : 0));
            }
        }

        public async Task Publish(int qos, int port, string clientId, CancellationToken cancel)
        {
            using var link = await MqttLink.Open(port, clientId, cancel);
            var unanswered = 0;
            for (var sent = 0; sent < messages;)
            {
                for (var end = Math.Min(messages, sent + Chunk); sent < end; sent++)
                {
                    // Millionths: in the range of each of the six, and read back exactly.
                    var value = ((sent / _topics.Length + 1) / 1e6).ToString("F6", CultureInfo.InvariantCulture);
                    var payload = isGrouped ? $"{{{string.Join(',', Signals.Select(signal => $"\"{signal}\":{value}"))}}}" : value;
                    link.Add(_topics[sent % _topics.Length], Encoding.ASCII.GetBytes(payload), (ushort)(qos == 0 ? 0 : sent % ushort.MaxValue + 1));
                    unanswered += qos;
                }

                await link.Send(cancel);
                while (unanswered > Window || (link.HasAnswers && unanswered > 0)) unanswered -= (await link.Answers(cancel)).Count;
            }

            while (unanswered > 0) unanswered -= (await link.Answers(cancel)).Count;
            // A connection that is closed with much on its way loses what the broker has not read yet: it answers a last ping behind all.
            await link.Drain(cancel);
        }
    }
}
