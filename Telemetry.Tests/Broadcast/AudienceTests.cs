using System.Text;
using Telemetry.Api.Broadcast;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Broadcast;

public class AudienceTests
{
    readonly VehicleRegistry _vehicles = new();
    readonly Audience _audience = new(Subscription.ToAll);
    long _sequence;

    void Put(params int[] vehicleIds)
    {
        foreach (var id in vehicleIds) _audience.Put(new Frame(Unheard(Known(id)), ++_sequence));
    }

    Vehicle Known(int id) => id == 1 ? _vehicles.Default : _vehicles.Of($"car{id}");

    static VehiclePicture Unheard(Vehicle vehicle) => VehiclePicture.Unheard(vehicle, Cars.Noon, TimeSpan.FromSeconds(10));

    // The vehicles of a batch, as the digits of a text.
    static string Shown(Batch batch) =>
        string.Concat(Encoding.UTF8.GetString(batch.Bytes).Split("\"vehicle_id\":").Skip(1).Select(rest => rest[0]));

    [Fact]
    public void A_newcomer_gets_the_newest_of_every_vehicle_in_the_order_of_change()
    {
        Put(1, 2, 1, 3, 2);
        Shown(_audience.Behind(0, keepsUp: false)).Should().Be("132");
    }

    [Fact]
    public void A_client_that_keeps_up_gets_every_frame()
    {
        Put(1, 2);
        var had = _audience.Newest;
        Put(1, 1, 3, 1);
        Shown(_audience.Behind(had, keepsUp: true)).Should().Be("1131");
    }

    [Fact]
    public void A_client_that_does_not_gets_the_newest_of_each_vehicle()
    {
        Put(1, 2);
        var had = _audience.Newest;
        Put(1, 1, 3, 1);
        Shown(_audience.Behind(had, keepsUp: false)).Should().Be("31");
    }

    [Fact]
    public void A_client_that_is_far_behind_does_not_keep_up()
    {
        Put(1);
        var had = _audience.Newest;
        for (var i = 0; i < 300; i++) Put(1, 2);
        Shown(_audience.Behind(had, keepsUp: true)).Should().Be("12");
    }

    [Fact]
    public void Many_frames_go_out_in_several_writes_and_none_is_left_out()
    {
        var (cursor, shown) = (0L, "");
        var vehicles = Enumerable.Range(1, 1000).Select(Known).ToList();
        foreach (var vehicle in vehicles) _audience.Put(new Frame(Unheard(vehicle), ++_sequence));
        while (cursor != _audience.Newest)
        {
            var batch = _audience.Behind(cursor, keepsUp: true);
            batch.To.Should().BeGreaterThan(cursor);
            batch.Newest.Should().Be(_audience.Newest);
            shown += Encoding.UTF8.GetString(batch.Bytes);
            cursor = batch.To;
        }

        vehicles.Should().OnlyContain(vehicle => shown.Contains($"\"vehicle_id\":{vehicle.Id},"));
    }

    [Fact]
    public void Memory_is_bounded_by_the_vehicles_not_by_the_frames()
    {
        var first = Forgotten();
        for (var i = 0; i < 2000; i++) Put(1, 2, 3);
        GC.Collect();
        first.TryGetTarget(out _).Should().BeFalse();
    }

    WeakReference<Frame> Forgotten()
    {
        var frame = new Frame(Unheard(Known(1)), ++_sequence);
        _audience.Put(frame);
        return new WeakReference<Frame>(frame);
    }
}
