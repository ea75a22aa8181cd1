using Telemetry.Api.History;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.History;

public class OverloadTests
{
    [Fact]
    public async Task While_readings_are_lost_the_store_is_degraded()
    {
        await using var server = await Server.Start();
        await server.StoreIs("direct");
        server.Service<HistoryQueue>().Add(new Arrival(new VehicleRegistry().Default, new Reading[HistoryQueue.Capacity + 1]), null);
        var store = (await server.Ready()).GetProperty("checks").GetProperty("store");
        store.GetProperty("status").GetString().Should().Be("degraded");
        store.GetProperty("problem").GetString().Should().Be("readings are lost: they arrive faster than they can be stored");
        store.GetProperty("dropped").GetInt64().Should().Be(HistoryQueue.Capacity + 1);
    }
}
