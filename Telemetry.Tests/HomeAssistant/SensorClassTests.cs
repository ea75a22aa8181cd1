using Telemetry.Core.HomeAssistant;
using Telemetry.Core.Pids;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.HomeAssistant;

public class SensorClassTests
{
    // Those in which Telemetry.Core keeps values.
    const string Units = "km/h km m kPa °C V A kW W kWh Wh Ah Ω kΩ Hz L L/h g/s L/100km Wh/km rpm % ° N·m s min h m/s² kg ppm mg/stroke dBm λ lx mmHg";

    // Every unit that a signal may have, with names that decide about its class.
    public static TheoryData<string, string?> Sensors()
    {
        var sensors = new TheoryData<string, string?>();
        string[] names = ["x", "odometer", "kwh_charged", "hv_capacity_kwh", "fuel_l", "soc", "battery_level_hv", "humidity", "co2", "coolant_delta"];
        string?[] units = [.. Units.Split(' '), null, "furlong"];
        foreach (var unit in units)
            foreach (var name in names) sensors.Add(name, unit);
        foreach (var pid in Enumerable.Range(0, 256))
            foreach (var value in PidTable.ValuesOf((byte)pid)) sensors.Add(value.Signal, value.Unit);
        return sensors;
    }

    [Theory]
    [MemberData(nameof(Sensors), DisableDiscoveryEnumeration = true)]
    public void Home_Assistant_takes_each_unit_with_its_classes(string name, string? unit)
    {
        var type = SensorClass.Of(name, unit);
        HomeAssistantSchema.CheckSensor(unit, type.Device, type.State);
    }

    [Theory]
    [InlineData("vehicle_speed", "km/h", "speed", "measurement")]
    [InlineData("odometer", "km", "distance", "total_increasing")]
    [InlineData("range", "km", "distance", "measurement")]
    [InlineData("soc_d", "%", "battery", "measurement")]
    [InlineData("fuel_level", "%", null, "measurement")]
    [InlineData("kwh_discharged", "kWh", "energy", "total_increasing")]
    [InlineData("hv_capacity_kwh", "kWh", "energy_storage", "measurement")]
    [InlineData("fuel_l", "L", "volume_storage", "measurement")]
    [InlineData("coolant_temperature", "°C", "temperature", "measurement")]
    [InlineData("battery_temp_diff", "°C", null, "measurement")]
    [InlineData("fuel_rate", "L/h", null, "measurement")]
    [InlineData("rpm", "rpm", null, "measurement")]
    [InlineData("gear", null, null, "measurement")]
    public void A_signal_has_the_classes_that_its_unit_and_name_say(string name, string? unit, string? device, string state) =>
        SensorClass.Of(name, unit).Should().Be(new SensorClass(device, state));
}
