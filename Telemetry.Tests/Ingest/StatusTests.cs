using System.Text;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Ingest;

/// <summary>Messages about a dongle, and descriptions of what it publishes: a will is understood in any shape, and none of them is a reading.</summary>
public class StatusTests
{
    readonly Messages _messages = new();

    [Theory]
    [InlineData("can/status", """{"status": "offline"}""")]
    [InlineData("can/status", """{"timestamp":1785312000,"status":"offline"}""")]
    [InlineData("can/status", """{"status":"offline","ip":"192.168.4.1","rssi":-60,"wifi":{"ssid":"x"}}""")]
    [InlineData("can/status", """{"STATUS":"Offline"}""")]
    [InlineData("can/status", """{"state":"offline"}""")]
    [InlineData("can/status", """{"online":false}""")]
    [InlineData("can/status", """{"connected":0}""")]
    [InlineData("can/status", "offline")]
    [InlineData("can/status", "OFFLINE")]
    [InlineData("can/status", "\"offline\"")]
    [InlineData("can/status", " Offline\n\0")]
    [InlineData("can/status", "\uFEFF{\"status\":\"offline\"}\0")]
    [InlineData("can/status", "disconnected")]
    [InlineData("status", "offline")]
    [InlineData("Status", "0")]
    [InlineData("availability", "offline")]
    [InlineData("LWT", "Offline")]
    [InlineData("obd/status", "lost")]
    public void A_will_makes_its_vehicle_offline_whatever_its_shape(string rest, string payload)
    {
        _messages.Readings("wican/car7/rpm", "900");
        _messages.Read($"wican/car7/{rest}", Encoding.UTF8.GetBytes(payload)).Should().BeOfType<Will>().Which.Vehicle.Device.Should().Be("car7");
        _messages.Rejections.Should().Be("Status=1");
        _messages.Read($"wican/car7/{rest}", Encoding.UTF8.GetBytes(payload), retained: true).Should().BeNull("a will that the broker had kept is of another time");
    }

    [Theory]
    [InlineData("can/status", """{"status":"online"}""")]
    [InlineData("can/status", """{"status":"offline""")]
    [InlineData("can/status", """{"status":"offline"} and more""")]
    [InlineData("can/status", """{"last":{"status":"offline"},"status":"online"}""")]
    [InlineData("can/status", """{"reason":"offline"}""")]
    [InlineData("can/status", "sleeping")]
    [InlineData("can/status", "")]
    [InlineData("SOC/availability", "offline")]
    [InlineData("status/rpm", "offline")]
    public void What_is_no_will_makes_nothing_offline(string rest, string payload)
    {
        _messages.Readings("wican/car7/rpm", "900");
        (_messages.Read($"wican/car7/{rest}", Encoding.UTF8.GetBytes(payload)) is Will).Should().BeFalse();
    }

    [Theory]
    [InlineData("can/status", """{"timestamp":1785312000,"Status":"ONLINE"}""")]
    [InlineData("availability", "online")]
    [InlineData("LWT", "Online")]
    public void A_dongle_that_is_back_says_so_in_any_shape(string rest, string payload)
    {
        _messages.Readings("wican/car7/rpm", "900");
        _messages.Read($"wican/car7/{rest}", Encoding.UTF8.GetBytes(payload)).Should().BeOfType<WillRevoked>();
    }

    [Theory]
    [InlineData("wican/car7/can/status", """{"status":"online","rssi":-60}""", "Status=1")]
    [InlineData("wican/car7/availability", "online", "Status=1")]
    [InlineData("wican/car7/SOC/availability", "online", "Status=1")]
    [InlineData("wican/car7/LWT", "1", "Status=1")]
    [InlineData("wican/status", "online", "Status=1")]
    [InlineData("wican/car7/SOC/config", """{"name":"SOC","state_topic":"wican/car7/can/rx","expire_after":300,"qos":0}""", "Discovery=1")]
    [InlineData("wican/sensor/car7/soc/CONFIG", """{"name":"SOC","stat_t":"wican/car7/can/rx","exp_aft":300}""", "Discovery=1")]
    [InlineData("wican/car7/config", "1", "Discovery=1")]
    public void Status_and_discovery_make_no_vehicle_and_none_running(string topic, string payload, string rejections)
    {
        _messages.Readings(topic, payload).Should().Be("nothing");
        _messages.Rejections.Should().Be(rejections);
        _messages.Vehicles.Count.Should().Be(1);
    }
}
