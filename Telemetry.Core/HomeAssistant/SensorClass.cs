using System.Collections.Frozen;
using Telemetry.Core.Signals;

namespace Telemetry.Core.HomeAssistant;

/// <summary>Device class and state class of a sensor in Home Assistant.</summary>
/// <remarks>
/// Home Assistant drops a sensor whose unit or state class does not go with its device class
/// (https://developers.home-assistant.io/docs/core/entity/sensor). So only pairs of its tables are used, of classes that version 2024.12 knows.
/// </remarks>
/// <param name="Device">The device class; null: none, as for units that Home Assistant does not know.</param>
/// <param name="State">The state class.</param>
public readonly record struct SensorClass(string? Device, string State)
{
    const string Measurement = "measurement";
    const string TotalIncreasing = "total_increasing";

    // kWh and L depend on the name as well: an amount that is stored, or one that has been used.
    static readonly FrozenDictionary<string, string> ByUnit = new Dictionary<string, string>
    {
        ["km/h"] = "speed",
        ["km"] = "distance",
        ["m"] = "distance",
        ["kPa"] = "pressure",
        ["°C"] = "temperature",
        ["V"] = "voltage",
        ["A"] = "current",
        ["kW"] = "power",
        ["W"] = "power",
        ["Hz"] = "frequency",
        ["s"] = "duration",
        ["min"] = "duration",
        ["h"] = "duration",
        ["kg"] = "weight",
        ["dBm"] = "signal_strength",
        ["lx"] = "illuminance",
    }.ToFrozenDictionary();

    static readonly string[] Charge = ["soc", "battery_level", "state_of_charge", "battery_percent", "battery_pct", "battery_percentage", "charge_level"];
    static readonly string[] Used = ["charged", "discharged", "consumed", "regenerated"];
    static readonly string[] Differences = ["diff", "delta", "difference"];

    /// <summary>The classes of a signal.</summary>
    public static SensorClass Of(Signal signal) => Of(signal.Name, signal.Unit);

    /// <summary>The classes of a signal.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="unit">Its unit; null if unknown.</param>
    public static SensorClass Of(string name, string? unit) => unit switch
    {
        null => new(null, Measurement),
        "km" when HasWord(name, "odometer") || HasWord(name, "mileage") => new("distance", TotalIncreasing),
        "kWh" or "Wh" when Used.Any(word => HasWord(name, word)) => new("energy", TotalIncreasing),
        "kWh" or "Wh" => new("energy_storage", Measurement),
        "L" when HasWord(name, "fuel") || HasWord(name, "tank") => new("volume_storage", Measurement),
        "%" when Charge.Any(word => name == word || name.StartsWith($"{word}_", StringComparison.Ordinal) || name.EndsWith($"_{word}", StringComparison.Ordinal)) => new("battery", Measurement),
        "ppm" when HasWord(name, "co2") => new("carbon_dioxide", Measurement),
        "%" when HasWord(name, "humidity") => new("humidity", Measurement),
        // A difference of 10 °C is one of 18 °F, not of 50.
        "°C" when Differences.Any(word => HasWord(name, word)) => new(null, Measurement),
        _ => new(ByUnit.GetValueOrDefault(unit), Measurement),
    };

    static bool HasWord(string name, string word) => name.Split('_').Contains(word);
}
