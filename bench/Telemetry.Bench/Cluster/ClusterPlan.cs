namespace Telemetry.Bench.Cluster;

/// <summary>Fault of a part of the cluster.</summary>
enum Fault
{
    /// <summary>An instance is killed, and started again.</summary>
    Kill,

    /// <summary>An instance hangs, and goes on.</summary>
    Hang,

    /// <summary>An instance is asked to end, and started again.</summary>
    Terminate,

    /// <summary>The database is stopped, and started again.</summary>
    Database,

    /// <summary>The broker is stopped, and started again.</summary>
    Broker,
}

/// <summary>One fault; the next one comes when all is well again.</summary>
/// <param name="Kind">Fault of which part.</param>
/// <param name="Target">Number of the instance, where it is one.</param>
/// <param name="Lasts">Time until the part is started again, or goes on.</param>
/// <param name="Pause">Time after that until the next one.</param>
sealed record PlannedFault(Fault Kind, int Target, TimeSpan Lasts, TimeSpan Pause)
{
    /// <summary>Plan of a seed, the same each time: 10 kills, 5 hangs, 5 ends, 2 of the database and 2 of the broker in 10 minutes, and in a short run a part of them; if <paramref name="only"/> is not null, one of that kind each 20 s.</summary>
    public static IReadOnlyList<PlannedFault> Plan(int seed, int seconds, int instances, Fault? only)
    {
        var random = new Random(seed);
        List<Fault> kinds = [.. Enumerable.Repeat(Fault.Kill, 10), .. Enumerable.Repeat(Fault.Hang, 5), .. Enumerable.Repeat(Fault.Terminate, 5), .. Enumerable.Repeat(Fault.Database, 2), .. Enumerable.Repeat(Fault.Broker, 2)];
        var order = kinds.OrderBy(_ => random.Next()).ToList();
        // A short run has one of each that an instance must survive.
        if (seconds < 120) order = [Fault.Kill, Fault.Hang, Fault.Terminate];
        if (only is { } kind) order = [.. Enumerable.Repeat(kind, Math.Max(1, seconds / 20))];
        var room = (double)seconds / order.Count;
        return [.. order.Select(each => Of(each, random.Next(instances), random, room))];
    }

    static PlannedFault Of(Fault kind, int target, Random random, double room)
    {
        var lasts = kind switch
        {
            Fault.Hang => Math.Min(5 + 15 * random.NextDouble(), Math.Max(5, room / 2)),
            Fault.Database => Math.Min(10, room / 2),
            Fault.Broker => 2,
            _ => 1 + 2 * random.NextDouble(),
        };
        return new PlannedFault(kind, target, TimeSpan.FromSeconds(lasts), TimeSpan.FromSeconds(Math.Max(2, room - lasts)));
    }
}
