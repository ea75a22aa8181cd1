using Telemetry.Core.Ingest;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Ingest;

/// <summary>Values with their unit, values whose signal the topic names, two values for one signal, and groups whose topic is their vehicle.</summary>
public class QuantityTests
{
    readonly Messages _messages = new();

    [Theory]
    [InlineData("wican/car7/rpm", """{"value":2500}""", "car7: rpm=2500")]
    [InlineData("wican/rpm", """{"Value":"2500","unit":"rpm","timestamp":1785312000}""", "default: rpm=2500")]
    [InlineData("wican/car7/vehicle_speed", """{"unit":"mph","min":0,"max":160,"value":50}""", "car7: vehicle_speed=80.4672")]
    [InlineData("wican/car7/vehicle_speed", """{"SPEED":50,"unit":"mph","timestamp":1785312000}""", "car7: vehicle_speed=80.4672")]
    [InlineData("wican/car7/rpm", """{"value":2500,"SOC":50}""", "car7: rpm=2500 soc=50")]
    [InlineData("wican/car7/Boost (psi)", "10", "car7: boost=68.94757293168361")]
    [InlineData("wican/car7/data", """{"SOC":{"value":71.5,"unit":"%"},"SPEED":{"unit":"mph","value":"50"}}""", "car7: soc=71.5 vehicle_speed=80.4672")]
    [InlineData("wican/car7/data", """{"COOLANT_TMP":{"value":212,"unit":"\u00b0F"},"ODOMETER":{"value":1000,"unit_of_measurement":"mi"}}""", "car7: coolant_temperature=100 odometer=1609.344")]
    [InlineData("wican/car7/data", """{"HV_W":{"value":1.5,"unit":"kW"},"alt":{"value":350,"unit":"m"},"economy":{"value":100,"unit":"km/L"}}""", "car7: hv_w=1500 alt=350 economy=1")]
    [InlineData("wican/car7/data", """{"SPEED":{"value":3000,"unit":"rpm"},"x":{"value":3,"unit":"widgets"}}""", "car7: speed_rpm=3000 x=3")]
    [InlineData("wican/car7/data", """{"Speed (rpm)":3000}""", "car7: speed_rpm=3000")]
    [InlineData("wican/car7/data", """{"CHARGING":{"value":true}}""", "car7: charging=1")]
    public void A_value_is_of_the_signal_and_the_unit_that_are_said(string topic, string payload, string expected)
    {
        _messages.Readings(topic, payload).Should().Be(expected);
        _messages.Rejections.Should().BeEmpty();
    }

    [Theory]
    [InlineData("wican/car7/battery", """{"value":12.6}""", "NoReading=1")]
    [InlineData("wican/car7/rpm", """{"value":null}""", "NotANumber=1")]
    [InlineData("wican/car7/rpm", """{"value":{"value":1}}""", "NoReading=1")]
    [InlineData("wican/car7/vehicle_speed", """{"value":170,"unit":"mph"}""", "OutOfRange=1")]
    [InlineData("wican/car7/data", """{"SOC":{"unit":"%"}}""", "NoReading=1")]
    [InlineData("wican/car7/data", """{"SOC":150,"FUEL_LEVEL":-1,"06-ShortFuelTrimBank1":120}""", "OutOfRange=3")]
    [InlineData("wican/car7/info", """{"status":"online","rssi":-60,"uptime":120}""", "Status=1")]
    [InlineData("wican/car7/SOC", """{"name":"SOC","stat_t":"wican/car7/can/rx","exp_aft":300}""", "Discovery=1")]
    public void What_is_none_is_counted(string topic, string payload, string expected)
    {
        _messages.Readings(topic, payload).Should().Be("nothing");
        _messages.Rejections.Should().Be(expected);
        _messages.Vehicles.Count.Should().Be(1);
    }

    [Theory]
    [InlineData("""{"Batt +":12.5,"Batt -":0.1}""", "car7: batt_plus=12.5 batt_minus=0.1", "")]
    [InlineData("""{"23-FuelRailGaug":28700,"59-FuelRailAbsPres":28800}""", "car7: fuel_rail_pressure=28700 59_fuel_rail_abs_pres=28800", "")]
    [InlineData("""{"ENGINE_RPM":900,"0C-EngineRPM":901}""", "car7: rpm=900 0c_engine_rpm=901", "")]
    [InlineData("""{"Speed (km/h)":80,"Speed (mph)":50}""", "car7: vehicle_speed=80 speed_mph=50", "")]
    [InlineData("""{"SPEED":999,"vehicle_speed":50}""", "car7: vehicle_speed=50", "OutOfRange=1")]
    [InlineData("""{"HV_V":400,"HV V":401,"hv-v":402}""", "car7: hv_v=400", "Duplicate=2")]
    [InlineData("""{"Öl":1,"O\u0308l":2}""", "car7: öl=1", "Duplicate=1")]
    public void Two_keys_are_never_one_signal_without_a_trace(string payload, string expected, string rejections)
    {
        _messages.Readings("wican/car7/data", payload).Should().Be(expected);
        _messages.Rejections.Should().Be(rejections);
    }

    [Theory]
    [InlineData("wican/car1", """{"SOC":71.5,"SPEED":50}""", "car1: soc=71.5 vehicle_speed=50")]
    [InlineData("wican/car1", """{"SOC":{"value":71.5,"unit":"%"},"CHARGING":"on","timestamp":1785312000}""", "car1: soc=71.5 charging=1")]
    [InlineData("wican/car1", """{"SOC":71.5,"SPEED":null}""", "car1: soc=71.5")]
    [InlineData("wican/car1", """{"SOC":71.5,"timestamp":1785312000}""", "default: soc=71.5")]
    [InlineData("wican/car1", """{"value":71.5,"unit":"%"}""", "default: car1=71.5")]
    [InlineData("wican/car1", "71.5", "default: car1=71.5")]
    [InlineData("wican/rpm", """{"SOC":71.5,"SPEED":50}""", "default: soc=71.5 vehicle_speed=50")]
    [InlineData("wican/AbsBaroPres", """{"SOC":71.5,"SPEED":50}""", "default: soc=71.5 vehicle_speed=50")]
    [InlineData("wican/boost", """{"Boost (psi)":0,"SPEED":50}""", "default: boost=0 vehicle_speed=50")]
    public void A_group_is_of_the_device_that_its_topic_names(string topic, string payload, string expected) => _messages.Readings(topic, payload).Should().Be(expected);

    [Fact]
    public void A_retained_group_is_of_the_device_as_well() =>
        _messages.Read("wican/car1", "{\"SOC\":71.5,\"SPEED\":50}"u8.ToArray(), retained: true).Should().BeOfType<RestoredValues>().Which.Vehicle.Device.Should().Be("car1");

    [Fact]
    public void A_group_under_a_name_that_no_device_can_have_is_rejected()
    {
        _messages.Readings($"wican/{new string('x', Vehicle.MaxDeviceLength + 1)}", """{"SOC":71.5,"SPEED":50}""").Should().Be("nothing");
        _messages.Rejections.Should().Be("Topic=1");
    }

    [Fact]
    public void A_rule_for_a_signals_unit_comes_before_what_the_payload_says()
    {
        var messages = new Messages("wican/#", new TopicRule { Topic = "us/{device}", Units = { ["vehicle_speed"] = "mph" } });
        messages.Readings("us/van", """{"Speed (km/h)":50,"Coolant temp (°F)":212}""").Should().Be("van: vehicle_speed=80.4672 coolant_temperature=100");
    }
}
