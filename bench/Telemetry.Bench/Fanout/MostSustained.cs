using Telemetry.Bench.Rig;
using static Telemetry.Bench.Rig.Report;

namespace Telemetry.Bench.Fanout;

/// <summary>Deliveries per second that a contender sustains: the rate is raised in steps until it lags.</summary>
static class MostSustained
{
    const int Cars = 100;
    const int Clients = 1000;
    const double Goal = 1_000_000;
    const double MostP99 = 100;
    const double MostMissing = 0.01;

    /// <summary>Twice as much with each step, and the goal is one of them.</summary>
    const double Lowest = Goal / 64;
    const double Highest = Goal * 4;

    /// <param name="letter">What it is called.</param>
    /// <param name="contenders">Each starts one.</param>
    /// <param name="isSmoke">True if it is to be quick.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task Run(char letter, IEnumerable<Func<Certificate?, Task<Contender>>> contenders, bool isSmoke, CancellationToken cancel)
    {
        var clients = isSmoke ? 50 : Clients;
        var seconds = isSmoke ? 1 : 3;
        var steps = new List<(string Name, double Rate, Round Round)>();
        foreach (var start in contenders)
        {
            double sustained = 0, tooMuch = double.PositiveInfinity;
            for (var rate = Lowest; rate <= Highest && (tooMuch > sustained * 1.2); rate = double.IsInfinity(tooMuch) ? rate * 2 : Math.Sqrt(sustained * tooMuch))
            {
                var (name, round) = await Step(start, rate);
                steps.Add((name, rate, round));
                if (Lags(round)) tooMuch = rate;
                else sustained = rate;
                if (isSmoke || sustained == 0) break;
            }
        }

        Line();
        Line($"{letter}: {clients} clients of {Cars} cars, each car publishing evenly; {seconds} s a step after {seconds} s at half the rate; sustained: p99 ≤ {MostP99:0} ms, at most {100 * MostMissing:0} % missing and the publisher on time.");
        Table(
            ["", "offered deliveries/s", "delivered/s", "missing %", "p50 ms", "p99 ms", "CPU-s per million", "messages a read", "cores of others", "sustained"],
            steps.Select(step => (string[])
            [
                step.Name, Figure(step.Rate, 0), Figure(step.Round.PerSecond, 0), Figure(100 * step.Round.Missing, 1), Figure(step.Round.Reception.P50, 1), Figure(step.Round.Reception.P99, 1),
                Figure(step.Round.CpuMicroseconds, 1), Figure((double)step.Round.Reception.Frames / step.Round.Reception.Reads, 1), Figure(step.Round.OthersCpuSeconds / step.Round.Seconds, 2),
                Lags(step.Round) ? "no" : "yes",
            ]));
        Table(
            ["most sustained", "deliveries/s", "goal"],
            steps.GroupBy(step => step.Name).Select(group => (group.Key, Most: group.Where(step => !Lags(step.Round)).Select(step => step.Rate).DefaultIfEmpty().Max()))
                .Select(one => (string[])[one.Key, Figure(one.Most, 0), one.Key == "server" ? $"{Goal:0}: {(one.Most >= Goal ? "met" : "missed")}" : ""]));

        bool Lags(Round round) => round.Reception.P99 > MostP99 || round.Missing > MostMissing || round.PublishSeconds > seconds * 1.05;

        // A new process each time: what one step left behind is not the next one's burden.
        async Task<(string Name, Round Round)> Step(Func<Certificate?, Task<Contender>> start, double rate)
        {
            await using var contender = await start(null);
            using var publisher = await CarPublisher.Connect(contender, Cars, cancel);
            await using var receiver = await Receiver.Connect(contender, clients, cancel);
            await Round.Run(contender, receiver, publisher, rate / clients / 2, seconds, cancel);
            return (contender.Name, await Round.Run(contender, receiver, publisher, rate / clients, seconds, cancel));
        }
    }
}
