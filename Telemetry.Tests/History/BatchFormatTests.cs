using Telemetry.Api.History;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.History;

public class BatchFormatTests
{
    [Fact]
    public void What_is_written_is_read_back_to_the_bit()
    {
        var (vehicles, catalog) = (new VehicleRegistry(), new SignalCatalog());
        catalog.TryNamed("soc", out var soc);
        HistoryEntry[] entries =
        [
            new(vehicles.Of("car é"), [new(Signal.Rpm, 0.1 + 0.2, Cars.Noon.AddMicroseconds(1)), new(soc!, -1e-300, Cars.Noon)], null),
            new(vehicles.Default, [], null),
        ];
        var read = BatchFormat.Read(BatchFormat.Write(entries), vehicles, catalog).ToList();
        read.Select(entry => entry.Vehicle).Should().Equal(entries.Select(entry => entry.Vehicle));
        read.SelectMany(entry => entry.Readings).Should().Equal(entries.SelectMany(entry => entry.Readings));
    }

    [Fact]
    public void A_vehicle_that_is_merged_while_its_batch_is_written_spoils_nothing()
    {
        var (vehicles, catalog) = (new VehicleRegistry(), new SignalCatalog());
        var (a, b) = (vehicles.Of("a"), vehicles.Of("b"));
        var entries = new MergingEntries([new(a, [new(Signal.Rpm, 1, Cars.Noon)], null)], () => vehicles.TryMerge(a, b));
        var read = BatchFormat.Read(BatchFormat.Write(entries), vehicles, catalog).ToList();
        a.IsMerged.Should().BeTrue();
        read.Single().Vehicle.Should().BeSameAs(b);
    }

    /// <summary>Entries of a vehicle that is merged after they have been gone through once.</summary>
    sealed class MergingEntries(HistoryEntry[] entries, Action merge) : IReadOnlyList<HistoryEntry>
    {
        public int Count => entries.Length;

        public HistoryEntry this[int index] => entries[index];

        public IEnumerator<HistoryEntry> GetEnumerator()
        {
            foreach (var entry in entries) yield return entry;
            merge();
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }

    [Fact]
    public void A_batch_without_a_vehicle_keeps_the_rest_to_the_bit()
    {
        var (vehicles, catalog) = (new VehicleRegistry(), new SignalCatalog());
        var (van, bus) = (vehicles.Of("van"), vehicles.Of("bus"));
        var alert = new Alert(AlertIds.New(Cars.Noon), 3, van, Severity.Critical, Cars.Noon, Cars.Noon) { Rule = "hot", Signal = Signal.Rpm };
        HistoryEntry[] kept = [new(bus, [new(Signal.Rpm, 1, Cars.Noon), new(Signal.EngineLoad, 2, Cars.Noon)], null), new(bus, [new(Signal.Rpm, 3, Cars.Noon)], null)];
        var content = BatchFormat.Write([kept[0], new(van, [new(Signal.Rpm, 9, Cars.Noon)], null), new(van, [], null, Alert: alert), kept[1]]);
        var (left, rows) = BatchFormat.Without(content, "van")!.Value;
        rows.Should().Be(3);
        BatchFormat.Read(left, vehicles, catalog).Should().BeEquivalentTo(kept);
        BatchFormat.Without(left, "van")!.Value.Content.Should().Equal(left);
        BatchFormat.Without(content, "lorry").Should().BeNull();
    }

    [Fact]
    public void A_later_version_is_refused()
    {
        var read = () => BatchFormat.Read([3, 0, 0, 0], new VehicleRegistry(), new SignalCatalog()).ToList();
        read.Should().Throw<InvalidDataException>();
    }
}
