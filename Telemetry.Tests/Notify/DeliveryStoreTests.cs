using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Api.History;
using Telemetry.Api.Notify;
using Telemetry.Core.Notifications;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Notify;

public sealed class DeliveryStoreTests : IDisposable
{
    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_delivery_that_is_saved_late_takes_nothing_back()
    {
        using var spool = new Spool(_folder["spool.db"], 1 << 20);
        var store = new DeliveryStore(spool, new VehicleRegistry(), new SignalCatalog(), NullLogger<DeliveryStore>.Instance);
        var delivered = new DeliveryRow(Guid.NewGuid(), "ops", new DeliveryCursor(2, DateTime.UnixEpoch, 1), IsGivenUp: false, Error: null);
        var begun = new DeliveryRow(Guid.NewGuid(), "ops", DeliveryCursor.None, IsGivenUp: false, Error: null);
        store.Finish("ops", [delivered]);
        store.Save([], [delivered with { Cursor = DeliveryCursor.None }, begun]);
        store.ReadDeliveries().Should().BeEquivalentTo([delivered, begun]);
    }
}
