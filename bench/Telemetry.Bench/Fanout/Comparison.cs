namespace Telemetry.Bench.Fanout;

/// <summary>What one contender did in one case.</summary>
/// <param name="CpuSecondsWithoutClients">Processor time for the messages of a round that nobody listens to.</param>
/// <param name="Rounds">What it did with clients.</param>
sealed record Outcome(double CpuSecondsWithoutClients, IReadOnlyList<Round> Rounds)
{
    /// <summary>Share of the messages that did not come.</summary>
    public double Missing => 1 - (double)Rounds.Sum(round => round.Reception.Frames) / Rounds.Sum(round => round.Expected);

    public double Median(Func<Round, double> figure) => Percentiles.Median(Rounds.Select(figure));
}

/// <summary>One case, measured with both contenders in turn.</summary>
sealed record Comparison(FanoutCase Case, Outcome Mosquitto, Outcome Server)
{
    /// <summary>Share of messages that newer ones may replace before a client takes them, without the case being another one.</summary>
    public const double MostMissing = 0.05;

    /// <summary>Methods that are called often are compiled anew while they run: that is over by then.</summary>
    const int WarmUpSeconds = 6;

    /// <summary>What the end of many connections leaves to do is done by then.</summary>
    static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(500);

    /// <summary>The median of the ratio of each round's figure.</summary>
    public double Ratio(Func<Round, double> figure) => Percentiles.Median(Server.Rounds.Zip(Mosquitto.Rounds, (mine, theirs) => figure(mine) / figure(theirs)));

    public static async Task<Comparison> Measure(
        FanoutCase one, int seconds, int rounds, TempFolder folder, string published, Arguments arguments, CancellationToken cancel)
    {
        var certificate = one.IsSecure ? await Certificate.Create(folder, cancel) : null;
        await using var mosquitto = await Contender.StartMosquitto(folder, certificate, cancel);
        await using var server = await Contender.StartServer(folder, published, arguments, certificate, cancel);
        Contender[] contenders = [mosquitto, server];
        using var toMosquitto = await CarPublisher.Connect(mosquitto, cars: 1, cancel);
        using var toServer = await CarPublisher.Connect(server, cars: 1, cancel);
        var without = new Dictionary<Contender, double>();
        foreach (var contender in contenders)
        {
            await Round(contender, arguments.Smoke ? 1 : WarmUpSeconds);
            var before = contender.CpuSeconds;
            await Publisher(contender).Publish(one.PerSecond * seconds, one.PerSecond, cancel);
            without[contender] = contender.CpuSeconds - before;
        }

        for (var i = 0; i < rounds; i++)
        {
            // The order changes with each round, so that nobody always comes first.
            foreach (var contender in i % 2 == 0 ? contenders : contenders.Reverse()) contender.Rounds.Add(await Round(contender, seconds));
        }

        return new Comparison(one, new Outcome(without[mosquitto], mosquitto.Rounds), new Outcome(without[server], server.Rounds));

        CarPublisher Publisher(Contender contender) => contender == server ? toServer : toMosquitto;

        async Task<Round> Round(Contender contender, int length)
        {
            Round round;
            await using (var receiver = await Receiver.Connect(contender, one.Clients, cancel))
                round = await Fanout.Round.Run(contender, receiver, Publisher(contender), one.PerSecond, length, cancel);
            await Task.Delay(Rest, cancel);
            return round;
        }
    }
}
