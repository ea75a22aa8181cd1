using Telemetry.Bench.Rig;

namespace Telemetry.Bench.Fanout;

/// <summary>Result of one contender in one case.</summary>
/// <param name="Name">Its name.</param>
/// <param name="CpuSecondsWithoutClients">Processor time for the messages of a round that nobody listens to.</param>
/// <param name="Rounds">What it did with clients.</param>
sealed record Outcome(string Name, double CpuSecondsWithoutClients, IReadOnlyList<Round> Rounds)
{
    /// <summary>Share of the messages that did not come.</summary>
    public double Missing => 1 - (double)Rounds.Sum(round => round.Reception.Frames) / Rounds.Sum(round => round.Expected);

    public double Median(Func<Round, double> figure) => Percentiles.Median(Rounds.Select(figure));
}

/// <summary>One case, measured with all contenders in turn.</summary>
/// <param name="Case">The case.</param>
/// <param name="Server">The server, as the case is about it.</param>
/// <param name="Others">What it is compared with; goals are about the first.</param>
sealed record Comparison(FanoutCase Case, Outcome Server, IReadOnlyList<Outcome> Others)
{
    /// <summary>Share of messages that newer ones may replace before a client takes them, without the case being another one.</summary>
    public const double MostMissing = 0.05;

    /// <summary>Methods that are called often are compiled anew while they run: that is over by then.</summary>
    const int WarmUpSeconds = 6;

    /// <summary>Time for the work that the end of many connections leaves.</summary>
    static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(500);

    /// <summary>The median of the ratio of each round's figure.</summary>
    public double Ratio(Outcome other, Func<Round, double> figure) => Percentiles.Median(Server.Rounds.Zip(other.Rounds, (mine, theirs) => figure(mine) / figure(theirs)));

    /// <param name="one">The case.</param>
    /// <param name="seconds">Of a round.</param>
    /// <param name="rounds">How many.</param>
    /// <param name="start">Starts contenders, given a certificate where the case wants one: the server last.</param>
    /// <param name="folder">Holds the certificate.</param>
    /// <param name="isSmoke">True if it is to be quick.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<Comparison> Measure(
        FanoutCase one, int seconds, int rounds, IEnumerable<Func<Certificate?, Task<Contender>>> start, TempFolder folder, bool isSmoke, CancellationToken cancel)
    {
        var certificate = one.IsSecure ? await Certificate.Create(folder, cancel) : null;
        var contenders = new List<Contender>();
        var publishers = new Dictionary<Contender, CarPublisher>();
        var without = new Dictionary<Contender, double>();
        try
        {
            foreach (var begin in start)
            {
                var contender = await begin(certificate);
                contenders.Add(contender);
                publishers[contender] = await CarPublisher.Connect(contender, cars: 1, cancel);
                await Round(contender, isSmoke ? 1 : WarmUpSeconds);
                var before = contender.CpuSeconds;
                await publishers[contender].Publish(one.PerSecond * seconds, one.PerSecond, cancel);
                without[contender] = contender.CpuSeconds - before;
            }

            for (var i = 0; i < rounds; i++)
            {
                // The order changes with each round, so that nobody always comes first.
                foreach (var contender in i % 2 == 0 ? contenders : contenders.AsEnumerable().Reverse()) contender.Rounds.Add(await Round(contender, seconds));
            }

            var outcomes = contenders.Select(contender => new Outcome(contender.Name, without[contender], contender.Rounds)).ToList();
            return new Comparison(one, outcomes[^1], outcomes[..^1]);
        }
        finally
        {
            foreach (var publisher in publishers.Values) publisher.Dispose();
            foreach (var contender in contenders) await contender.DisposeAsync();
        }

        async Task<Round> Round(Contender contender, int length)
        {
            Round round;
            await using (var receiver = await Receiver.Connect(contender, one.Clients, cancel))
                round = await Fanout.Round.Run(contender, receiver, publishers[contender], one.PerSecond, length, cancel);
            await Task.Delay(Rest, cancel);
            return round;
        }
    }
}
