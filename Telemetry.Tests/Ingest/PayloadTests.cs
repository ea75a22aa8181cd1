using System.Buffers;
using System.Text;
using Telemetry.Core.Ingest;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Ingest;

/// <summary>Every payload that a dongle is known to send, and what comes of it.</summary>
public class PayloadTests
{
    readonly IngestCounters _counters = new();
    readonly VehicleRegistry _vehicles = new();
    readonly MessageReader _reader;

    public PayloadTests() => _reader = new MessageReader("wican/#", new SignalCatalog(), _vehicles, _counters);

    VehicleEvent? Read(string topic, byte[] payload, bool retained = false, DateTime? at = null) =>
        _reader.Read(topic, new ReadOnlySequence<byte>(payload), retained, at ?? Cars.Noon);

    string Readings(string topic, string payload, DateTime? at = null) => Read(topic, Encoding.UTF8.GetBytes(payload), at: at) is Arrival arrival
        ? $"{arrival.Vehicle.Device}: " + string.Join(' ', arrival.Readings.Select(reading => FormattableString.Invariant($"{reading.Signal}={reading.Value}")))
        : "nothing";

    string Rejections() => string.Join(' ', Enum.GetValues<Rejection>().Where(reason => _counters.Rejected(reason) > 0)
        .Select(reason => $"{reason}={_counters.Rejected(reason)}"));

    [Theory]
    [InlineData("wican/rpm", "2500", "default: rpm=2500")]
    [InlineData("wican/rpm", "2500.00", "default: rpm=2500")]
    [InlineData("wican/rpm", "\"2500\"", "default: rpm=2500")]
    [InlineData("wican/rpm", " 2500\n", "default: rpm=2500")]
    [InlineData("wican/rpm", "2.5e3", "default: rpm=2500")]
    [InlineData("wican/rpm", "-0", "default: rpm=0")]
    [InlineData("wican/vehicle_speed", """{"0D-VehicleSpeed":65}""", "default: vehicle_speed=65")]
    [InlineData("wican/vehicle_speed", """{"0D-VehicleSpeed":65,"timestamp":1785312000}""", "default: vehicle_speed=65")]
    [InlineData("wican/vehicle_speed", """{"0D-VehicleSpeed":"65.5"}""", "default: vehicle_speed=65.5")]
    [InlineData("wican/84f703406f75/can/rx", """{"ENGINE_RPM":851.25}""", "84f703406f75: rpm=851.25")]
    [InlineData("wican/84f703406f75/can/rx", """{"EngineSpeed": 1165.000000}""", "84f703406f75: rpm=1165")]
    [InlineData("wican/device1",
        """{"04-CalcEngineLoad":79.61,"05-EngineCoolantTemp":87,"0C-EngineRPM":1047,"0D-VehicleSpeed":27,"23-FuelRailGaug":28700,"42-ControlModuleVolt":14.02,"67-EngineCoolantTemp2":-40}""",
        "default: engine_load=79.61 coolant_temperature=87 rpm=1047 vehicle_speed=27 fuel_rail_pressure=28700 control_module_voltage=14.02 engine_coolant_temp2=-40")]
    [InlineData("wican/car1", """{"SOC":71.5,"CHARGING":"on","LV_V":13.9,"timestamp":1785312000}""", "default: soc=71.5 charging=1 control_module_voltage=13.9")]
    [InlineData("wican/84f703406f75/battery", """{"battery_voltage": 12.64}""", "84f703406f75: control_module_voltage=12.64")]
    [InlineData("wican/84f703406f75/cmd", """{"battery_voltage": 12.640000}""", "84f703406f75: control_module_voltage=12.64")]
    [InlineData("wican/84f703406f75/rsp", """{"battery_voltage": 12.64}""", "84f703406f75: control_module_voltage=12.64")]
    [InlineData("wican/x", """{"SOC":55.5,"raw":"..."}""", "default: soc=55.5")]
    [InlineData("wican/AbsBaroPres", """{"33-AbsBaroPres":95}""", "default: abs_baro_pres=95")]
    [InlineData("wican/any", """{"wican/rpm":2500}""", "default: rpm=2500")]
    [InlineData("wican/84f703406f75/rpm", "2500", "84f703406f75: rpm=2500")]
    [InlineData("wican/default/rpm", "2500", "default: rpm=2500")]
    [InlineData("wican/charging", "off", "default: charging=0")]
    [InlineData("wican/x", """{"nested":{"rpm":1},"list":[1,2],"SPEED":5}""", "default: vehicle_speed=5")]
    [InlineData("wican/x", """{"\u0072pm":7}""", "default: rpm=7")]
    public void Readings_are_taken(string topic, string payload, string expected)
    {
        Readings(topic, payload).Should().Be(expected);
        Rejections().Should().BeEmpty();
    }

