using System.Buffers;
using System.Text;
using Telemetry.Core.Presence;
using Telemetry.Core.Stream;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Stream;

/// <summary>Alone in the process: others' garbage would be counted too.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "Alone";
}

[Collection(Alone.Name)]
public sealed class LiveGraphMemoryTests
{
    [Fact]
    public void Ten_thousand_vehicles_cost_no_memory_once_known()
    {
        var marbles = new Marbles();
        using var graph = new LiveGraph(new Pacing(TimeSpan.FromMilliseconds(40), new PresenceLimits(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60))), marbles.Scheduler);
        var intake = Messages.Intake(graph, marbles.Scheduler);
        var updates = new List<VehiclePicture>();
        graph.Updates.Subscribe(updates.Add);

        void Round(int round)
        {
            var payload = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes($"{round}"));
            for (var i = 0; i < 10_000; i++) intake.Take($"wican/car{i}/rpm", payload, retained: false);
            marbles.RunTo(round * 1000);
            updates.Clear();
        }

        for (var round = 1; round <= 15; round++) Round(round);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var round = 16; round <= 45; round++) Round(round);
        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(1_000_000);
        marbles.RunTo(60_000);
        updates.Should().HaveCount(10_000).And.OnlyContain(picture => picture.State == VehicleState.Offline);
    }
}
