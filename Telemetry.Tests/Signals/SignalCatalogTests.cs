using Telemetry.Core.Pids;
using Telemetry.Core.Signals;

namespace Telemetry.Tests.Signals;

public class SignalCatalogTests
{
    readonly SignalCatalog _catalog = new();

    [Theory]
    [InlineData("rpm", "rpm")]
    [InlineData("0C-EngineRPM", "rpm")]
    [InlineData("ENGINE_RPM", "rpm")]
    [InlineData("EngineSpeed", "rpm")]
    [InlineData("vehicle_speed", "vehicle_speed")]
    [InlineData("0D-VehicleSpeed", "vehicle_speed")]
    [InlineData("SPEED", "vehicle_speed")]
    [InlineData("coolant_temperature", "coolant_temperature")]
    [InlineData("05-EngineCoolantTemp", "coolant_temperature")]
    [InlineData("COOLANT_TMP", "coolant_temperature")]
    [InlineData("coolant_temp", "coolant_temperature")]
    [InlineData("engine_load", "engine_load")]
    [InlineData("04-CalcEngineLoad", "engine_load")]
    [InlineData("control_module_voltage", "control_module_voltage")]
    [InlineData("42-ControlModuleVolt", "control_module_voltage")]
    [InlineData("LV_V", "control_module_voltage")]
    [InlineData("fuel_rail_pressure", "fuel_rail_pressure")]
    [InlineData("23-FuelRailGaug", "fuel_rail_pressure")]
    [InlineData("59-FuelRailAbsPres", "fuel_rail_pressure")]
    [InlineData("22-FuelRailPres", "fuel_rail_pressure")]
    [InlineData("battery_voltage", "battery_voltage")]
    [InlineData("DM_F_RPM", "dm_f_rpm")]
    [InlineData("DM_R_RPM", "dm_r_rpm")]
    [InlineData("67-EngineCoolantTemp2", "engine_coolant_temp2")]
    [InlineData("43-AbsLoadValue", "abs_load_value")]
    [InlineData("HV_V", "hv_v")]
    [InlineData("0A-FuelPressure", "fuel_pressure")]
    [InlineData("FUEL_PRESSURE", "fuel_pressure")]
    [InlineData("33-AbsBaroPres", "abs_baro_pres")]
    [InlineData("SOC", "soc")]
    [InlineData("EngineRPMLimit", "engine_rpm_limit")]
    [InlineData("12v_bat_volts", "12v_bat_volts")]
    [InlineData("tyre pressure (fl)", "tyre_pressure_fl")]
    public void Keys_name_signals(string key, string expected)
    {
        _catalog.TryFind(key, out var signal).Should().BeTrue();
        signal!.Name.Should().Be(expected);
        _catalog.TryFind(key, out var again);
        again.Should().BeSameAs(signal);
    }

    [Theory]
    [InlineData("timestamp")]
    [InlineData("_meta")]
    [InlineData("raw")]
    [InlineData("error")]
    [InlineData("status")]
    [InlineData("ecu_status")]
    [InlineData("frame")]
    [InlineData("alert")]
    [InlineData("")]
    [InlineData("--")]
    [InlineData("( )")]
    public void Some_keys_name_none(string key)
    {
        _catalog.TryFind(key, out var signal).Should().BeFalse();
        signal.Should().BeNull();
    }

    [Theory]
    [InlineData("rpm", "rpm")]
    [InlineData("0D-VehicleSpeed", "km/h")]
    [InlineData("SOC", "%")]
    [InlineData("ODOMETER", "km")]
    [InlineData("HV_V", "V")]
    [InlineData("HV_A", "A")]
    [InlineData("HV_C_V_096", "V")]
    [InlineData("HV_C_V_MAX", "V")]
    [InlineData("HV_C_V_MAX_NO", null)]
    [InlineData("HV_T_1", "°C")]
    [InlineData("HV_T_35", "°C")]
    [InlineData("battery_voltage", "V")]
    [InlineData("0F-IntakeAirTemperature", "°C")]
    [InlineData("33-AbsBaroPres", "kPa")]
    [InlineData("10-MAFAirFlowRate", "g/s")]
    [InlineData("44-FuelAirCmdEquiv", null)]
    [InlineData("CHARGING", null)]
    [InlineData("TYRE_P_FL", null)]
    [InlineData("boost", null)]
    public void A_unit_is_read_from_the_name(string key, string? unit)
    {
        _catalog.TryFind(key, out var signal);
        signal!.Unit.Should().Be(unit);
    }

    [Fact]
    public void The_six_have_the_same_unit_as_the_answers_that_they_are_read_from()
    {
        foreach (var value in Enumerable.Range(0, 256).SelectMany(pid => PidTable.ValuesOf((byte)pid)))
        {
            _catalog.TryNamed(value.Signal, out var signal);
            signal!.Unit.Should().Be(value.Unit, value.Signal);
        }
    }

    [Theory]
    [InlineData("rpm", 0, 16384)]
    [InlineData("vehicle_speed", 0, 255)]
    [InlineData("coolant_temperature", -40, 215)]
    [InlineData("engine_load", 0, 100)]
    [InlineData("control_module_voltage", 0, 66)]
    [InlineData("fuel_rail_pressure", 0, 655350)]
    public void The_six_have_physical_ranges(string name, double minimum, double maximum)
    {
        _catalog.TryNamed(name, out var signal);
        signal!.Accepts(minimum).Should().BeTrue();
        signal.Accepts(maximum).Should().BeTrue();
        signal.Accepts(Math.BitDecrement(minimum)).Should().BeFalse();
        signal.Accepts(Math.BitIncrement(maximum)).Should().BeFalse();
        signal.Accepts(double.NaN).Should().BeFalse();
    }
}
