using Telemetry.Bench.Rig;
using static Telemetry.Bench.Rig.Report;

namespace Telemetry.Bench.Fanout;

/// <summary>Memory of connected clients while nothing happens, and after messages were sent to them.</summary>
static class IdleMemory
{
    const double GoalOfFirst = 75;
    const double GoalOfFurther = 12;
    const int MessagesSent = 20;

    public static async Task Run(char letter, TempFolder folder, string published, Arguments arguments, CancellationToken cancel)
    {
        var (first, further) = arguments.Smoke ? (50, 450) : (1000, 9000);
        var rest = TimeSpan.FromSeconds(arguments.Smoke ? 0.5 : 5);
        await using var mosquitto = await Contender.StartMosquitto(folder, certificate: null, cancel);
        var theirs = await Measure(mosquitto);
        await using var server = await Contender.StartServer(folder, published, arguments, certificate: null, cancel);
        var ours = await Measure(server);

        Line();
        Line($"{letter}: resident memory with idle clients, {rest.TotalSeconds} s after the last one has connected; then after {MessagesSent} messages to each, at 4 a second.");
        Table(
            ["MiB", "no client", $"{first}", $"{first + further}", "KiB for each further one", $"after {MessagesSent} messages", "KiB for each"],
            new[] { ("Mosquitto", theirs), ("server", ours) }.Select(one => Row(one.Item1, one.Item2)));
        Line();
        Line($"Goals: at most {GoalOfFirst} MiB with 1000 clients: {(ours.First <= GoalOfFirst ? "met" : "missed")}; at most {GoalOfFurther} KiB for each further one: {(EachOf(ours.First, ours.All) <= GoalOfFurther ? "met" : "missed")}.");

        async Task<(double None, double First, double All, double After)> Measure(Contender contender)
        {
            using var publisher = await CarPublisher.Connect(contender, cars: 1, cancel);
            await Task.Delay(rest, cancel);
            var none = contender.ResidentMib;
            await using var some = await Receiver.Connect(contender, first, cancel);
            await Task.Delay(rest, cancel);
            var withSome = contender.ResidentMib;
            await using var others = await Receiver.Connect(contender, further, cancel);
            await Task.Delay(rest, cancel);
            var withAll = contender.ResidentMib;
            await publisher.Publish(MessagesSent, perSecond: 4, cancel);
            await Task.Delay(rest, cancel);
            return (none, withSome, withAll, contender.ResidentMib);
        }

        string[] Row(string name, (double None, double First, double All, double After) memory) =>
        [
            name, Figure(memory.None, 1), Figure(memory.First, 1), Figure(memory.All, 1), Figure(EachOf(memory.First, memory.All), 1),
            Figure(memory.After, 1), Figure((memory.After - memory.None) * 1024 / (first + further), 1),
        ];

        double EachOf(double before, double after) => (after - before) * 1024 / further;
    }
}
