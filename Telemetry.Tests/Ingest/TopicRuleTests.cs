using Telemetry.Core.Ingest;
using Telemetry.Core.Signals;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Ingest;

public class TopicRuleTests
{
    static string Read(TopicRule rule, string topic, string payload)
    {
        var messages = new Messages("wican/#", rule);
        var read = messages.Readings(topic, payload);
        return read == "nothing" ? messages.Rejections : read;
    }

    [Theory]
    [InlineData("obd/{device}/{signal}", "obd/van/rpm", "van: rpm=7")]
    [InlineData("obd/{device}/{signal}", "obd/van/SPEED", "van: vehicle_speed=7")]
    [InlineData("{device}/obd/{signal}", "van/obd/rpm", "van: rpm=7")]
    [InlineData("{signal}/of/{device}", "rpm/of/van", "van: rpm=7")]
    [InlineData("obd/+/{device}/{signal...}", "obd/x/van/rpm", "van: rpm=7")]
    [InlineData("obd/+/{device}/{signal...}", "obd/x/van/b/12v/voltage", "van: b_12v_voltage=7")]
    [InlineData("obd/{signal}", "obd/rpm", "default: rpm=7")]
    [InlineData("obd/{device}/{signal}", "obd/van/rpm/more", "Topic=1")]
    [InlineData("obd/{device}/{signal}", "obd/van", "Topic=1")]
    [InlineData("obd/{device}/{signal}", "obd/van/", "Topic=1")]
    [InlineData("obd/{device}/{signal}", "obd//rpm", "Topic=1")]
    [InlineData("obd/{device}/{signal...}", "obd/van", "Topic=1")]
    [InlineData("obd/{device}/{signal}", "other/van/rpm", "Topic=1")]
    [InlineData("obd/{device}", "obd/van", "NoReading=1")]
    [InlineData("obd/{device}/{signal}", "obd/van/timestamp", "NoReading=1")]
    public void A_template_names_the_device_and_the_signal(string template, string topic, string expected) =>
        Read(new TopicRule { Topic = template }, topic, "7").Should().Be(expected);

    [Fact]
    public void What_the_topic_does_not_name_the_rule_may()
    {
        Read(new TopicRule { Topic = "garage/battery", Vehicle = "van", Signal = "LV_V" }, "garage/battery", "12.6").Should().Be("van: control_module_voltage=12.6");
        Read(new TopicRule { Topic = "garage/+", Vehicle = "van" }, "garage/any", """{"RPM":900,"SOC":50}""").Should().Be("van: rpm=900 soc=50");
    }

    [Theory]
    [InlineData("""{"_type":"rpm","value":1047}""", "van: rpm=1047")]
    [InlineData("""{"value":"27.5","_stamp":1,"_type":"speed"}""", "van: vehicle_speed=27.5")]
    [InlineData("""{"_type":"charging","value":true}""", "van: charging=1")]
    [InlineData("""{"_type":"rpm"}""", "NoReading=1")]
    [InlineData("""{"value":1047}""", "NoReading=1")]
    [InlineData("""{"_type":7,"value":1047}""", "NoReading=1")]
    [InlineData("""{"_type":"raw","value":1047}""", "NoReading=1")]
    [InlineData("""{"_type":"rpm","value":null}""", "NotANumber=1")]
    [InlineData("""{"_type":"rpm","value":{"x":1}}""", "NotANumber=1")]
    [InlineData("""{"_type":"rpm","value":99999}""", "OutOfRange=1")]
    [InlineData("""{"_type":"rpm","value":1047""", "InvalidJson=1")]
    [InlineData("1047", "NoReading=1")]
    public void One_key_may_hold_the_value_and_another_name_its_signal(string payload, string expected) =>
        Read(new TopicRule { Topic = "autopi/event", Vehicle = "van", SignalKey = "_type", ValueKey = "value" }, "autopi/event", payload).Should().Be(expected);

    [Fact]
    public void The_value_may_stand_under_a_key_where_the_topic_names_the_signal() =>
        Read(new TopicRule { Topic = "obd/{device}/{signal}", ValueKey = "v" }, "obd/van/rpm", """{"v":900,"unit":"rpm","speed":5}""").Should().Be("van: rpm=900");

    [Fact]
    public void The_first_rule_that_fits_counts_and_a_wican_comes_last()
    {
        var messages = new Messages("wican/#",
            new TopicRule { Topic = "wican/{device}/obd/speed", Signal = "vehicle_speed", Units = { ["vehicle_speed"] = "mph" } },
            new TopicRule { Topic = "wican/{device}/obd/{signal}" });
        messages.Readings("wican/van/obd/speed", "10").Should().Be("van: vehicle_speed=16.09344");
        messages.Readings("wican/van/obd/rpm", "10").Should().Be("van: rpm=10");
        messages.Readings("wican/van/other/speed", "10").Should().Be("van: vehicle_speed=10");
    }