    [Theory]
    [InlineData("wican/84f703406f75/can/rx",
        """{"bus":"0","type":"rx","ts":34610,"frame":[{"id":2024,"dlc":8,"rtr":false,"extd":false,"data":[4,65,12,18,52,170,170,170]}]}""", "RawFrame=1")]
    [InlineData("wican/84f703406f75/can/status", """{"status": "online"}""", "Status=1")]
    [InlineData("wican/84f703406f75/status", """{"status": "offline"}""", "Status=1")]
    [InlineData("wican/rpm", """{"0C-EngineRPM":null}""", "NotANumber=1")]
    [InlineData("wican/rpm", "nan", "NotANumber=1")]
    [InlineData("wican/rpm", "Infinity", "NotANumber=1")]
    [InlineData("wican/rpm", "2500rpm", "NotANumber=1")]
    [InlineData("wican/rpm", "65,5", "NotANumber=1")]
    [InlineData("wican/rpm", "on", "NotANumber=1")]
    [InlineData("wican/84f703406f75/can/rx", """{"X": nan}""", "InvalidJson=1")]
    [InlineData("wican/rpm", """{"rpm":2500""", "InvalidJson=1")]
    [InlineData("wican/rpm", """{"rpm":2500} trailing""", "InvalidJson=1")]
    [InlineData("wican/rpm", """{"error": "Data length exceeds the data size"}""", "DeviceError=1")]
    [InlineData("wican/x", "{}", "NoReading=1")]
    [InlineData("wican/x", """{"timestamp":1785312000,"_meta":1,"ecu_status":2,"alert":3}""", "NoReading=1")]
    [InlineData("wican/rpm", "", "EmptyPayload=1")]
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
        Readings(topic, payload).Should().Be("nothing");
        Rejections().Should().Be(expected);
    }

    [Fact]
    public void A_bad_value_does_not_cost_the_good_ones_beside_it()
    {
        Readings("wican/x", """{"RPM":null,"SPEED":5,"COOLANT_TMP":999}""").Should().Be("default: vehicle_speed=5");
        Rejections().Should().Be("NotANumber=1 OutOfRange=1");
    }

    [Fact]
    public void A_message_of_two_kilobytes_is_taken()
    {
        var payload = "{" + string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"CELL_VOLTAGE_{i:000}\":3.{i:00}")) + "}";
        payload.Length.Should().BeGreaterThan(2000);
        ((Arrival)Read("wican/x", Encoding.UTF8.GetBytes(payload))!).Readings.Should().HaveCount(100);
    }

    [Fact]
    public void Bytes_that_are_no_text_too_much_depth_and_too_much_length_are_rejected()
    {
        Read("wican/rpm", [0xff, 0xfe, 0x31]).Should().BeNull();
        Read("wican/rpm", Encoding.UTF8.GetBytes("{\"a\":" + new string('[', 1000))).Should().BeNull();
        Read("wican/rpm", new byte[PayloadReader.MaxLength + 1]).Should().BeNull();
        Rejections().Should().Be("TooLarge=1 NotUtf8=1 InvalidJson=1");
    }

    [Fact]
    public void A_retained_message_gives_values_without_a_time()
    {
        var values = Read("wican/rpm", "2500"u8.ToArray(), retained: true).Should().BeOfType<LastValues>().Subject.Readings;
        values.Should().Equal(new Reading(Signal.Rpm, 2500, default));
        _counters.Readings.Should().Be(0);
    }

    [Fact]
    public void The_dongles_own_voltage_yields_to_the_control_modules_for_two_minutes()
    {
        const string Battery = """{"battery_voltage":12.6}""";
        Readings("wican/x", """{"battery_voltage":12.5,"LV_V":14.1}""").Should().Be("default: battery_voltage=12.5 control_module_voltage=14.1");
        Readings("wican/x", Battery, Cars.Noon.AddSeconds(119)).Should().Be("default: battery_voltage=12.6");
        Readings("wican/x", Battery, Cars.Noon.AddSeconds(121)).Should().Be("default: control_module_voltage=12.6");
        Readings("wican/other/battery", Battery).Should().Be("other: control_module_voltage=12.6");
    }

    [Fact]
    public void Names_that_a_publisher_invents_are_bounded()
    {
        for (var i = 0; i < SignalCatalog.MaxOtherSignals + 100; i++) Read($"wican/invented_{i}", "1"u8.ToArray());
        _counters.Rejected(Rejection.TooManySignals).Should().BeGreaterThanOrEqualTo(100);
        Readings("wican/rpm", "900").Should().Be("default: rpm=900");
    }

    [Fact]
    public void Random_payloads_and_topics_do_no_harm()
    {
        var random = new Random(4711);
        var alphabet = "{}[]\":,.0123456789eE+-nullatrue \\u\0\n\xff/wicanrpm"u8.ToArray();
        for (var i = 0; i < 200_000; i++)
        {
            var payload = random.GetItems(alphabet, random.Next(40));
            if (i % 2 == 0) payload = [(byte)'{', .. payload, (byte)'}'];
            Read("wican/" + Encoding.Latin1.GetString(random.GetItems(alphabet, random.Next(12))), payload);
        }

        Readings("wican/rpm", "900").Should().Be("default: rpm=900");
    }
}
