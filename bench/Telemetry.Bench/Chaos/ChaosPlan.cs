namespace Telemetry.Bench.Chaos;

/// <summary>Fault of a part of the system.</summary>
enum Blow
{
    /// <summary>The server is killed.</summary>
    KillServer,

    /// <summary>The server is asked to end.</summary>
    EndServer,

    /// <summary>The database stops as in a crash.</summary>
    CrashDatabase,

    /// <summary>The database hangs.</summary>
    FreezeDatabase,

    /// <summary>The broker is asked to end, and saves what it holds.</summary>
    EndBroker,
}

/// <summary>One blow.</summary>
/// <param name="Number">Its place among them.</param>
/// <param name="At">Time since the start; later where the part is not back from an earlier one.</param>
/// <param name="Blow">What happens.</param>
/// <param name="Lasts">How long the part stays away.</param>
sealed record Hit(int Number, TimeSpan At, Blow Blow, TimeSpan Lasts)
{
    static readonly TimeSpan BetweenOutages = TimeSpan.FromSeconds(20);

    /// <summary>Plan of a seed, the same each time.</summary>
    public static IReadOnlyList<Hit> Plan(int seed, int count)
    {
        var random = new Random(seed);
        var hits = new List<Hit>();
        var at = TimeSpan.FromSeconds(2);
        for (var number = 1; number <= count; number++)
        {
            // The first ones in turn, so that even a short run has each kind; killing is what the contract is for, and comes most often.
            var blow = number <= 5 ? (Blow)((number + seed % 5 + 5) % 5) : random.Next(10) switch { < 3 => Blow.KillServer, 3 => Blow.EndServer, < 6 => Blow.CrashDatabase, < 8 => Blow.FreezeDatabase, _ => Blow.EndBroker };
            var longest = blow switch { Blow.FreezeDatabase => 6.0, Blow.CrashDatabase => 4, _ => 2 };
            // Most are short; a long one now and then.
            hits.Add(new Hit(number, at, blow, TimeSpan.FromSeconds(0.05 + longest * Math.Pow(random.NextDouble(), 2))));
            at += TimeSpan.FromSeconds(0.3 + 3 * random.NextDouble());
        }

        return hits;
    }

    /// <summary>Outages of database and broker over a time, each a few seconds; the server lives through them all.</summary>
    public static IReadOnlyList<Hit> Outages(int seed, TimeSpan time)
    {
        var random = new Random(seed);
        var hits = new List<Hit>();
        for (var at = BetweenOutages; at < time || hits.Count == 0; at += BetweenOutages)
            hits.Add(new Hit(hits.Count + 1, at, (Blow)((int)Blow.CrashDatabase + hits.Count % 3), TimeSpan.FromSeconds(0.5 + 5 * random.NextDouble())));
        return hits;
    }
}