    [Fact]
    public void What_a_dongle_says_of_itself_keeps_its_meaning_under_any_rule()
    {
        var rule = new TopicRule { Topic = "wican/{device}/{signal...}" };
        Read(rule, "wican/van/can/status", """{"status":"online"}""").Should().Be("Status=1");
        Read(rule, "wican/van/cmd", """{"cmd":"get_vbatt","rpm":1}""").Should().Be("Command=1");
        Read(rule, "wican/van/can/tx", """{"rpm":1}""").Should().Be("Command=1");
    }

    [Theory]
    [InlineData("vehicle_speed", "mph", "100", 160.9344)]
    [InlineData("SPEED", "m/s", "10", 36.0)]
    [InlineData("vehicle_speed", "knots", "10", 18.52)]
    [InlineData("coolant_temperature", "fahrenheit", "212", 100.0)]
    [InlineData("coolant_temperature", "fahrenheit", "-40", -40.0)]
    [InlineData("coolant_temperature", "kelvin", "273.15", 0.0)]
    [InlineData("fuel_rail_pressure", "psi", "100", 689.4757293168361)]
    [InlineData("fuel_rail_pressure", "bar", "3", 300.0)]
    [InlineData("fuel_rail_pressure", "hPa", "1013", 101.3)]
    [InlineData("fuel_rail_pressure", "inHg", "10", 33.86389)]
    [InlineData("control_module_voltage", "mV", "13800", 13.8)]
    [InlineData("odometer", "mi", "1000", 1609.344)]
    [InlineData("soc", "0.0001", "869720", 86.972)]
    public void A_rule_scales_to_the_unit_that_is_kept(string signal, string unit, string value, double expected)
    {
        var messages = new Messages("wican/#", new TopicRule { Topic = "obd/{device}/x", Signal = signal, Units = { [signal] = unit } });
        var arrival = (Core.Vehicles.Arrival)messages.Read("obd/van/x", System.Text.Encoding.UTF8.GetBytes(value))!;
        arrival.Readings.Single().Value.Should().BeApproximately(expected, 1e-9);
    }

    [Fact]
    public void A_rule_that_changes_the_unit_of_a_signal_names_the_unit_it_has()
    {
        var signals = new SignalCatalog();
        _ = new TopicRules("wican/#", [new TopicRule { Topic = "us/{device}", Units = { ["TYRE_P_FL"] = "psi", ["odometer"] = "mi", ["gids"] = "0.08" } }], signals);
        new[] { "tyre_p_fl", "odometer", "gids" }.Select(name => signals.Known(name)!.Unit).Should().Equal("kPa", "km", null);
    }

    [Fact]
    public void Scaling_comes_before_the_range_and_touches_no_other_signal()
    {
        var rule = new TopicRule { Topic = "obd/{device}", Units = { ["vehicle_speed"] = "mph", ["coolant_temperature"] = "fahrenheit" } };
        Read(rule, "obd/van", """{"speed":170,"coolant_temp":250,"rpm":900}""").Should().Be("van: coolant_temperature=121.11111111111111 rpm=900");
    }

    [Theory]
    [InlineData("wican/#", "wican/#")]
    [InlineData("wican/#|ovms/+/{device}/metric/{signal...}|torque/{device}", "wican/#|ovms/+/+/metric/#|torque/+")]
    [InlineData("wican/#|wican/{device}/obd/{signal}", "wican/#")]
    [InlineData("wican/#|ovms/{device}/v/speed|ovms/{device}/{signal...}", "wican/#|ovms/+/#")]
    [InlineData("wican/#|a/{device}/x|a/y/{signal}", "wican/#|a/+/+")]
    [InlineData("wican/#|+/{device}/rpm", "+/#")]
    [InlineData("$share/g/wican/#|torque/{device}", "$share/g/wican/#|$share/g/torque/+")]
    public void No_topic_is_subscribed_to_twice(string filterAndTemplates, string expected)
    {
        var parts = filterAndTemplates.Split('|');
        new TopicRules(parts[0], [.. parts.Skip(1).Select(template => new TopicRule { Topic = template })], new SignalCatalog()).Filters.Should().Equal(expected.Split('|'));
    }

    [Fact]
    public void A_message_that_matches_no_rule_is_rejected() =>
        Read(new TopicRule { Topic = "a/{device}/x" }, "a/van/y", "1").Should().Be("Topic=1");
}
