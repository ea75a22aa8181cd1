using Telemetry.Api.History;
using Telemetry.Api.Store;
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
    public void A_later_version_is_refused()
    {
        var read = () => BatchFormat.Read([2, 0, 0, 0], new VehicleRegistry(), new SignalCatalog()).ToList();
        read.Should().Throw<InvalidDataException>();
    }
}
