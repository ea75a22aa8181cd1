using Telemetry.Tests.Support;

namespace Telemetry.Tests.Ingest;

/// <summary>Every payload that a WiCAN is known to send, byte for byte, each to its readings or to a counted rejection.</summary>
public class WicanCorpusTests
{
    public static readonly TheoryData<string, string, string> Corpus = new()
    {
        { "wican/rpm", "2500", "default: rpm=2500" },
        { "wican/rpm", "2500.00", "default: rpm=2500" },
        { "wican/vehicle_speed", """{"0D-VehicleSpeed":65}""", "default: vehicle_speed=65" },
        { "wican/vehicle_speed", """{"0D-VehicleSpeed":65,"timestamp":1785312000}""", "default: vehicle_speed=65" },
        { "wican/84f703406f75/can/rx", """{"ENGINE_RPM":851.25}""", "84f703406f75: rpm=851.25" },
        {
            "wican/device1",
            """{"04-CalcEngineLoad":79.61,"05-EngineCoolantTemp":87,"0C-EngineRPM":1047,"0D-VehicleSpeed":27,"23-FuelRailGaug":28700,"42-ControlModuleVolt":14.02,"67-EngineCoolantTemp2":-40}""",
            "device1: engine_load=79.61 coolant_temperature=87 rpm=1047 vehicle_speed=27 fuel_rail_pressure=28700 control_module_voltage=14.02 engine_coolant_temp2=-40"
        },
        { "wican/car1", """{"SOC":71.5,"CHARGING":"on","LV_V":13.9,"timestamp":1785312000}""", "car1: soc=71.5 charging=1 control_module_voltage=13.9" },
        {
            "wican/84f703406f75/can/rx",
            """{"bus":"0","type":"rx","ts":34610,"frame":[{"id":2024,"dlc":8,"rtr":false,"extd":false,"data":[4,65,12,18,52,170,170,170]}]}""",
            "84f703406f75: rpm=1165"
        },
        { "wican/84f703406f75/can/rx", """{"EngineSpeed": 1165.000000}""", "84f703406f75: rpm=1165" },
        { "wican/84f703406f75/can/status", """{"status": "online"}""", "nothing; Status=1" },
        { "wican/84f703406f75/can/status", """{"status": "offline"}""", "nothing; Status=1" },
        { "wican/84f703406f75/status", """{"status": "offline"}""", "nothing; Status=1" },
        { "wican/84f703406f75/battery", """{"battery_voltage": 12.64}""", "84f703406f75: control_module_voltage=12.64" },
        { "wican/84f703406f75/cmd", """{"battery_voltage": 12.640000}""", "84f703406f75: control_module_voltage=12.64" },
        { "wican/84f703406f75/rsp", """{"battery_voltage": 12.640000}""", "84f703406f75: control_module_voltage=12.64" },
        { "wican/rpm", """{"0C-EngineRPM":null}""", "nothing; NotANumber=1" },
        { "wican/rpm", "nan", "nothing; NotANumber=1" },
        { "wican/84f703406f75/can/rx", """{"X": nan}""", "nothing; InvalidJson=1" },
        { "wican/rpm", """{"error": "Data length exceeds the data size"}""", "nothing; DeviceError=1" },
        { "wican/x", """{"SOC":55.5,"raw":"..."}""", "default: soc=55.5" },
        { "wican/x", "{}", "nothing; NoReading=1" },
        { "wican/AbsBaroPres", """{"33-AbsBaroPres":95}""", "default: abs_baro_pres=95" },
        { "wican/84f703406f75/can/tx", """{ "bus": "0", "type": "tx", "frame": [{ "id": 2015, "dlc": 8, "rtr": false, "extd": false, "data": [2, 1, 70, 170, 170, 170, 170, 170] }] }""", "nothing; Command=1" },
        { "wican/84f703406f75/cmd", """{"cmd":"get_vbatt"}""", "nothing; Command=1" },
        {
            "wican/84f703406f75/can/rx",
            """{"bus":"0","type":"rx","ts":51561,"frame":[{"id":2024,"dlc":8,"rtr":false,"extd":false,"data":[3,65,91,170,0,0,0,0]}]}""",
            "84f703406f75: hybr_bat_pack_rem_life=66.66666666666667"
        },
        {
            "wican/84f703406f75/can/rx",
            """{"bus":0,"type":"rx","ts":34610,"frame":[{"id":123,"dlc":8,"rtr":false,"extd":false,"data":[1,2,3,4,5,6,7,8]},{"id":124,"dlc":8,"rtr":false,"extd":true,"data":[1,2,3,4,5,6,7,8]}]}""",
            "nothing; RawFrame=1"
        },
    };

    [Theory]
    [MemberData(nameof(Corpus))]
    public void Each_gives_its_readings_or_its_counted_rejection(string topic, string payload, string expected)
    {
        var messages = new Messages();
        var read = messages.Readings(topic, payload);
        string.Join("; ", new[] { read, messages.Rejections }.Where(text => text != "")).Should().Be(expected);
    }

    [Theory]
    [MemberData(nameof(Corpus))]
    public void Retained_each_gives_last_values_at_most(string topic, string payload, string expected)
    {
        var messages = new Messages();
        var vehicleEvent = messages.Read(topic, System.Text.Encoding.UTF8.GetBytes(payload), retained: true);
        if (expected.StartsWith("nothing", StringComparison.Ordinal)) vehicleEvent.Should().BeNull();
        else vehicleEvent.Should().BeOfType<Core.Vehicles.RestoredValues>().Which.Readings.Should().OnlyContain(reading => reading.At == default);
        messages.Counters.Readings.Should().Be(0);
    }
}
