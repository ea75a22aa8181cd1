using System.Text.Json;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Signals;

/// <summary>Names mean the same before and after: what is a PID, a unit, a sign or a script, and what only looks like one.</summary>
public class SignalNameTests
{
    readonly SignalCatalog _catalog = new();

    [Theory]
    [InlineData("AC-Voltage", "ac_voltage")]
    [InlineData("DC-Voltage", "dc_voltage")]
    [InlineData("AC-Speed", "ac_speed")]
    [InlineData("BE-Rpm", "be_rpm")]
    [InlineData("FA-EngineLoad", "fa_engine_load")]
    [InlineData("12-Voltage", "12_voltage")]
    [InlineData("42-Voltage", "42_voltage")]
    [InlineData("04-Speed", "04_speed")]
    [InlineData("67-EngineCoolantTemp", "67_engine_coolant_temp")]
    [InlineData("0C-EngineRPM", "rpm")]
    [InlineData("0c-EngineRPM", "rpm")]
    [InlineData("0D-Speed", "vehicle_speed")]
    [InlineData("2F-FuelTankLevel", "fuel_tank_level")]
    [InlineData("2F-FuelLevel", "fuel_level")]
    [InlineData("A6-Odometer", "odometer")]
    [InlineData("5C-OilTemp", "oil_temp")]
    [InlineData("03-FuelSystemStatus", "fuel_system_status")]
    [InlineData("15-OxySensor2_Volt", "oxy_sensor2_volt")]
    [InlineData("9D-EngineFuelRate", "engine_fuel_rate")]
    public void A_prefix_is_a_PID_where_the_rest_is_published_for_it(string key, string expected) => Name(key).Should().Be(expected);

    [Theory]
    [InlineData("Speed (km/h)", "vehicle_speed", "km/h")]
    [InlineData("GPS Speed (km/h)", "gps_speed", "km/h")]
    [InlineData("Speed (OBD)(km/h)", "speed_obd", "km/h")]
    [InlineData("Engine RPM (rpm)", "rpm", "rpm")]
    [InlineData("Coolant temperature [°C]", "coolant_temperature", "°C")]
    [InlineData("Oil temp (C)", "oil_temp", "°C")]
    [InlineData("Boost (psi)", "boost", "kPa")]
    [InlineData("Current (mA)", "current", "A")]
    [InlineData("Fuel used (L)", "fuel_used", "L")]
    [InlineData("Consumption (Wh/km)", "consumption", "Wh/km")]
    [InlineData("Скорость ветра (км/ч)", "скорость_ветра", "km/h")]
    [InlineData("车速（km/h）", "车速", "km/h")]
    [InlineData("Tyre (L)", "tyre_l", null)]
    [InlineData("Cell (min)", "cell_min", null)]
    [InlineData("Sensor (A)", "sensor_a", null)]
    [InlineData("tyre pressure (fl)", "tyre_pressure_fl", null)]
    [InlineData("v/p/speed", "v_p_speed", null)]
    public void A_unit_in_brackets_is_the_unit_and_no_part_of_the_name(string key, string expected, string? unit)
    {
        var arrival = (Arrival)new Messages().Read("wican/car7/data", JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, double> { [key] = 1 }))!;
        arrival.Readings.Single().Signal.Name.Should().Be(expected);
        arrival.Readings.Single().Signal.Unit.Should().Be(unit);
    }

    [Theory]
    [InlineData("Скорость", "скорость")]
    [InlineData("СкоростьАвто", "скорость_авто")]
    [InlineData("車速", "車速")]
    [InlineData("Öltemperatur", "öltemperatur")]
    [InlineData("O\u0308lTemperatur", "öl_temperatur")]
    [InlineData("Nhie\u0323\u0302t", "nhiệt")]
    [InlineData("\u1109\u1169\u11A8\u1103\u1169", "속도")]
    [InlineData("سرعة", "سرعة")]
    [InlineData("गति", "गति")]
    [InlineData("CO₂", "co₂")]
    [InlineData("🔋 Level", "🔋_level")]
    [InlineData("⚡\uFE0F", "⚡")]
    [InlineData("Temp ↑", "temp_↑")]
    [InlineData("Batt +", "batt_plus")]
    [InlineData("Batt -", "batt_minus")]
    [InlineData("Batt (−)", "batt_minus")]
    [InlineData("Batt-1", "batt_1")]
    [InlineData("Batt - left", "batt_left")]
    public void Letters_of_all_scripts_pictures_and_signs_are_kept(string key, string expected)
    {
        Name(key).Should().Be(expected);
        SignalCatalog.IsName(expected).Should().BeTrue();
        Name(expected).Should().Be(expected, "a name is the key of its own signal");
    }

    [Theory]
    [InlineData("Soc")]
    [InlineData("Ö")]
    [InlineData("a b")]
    [InlineData("a,b")]
    [InlineData("a-b")]
    [InlineData("")]
    public void Some_texts_are_no_names(string text) => SignalCatalog.IsName(text).Should().BeFalse();

    [Theory]
    [InlineData("soc", 0, 100)]
    [InlineData("hv_soc_min", 0, 100)]
    [InlineData("fuel_level", 0, 100)]
    [InlineData("humidity", 0, 100)]
    [InlineData("throttle_position", 0, 100)]
    [InlineData("battery_percent", 0, 100)]
    [InlineData("soh", 0, 120)]
    [InlineData("regen_pct", -100, 100)]
    [InlineData("short_fuel_trim_bank1", -100, 99.21875)]
    [InlineData("actual_eng_torq_pct", -125, 130)]
    [InlineData("abs_load_value", 0, 25700)]
    [InlineData("soc_v", -1e100, 1e100)]
    [InlineData("social", -1e100, 1e100)]
    public void Percentages_have_ranges_by_their_names(string name, double min, double max)
    {
        _catalog.TryNamed(name, out var signal);
        signal!.Accepts(min).Should().BeTrue();
        signal.Accepts(max).Should().BeTrue();
        signal.Accepts(Math.BitDecrement(min)).Should().BeFalse();
        signal.Accepts(Math.BitIncrement(max)).Should().BeFalse();
    }

    string Name(string key)
    {
        _catalog.TryFind(key, out var signal).Should().BeTrue();
        return signal!.Name;
    }
}
