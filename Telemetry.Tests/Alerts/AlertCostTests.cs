using System.Buffers;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Text;
using System.Text.Json;
using Telemetry.Core.Alerts;
using Telemetry.Core.Ingest;
using Telemetry.Core.Live;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.TroubleCodes;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Stream;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Alerts;

/// <summary>Cost of rules that are not true.</summary>
[Collection(Alone.Name)]
public sealed class AlertCostTests
{
    static readonly string[] Five =
    [
        """{"name":"a","when":[{"signal":"coolant_temperature","above":110,"clear":105}],"for":10}""",
        """{"name":"b","when":[{"signal":"control_module_voltage","below":12}],"while":[{"engine":"off"}],"for":5}""",
        """{"name":"c","when":[{"signal":"coolant_temperature","rises":6,"within":60},{"signal":"coolant_temperature","above":95}]}""",
        """{"name":"d","when":[{"state":"offline"}],"for":86400}""",
        """{"name":"e","when":[{"signal":"vehicle_speed","above":130}],"while":[{"time":"22:00-06:00"}]}""",
    ];

    static (LiveGraphs Graphs, LiveInput Input) Graph(IScheduler scheduler, params string[] rules)
    {
        var (signals, limits) = (new SignalCatalog(), new PresenceLimits(TimeSpan.FromMinutes(10), TimeSpan.Zero));
        var reader = new AlertRuleReader(signals);
        IReadOnlyList<AlertRule> read = [.. rules.Select((rule, i) => reader.Read(JsonDocument.Parse(rule).RootElement, i + 1, 1))];
        var alerts = rules.Length == 0 ? null : new AlertInput(Observable.Return(read).Concat(Observable.Never<IReadOnlyList<AlertRule>>()));
        var graphs = new LiveGraphs(1, new Pacing(TimeSpan.Zero, limits), scheduler, alerts);
        return (graphs, Messages.Intake(graphs, scheduler, limits, new VehicleRegistry(), new TroubleCodeRegistry(), new IngestCounters(), 0, signals, "wican/#"));
    }

    [Fact]
    public void A_vehicle_needs_little_memory_for_rules_that_are_not_true()
    {
        MemoryOfVehicles();
        var without = MemoryOfVehicles();
        var with = MemoryOfVehicles(Five);
        // Beside the graph the server keeps a vehicle's last frame, its row, its topics.
        ((with - without) / without).Should().BeLessThan(0.3, $"{without:0} bytes a vehicle without rules, {with:0} with five");
    }

    [Fact]
    public void A_message_that_no_rule_is_about_allocates_nothing_for_them()
    {
        for (var i = 0; i < 3; i++) AllocatedPerMessage(Five); // Until it is compiled as well as it will be.
        AllocatedPerMessage();
        var without = AllocatedPerMessage();
        AllocatedPerMessage(Five).Should().BeApproximately(without, 1);
    }

    static double MemoryOfVehicles(params string[] rules)
    {
        const int Vehicles = 5000;
        var marbles = new Marbles();
        var (graphs, input) = Graph(marbles.Scheduler, rules);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var round = 0; round < 3; round++)
        {
            marbles.RunTo(round * 1000);
            var payload = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes($$"""{"rpm":{{900 + round}},"vehicle_speed":50,"coolant_temperature":{{80 + round}},"engine_load":20,"control_module_voltage":14}"""));
            for (var i = 0; i < Vehicles; i++) input.Take($"wican/car{i}/all", payload, retained: false);
        }

        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Vehicles;
        GC.KeepAlive(input);
        graphs.Dispose();
        return bytes;
    }

    static double AllocatedPerMessage(params string[] rules)
    {
        const int Count = 20_000;
        // The real one: looking at the clock of a virtual one allocates.
        var (graphs, input) = Graph(DefaultScheduler.Instance, rules);
        var payload = new ReadOnlySequence<byte>("""{"rpm":900}"""u8.ToArray());
        var other = new ReadOnlySequence<byte>("50"u8.ToArray());
        input.Take("wican/all", payload, retained: false);
        var before = 0L;
        for (var i = -1000; i < Count; i++)
        {
            if (i == 0) before = GC.GetAllocatedBytesForCurrentThread();
            input.Take("wican/fuel_level", other, retained: false);
        }

        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Count;
        graphs.Dispose();
        return bytes;
    }
}
