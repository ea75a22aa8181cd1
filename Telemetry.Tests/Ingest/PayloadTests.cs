using System.Text;
using Telemetry.Core.Ingest;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Ingest;

/// <summary>Payloads beside those of the corpus, and what comes of them.</summary>
public class PayloadTests
{
    readonly Messages _messages = new();

    [Theory]
    [InlineData("wican/rpm", "\"2500\"", "default: rpm=2500")]
    [InlineData("wican/rpm", " 2500\n", "default: rpm=2500")]
    [InlineData("wican/rpm", "2.5e3", "default: rpm=2500")]
    [InlineData("wican/rpm", "-0", "default: rpm=0")]
    [InlineData("wican/vehicle_speed", """{"0D-VehicleSpeed":"65.5"}""", "default: vehicle_speed=65.5")]
    [InlineData("wican/any", """{"wican/rpm":2500}""", "default: rpm=2500")]
    [InlineData("wican/any", """{"wican/car7/rpm":2500}""", "default: rpm=2500")]
    [InlineData("wican/any", """{"v/p/speed":2500}""", "default: v_p_speed=2500")]
    [InlineData("wican/any", """{"wican/Wind (km/h)":25}""", "default: wind=25")]
    [InlineData("wican/rpm", "2500\0", "default: rpm=2500")]
    [InlineData("wican/rpm", "2500\0\0\r\n\0", "default: rpm=2500")]
    [InlineData("wican/rpm", "\uFEFF2500", "default: rpm=2500")]
    [InlineData("wican/car7/data", "{\"SOC\":71.5}\0", "car7: soc=71.5")]
    [InlineData("wican/car7/data", "\uFEFF {\"SOH\":99}\n", "car7: soh=99")]
    [InlineData("wican/84f703406f75/rpm", "2500", "84f703406f75: rpm=2500")]
    [InlineData("wican/default/rpm", "2500", "default: rpm=2500")]
    [InlineData("wican/charging", "off", "default: charging=0")]
    [InlineData("wican/x", """{"nested":{"rpm":1},"list":[1,2],"SPEED":5}""", "default: vehicle_speed=5")]
    [InlineData("wican/x", """{"\u0072pm":7}""", "default: rpm=7")]
    public void Readings_are_taken(string topic, string payload, string expected)
    {
        _messages.Readings(topic, payload).Should().Be(expected);
        _messages.Rejections.Should().BeEmpty();
    }

    [Theory]
    [InlineData("wican/rpm", "Infinity", "NotANumber=1")]
    [InlineData("wican/rpm", "2500rpm", "NotANumber=1")]
    [InlineData("wican/rpm", "65,5", "NotANumber=1")]
    [InlineData("wican/rpm", "on", "NotANumber=1")]
    [InlineData("wican/rpm", """{"rpm":2500""", "InvalidJson=1")]
    [InlineData("wican/rpm", """{"rpm":2500} trailing""", "InvalidJson=1")]
    [InlineData("wican/x", """{"timestamp":1785312000,"_meta":1,"ecu_status":2,"alert":3}""", "NoReading=1")]
    [InlineData("wican/rpm", "", "EmptyPayload=1")]
    [InlineData("wican/rpm", "\0\0", "EmptyPayload=1")]
    [InlineData("wican/rpm", "25\000", "NotANumber=1")]
    [InlineData("wican/x", """{"\ud800":1}""", "InvalidJson=1")]
    [InlineData("wican/x", """{"--":1}""", "NoReading=1")]
    [InlineData("wican/rpm", "16385", "OutOfRange=1")]
    [InlineData("wican/coolant_temperature", "-41", "OutOfRange=1")]
    [InlineData("wican/84f703406f75/can/tx", """{"bus":"0","type":"tx","frame":[]}""", "Command=1")]
    [InlineData("wican/84f703406f75/cmd", """{"cmd":"get_vbatt","rpm":1}""", "Command=1")]
    [InlineData("wican/84f703406f75/can/rx", "2500", "NoReading=1")]
    [InlineData("wican", "2500", "Topic=1")]
    [InlineData("wican//rpm", "2500", "Topic=1")]
    [InlineData("wican/84f703406f75/", "2500", "Topic=1")]
    public void What_is_no_reading_is_counted_by_reason(string topic, string payload, string expected)
    {
        _messages.Readings(topic, payload).Should().Be("nothing");
        _messages.Rejections.Should().Be(expected);
    }

    [Fact]
    public void A_bad_value_does_not_cost_the_good_ones_beside_it()
    {
        _messages.Readings("wican/x", """{"RPM":null,"SPEED":5,"COOLANT_TMP":999}""").Should().Be("x: vehicle_speed=5");
        _messages.Rejections.Should().Be("NotANumber=1 OutOfRange=1");
    }

    [Fact]
    public void A_message_of_two_kilobytes_is_taken()
    {
        var payload = "{" + string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"CELL_VOLTAGE_{i:000}\":3.{i:00}")) + "}";
        payload.Length.Should().BeGreaterThan(2000);
        ((Arrival)_messages.Read("wican/x", Encoding.UTF8.GetBytes(payload))!).Readings.Should().HaveCount(100);
    }

    [Fact]
    public void Bytes_that_are_no_text_too_much_depth_and_too_much_length_are_rejected()
    {
        _messages.Read("wican/rpm", [0xff, 0xfe, 0x31]).Should().BeNull();
        _messages.Read("wican/rpm", Encoding.UTF8.GetBytes("{\"a\":" + new string('[', 1000))).Should().BeNull();
        _messages.Read("wican/rpm", new byte[PayloadReader.MaxLength + 1]).Should().BeNull();
        _messages.Rejections.Should().Be("TooLarge=1 NotUtf8=1 InvalidJson=1");
    }

    [Fact]
    public void A_retained_message_gives_values_without_a_time()
    {
        var values = _messages.Read("wican/rpm", "2500"u8.ToArray(), retained: true).Should().BeOfType<RestoredValues>().Subject.Readings;
        values.Should().Equal(new Reading(Signal.Rpm, 2500, default));
        _messages.Counters.Readings.Should().Be(0);
    }

    [Fact]
    public void The_dongles_own_voltage_yields_to_the_control_modules_for_two_minutes()
    {
        const string Battery = """{"battery_voltage":12.6}""";
        _messages.Readings("wican/default/data", """{"battery_voltage":12.5,"LV_V":14.1}""").Should().Be("default: battery_voltage=12.5 control_module_voltage=14.1");
        _messages.Readings("wican/x", Battery, Cars.Noon.AddSeconds(119)).Should().Be("default: battery_voltage=12.6");
        _messages.Readings("wican/x", Battery, Cars.Noon.AddSeconds(121)).Should().Be("default: control_module_voltage=12.6");
        _messages.Readings("wican/other/battery", Battery).Should().Be("other: control_module_voltage=12.6");
    }

    [Fact]
    public void Names_that_a_publisher_invents_are_bounded()
    {
        for (var i = 0; i < SignalCatalog.MaxOtherSignals + 100; i++) _messages.Read($"wican/invented_{i}", "1"u8.ToArray());
        _messages.Counters.Rejected(Rejection.TooManySignals).Should().BeGreaterThanOrEqualTo(100);
        _messages.Readings("wican/rpm", "900").Should().Be("default: rpm=900");
    }
}
