using System.Buffers;
using System.Text;
using Telemetry.Core.Live;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
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
        using var graphs = new LiveGraphs(1, new Pacing(TimeSpan.FromMilliseconds(40), new PresenceLimits(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60))), marbles.Scheduler);
        var intake = Messages.Intake(graphs, marbles.Scheduler);
        var updates = new List<VehicleSnapshot>();
        graphs.All[0].Updates.Subscribe(updates.Add);

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
        updates.Should().HaveCount(10_000).And.OnlyContain(snapshot => snapshot.State == VehicleState.Offline);
    }

    /// <summary>Each at the pace of a dongle that asks for one PID after the other; one of them is silent for 20 s of each ten minutes.</summary>
    [Fact]
    public void Two_cars_drive_for_an_hour_without_a_leak_and_without_noticing_each_other()
    {
        var marbles = new Marbles();
        using var graphs = new LiveGraphs(1, new Pacing(TimeSpan.FromMilliseconds(40), new PresenceLimits(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60))), marbles.Scheduler);
        var intake = Messages.Intake(graphs, marbles.Scheduler);
        var transitions = new Dictionary<string, List<(double At, VehicleState State)>> { ["odd"] = [], ["even"] = [] };
        var strangers = 0;
        graphs.All[0].Transitions.Subscribe(snapshot => transitions[snapshot.Vehicle.Device!].Add((marbles.Now / 1000, snapshot.State)));
        graphs.All[0].Updates.Subscribe(snapshot =>
        {
            if (snapshot.Value(Signal.Rpm) is { } rpm && (rpm % 2 == 1) != (snapshot.Vehicle.Device == "odd")) strangers++;
        });

        var before = 0L;
        for (var beat = 0; beat < 60 * 60 * 25; beat++)
        {
            if (beat == 10 * 60 * 25) before = GC.GetTotalMemory(forceFullCollection: true);
            marbles.RunTo(beat * 40);
            Say("odd", 1 + beat % 1000 * 2);
            marbles.RunTo(beat * 40 + 20);
            if (beat / 25 % 600 >= 20) Say("even", 2 + beat % 1000 * 2);
        }

        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(200_000);
        strangers.Should().Be(0);
        transitions["odd"].Should().Equal((0, VehicleState.Running));
        transitions["even"].Select(change => Math.Round(change.At, 2)).Should().Equal(20.02, 609.98, 620.02, 1209.98, 1220.02, 1809.98, 1820.02, 2409.98, 2420.02, 3009.98, 3020.02);

        void Say(string device, int rpm) => intake.Take($"wican/{device}/rpm", new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes($"{rpm}")), retained: false);
    }
}
