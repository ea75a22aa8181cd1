using System.Collections.Frozen;
using Telemetry.Core.Signals;

namespace Telemetry.Core.Trips;

/// <summary>Quantities that the figures of a drive are computed from.</summary>
public enum TripInput
{
    /// <summary>Vehicle speed, km/h.</summary>
    Speed,

    /// <summary>Engine speed, rpm.</summary>
    Rpm,

    /// <summary>Fuel used by the engine, L/h.</summary>
    FuelRate,

    /// <summary>Air flow into the engine, g/s.</summary>
    AirFlow,

    /// <summary>Charge of the traction battery, %.</summary>
    Charge,

    /// <summary>Total distance of the vehicle, km.</summary>
    Odometer,
}

/// <summary>Inputs by the names of signals.</summary>
public static class TripInputs
{
    /// <summary>Number of inputs.</summary>
    public const int Count = 6;

    // The first name that a vehicle sends is the input.
    static readonly (TripInput Input, string Unit, string[] Names)[] Table =
    [
        (TripInput.Speed, "km/h", ["vehicle_speed"]),
        (TripInput.Rpm, "rpm", ["rpm"]),
        (TripInput.FuelRate, "L/h", ["engine_fuel_rate", "fuel_rate"]),
        (TripInput.AirFlow, "g/s", ["mass_air_flow", "maf", "maf_air_flow_rate"]),
        (TripInput.Charge, "%", ["soc", "soc_d"]),
        (TripInput.Odometer, "km", ["odometer"]),
    ];

    static readonly FrozenSet<string> OfEngines = new[] { "coolant_temperature", "engine_load", "engine_fuel_rate", "mass_air_flow", "maf", "maf_air_flow_rate", "fuel_rail_pressure" }.ToFrozenSet();

    /// <summary>Inputs among the signals of a vehicle. A signal of another unit is none.</summary>
    public static IReadOnlyDictionary<Signal, TripInput> Of(IReadOnlyCollection<Signal> signals)
    {
        var inputs = new Dictionary<Signal, TripInput>();
        foreach (var (input, unit, names) in Table)
            if (names.Select(name => signals.FirstOrDefault(signal => signal.Name == name && signal.Unit == unit)).FirstOrDefault(signal => signal is not null) is { } found) inputs[found] = input;
        return inputs;
    }

    /// <summary>True if the signals are those of a car without a combustion engine. Its rpm is that of the motor.</summary>
    public static bool AreElectric(IReadOnlyCollection<Signal> signals) =>
        signals.Any(signal => signal.Name is "soc" or "soc_d") && !signals.Any(signal => OfEngines.Contains(signal.Name));
}
