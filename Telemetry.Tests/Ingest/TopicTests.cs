using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Ingest;

public class TopicTests
{
    [Theory]
    [InlineData("wican/#", "wican/rpm", "default")]
    [InlineData("fleet/north/#", "fleet/north/car7/rpm", "car7")]
    [InlineData("$share/group/wican/#", "wican/car7/rpm", "car7")]
    [InlineData("wican/+/#", "wican/car7/rpm", "car7")]
    public void The_levels_before_the_wildcard_are_the_prefix(string filter, string topic, string device)
    {
        var messages = new Messages(filter);
        messages.Read(topic, "900"u8.ToArray())!.Vehicle.Device.Should().Be(device);
    }

    [Theory]
    [InlineData("wican/car\n7/rpm")]
    [InlineData("wican/car\u007f/rpm")]
    [InlineData("wican/\u0085car/rpm")]
    [InlineData("wican/car\u009b31m/rpm")]
    public void A_device_name_with_a_control_character_is_none(string topic)
    {
        var messages = new Messages();
        messages.Read(topic, "900"u8.ToArray()).Should().BeNull();
        messages.Rejections.Should().Be("Topic=1");
        messages.Vehicles.Count.Should().Be(1);
    }

    [Fact]
    public void Devices_get_the_next_id_on_first_sight_and_keep_it()
    {
        var vehicles = new VehicleRegistry();
        vehicles.Of("a").Id.Should().Be(2);
        vehicles.Of("b").Id.Should().Be(3);
        vehicles.Of("a").Id.Should().Be(2);
        vehicles.Of("default").Id.Should().Be(1);
    }

    [Fact]
    public void The_id_of_the_store_wins_and_no_two_vehicles_share_one()
    {
        var vehicles = new VehicleRegistry();
        var a = vehicles.Of("a");
        var b = vehicles.Restore(2, "b", "Bus", TimeSpan.FromSeconds(60));
        b.Id.Should().Be(2);
        a.Id.Should().Be(3);
        vehicles.Find(2).Should().BeSameAs(b);
        vehicles.Find(3).Should().BeSameAs(a);
        vehicles.Restore(7, "a", null, null).Should().BeSameAs(a);
        vehicles.Find(3).Should().BeNull();
        vehicles.Of("c").Id.Should().Be(8);
        vehicles.Page(10, 0).Select(vehicle => vehicle.Device).Should().Equal("default", "b", "a", "c");
        vehicles.Page(1, 2).Should().Equal(a);
    }
}
