using System.Collections.Frozen;

namespace Telemetry.Core.Forecasts;

/// <summary>Quantities that forecasts are computed from.</summary>
public enum ForecastInput
{
    /// <summary>Coolant temperature, °C.</summary>
    Coolant,

    /// <summary>Outside temperature, °C.</summary>
    Ambient,

    /// <summary>Temperature of the intake air, °C.</summary>
    Intake,

    /// <summary>Engine speed, rpm.</summary>
    Rpm,

    /// <summary>Calculated load, %.</summary>
    Load,

    /// <summary>Vehicle speed, km/h.</summary>
    Speed,

    /// <summary>Air flow into the engine, g/s.</summary>
    AirFlow,

    /// <summary>Pressure in the intake manifold, kPa.</summary>
    Manifold,

    /// <summary>Voltage of the control module, V.</summary>
    Voltage,

    /// <summary>Charge of the traction battery, %.</summary>
    Charge,

    /// <summary>Fuel level, %.</summary>
    Fuel,
}

/// <summary>Inputs by the names of signals, with the limits within which a value is one.</summary>
public static class ForecastInputs
{
    /// <summary>Number of inputs.</summary>
    public const int Count = 11;

    // Only names whose unit is known. A signal of an unknown unit would be learned as if it had the usual one.
    static readonly FrozenDictionary<string, ForecastInput> ByName = new Dictionary<string, ForecastInput>
    {
        ["coolant_temperature"] = ForecastInput.Coolant,
        ["ambient_air_temperature"] = ForecastInput.Ambient,
        ["ambient_air_temp"] = ForecastInput.Ambient,
        ["outside_temperature"] = ForecastInput.Ambient,
        ["intake_air_temperature"] = ForecastInput.Intake,
        ["intake_air_tmp"] = ForecastInput.Intake,
        ["rpm"] = ForecastInput.Rpm,
        ["engine_load"] = ForecastInput.Load,
        ["vehicle_speed"] = ForecastInput.Speed,
        ["mass_air_flow"] = ForecastInput.AirFlow,
        ["maf"] = ForecastInput.AirFlow,
        ["maf_air_flow_rate"] = ForecastInput.AirFlow,
        ["intake_manifold_pressure"] = ForecastInput.Manifold,
        ["intake_mani_abs_press"] = ForecastInput.Manifold,
        ["control_module_voltage"] = ForecastInput.Voltage,
        ["soc"] = ForecastInput.Charge,
        ["fuel_tank"] = ForecastInput.Fuel,
        ["fuel_tank_level"] = ForecastInput.Fuel,
        ["fuel_level"] = ForecastInput.Fuel,
        ["fuel"] = ForecastInput.Fuel,
    }.ToFrozenDictionary();

    static readonly (double Min, double Max)[] Limits =
        [(-40, 150), (-40, 60), (-40, 120), (0, 10000), (0, 100), (0, 255), (0, 655), (0, 400), (5, 60), (0, 100), (0, 100)];

    /// <summary>Input that a signal is; null if it is none.</summary>
    public static ForecastInput? Of(string signal) => ByName.TryGetValue(signal, out var input) ? input : null;

    /// <summary>Names of the signals that are inputs.</summary>
    public static IEnumerable<string> Signals => ByName.Keys;

    static readonly string[] Units = ["°C", "°C", "°C", "rpm", "%", "km/h", "g/s", "kPa", "V", "%", "%"];

    /// <summary>Unit of an input. A signal of another unit is none.</summary>
    public static string UnitOf(ForecastInput input) => Units[(int)input];

    /// <summary>True if a value can be one of this input in its unit.</summary>
    public static bool Accepts(ForecastInput input, double value) => value >= Limits[(int)input].Min && value <= Limits[(int)input].Max;

    /// <summary>Age in seconds up to which a value still stands: temperatures and levels change slowly, and some cars send them once a minute.</summary>
    public static double MaxAge(ForecastInput input) =>
        input is ForecastInput.Ambient or ForecastInput.Intake or ForecastInput.Charge or ForecastInput.Fuel ? 300 : DriveSampler.MaxSilence;
}
