using System.Globalization;
using System.Text.Json.Nodes;
using Telemetry.Core.Signals;

namespace Telemetry.Api.Alerts;

/// <summary>The presets: rules tried on recorded drives, offered for signals that a vehicle has sent, with thresholds of its own history.</summary>
static class Presets
{
    const double OverheatsAtLeast = 105;
    const double OverheatsWithoutHistory = 110;
    const double OverheatsAtMost = 130; // Of a car that has overheated lately.
    const double AboveUsual = 8;
    const double ChargesAtLeast = 13.0;
    const double BelowUsual = 0.3;
    const double GoneAtLeast = 15;
    const double GoneAtMost = 80;
    const double BeyondDailyUse = 10;
    const double DieselRailPressure = 50_000; // kPa; petrol is injected with less.

    static readonly string[] AirFlows = ["maf", "mass_air_flow", "maf_air_flow_rate"];
    static readonly string[] OilPressures = ["engine_oil_pres", "engine_oil_pressure", "oil_pressure"];
    static readonly string[] OilTemperatures = ["engine_oil_temp", "engine_oil_temperature", "oil_temperature", "oil_temp"];

    public static IReadOnlyList<Preset> For(CarHistory car) =>
        [.. new[] { Overheating(car), RisesFast(car), Thermostat(car), LowBattery(car), Charging(car), OverRev(car), Speeding(car), LowFuel(car), LowCharge(car), Gone(car, "fuel_gone", "Fuel gone", car.Fuel),
            Gone(car, "charge_gone", "Charge gone", car.Charge), Offline(car), Fault(car), Frozen(car), MovesAtNight(car), OilPressure(car), OilTemperature(car) }.OfType<Preset>()];

    static Preset? Overheating(CarHistory car)
    {
        if (car.First(Signal.CoolantTemperature.Name) is not { } coolant) return null;
        var threshold = car.Bands.TryGetValue(coolant, out var band) ? Math.Clamp(Rounded(band.Highest.To + AboveUsual), OverheatsAtLeast, OverheatsAtMost) : OverheatsWithoutHistory;
        return Make(car, "coolant_overheating", "Coolant overheating", "critical", [Above(coolant, threshold, threshold - 5)], 10, of: coolant);
    }

    static Preset? RisesFast(CarHistory car) => car.First(Signal.CoolantTemperature.Name) is not { } coolant ? null
        : Make(car, "coolant_rises_fast", "Coolant rises fast", "warning", [Changes(coolant, "rises", 6, 60), Above(coolant, 95)], 0, of: coolant);

    static Preset? Thermostat(CarHistory car) => car.First(Signal.CoolantTemperature.Name) is not { } coolant || !Has(car, Signal.Rpm) ? null
        : Make(car, "thermostat_open", "Thermostat stays open", "info", [Below(coolant, 60)], 900, of: coolant, context: Engine("on"));

    static Preset? LowBattery(CarHistory car) => car.Voltage is not { } voltage ? null
        : Make(car, "battery_low_parked", "12 V low, parked", "warning", [Below(voltage, 11.8, 12.2)], 5, of: voltage, isLow: true, context: Engine("off"));

    static Preset? Charging(CarHistory car)
    {
        if (car.Voltage is not { } voltage || !Has(car, Signal.Rpm)) return null;
        var threshold = car.LowestChargingVoltage is { } lowest ? Math.Min(Rounded(lowest - BelowUsual), ChargesAtLeast) : ChargesAtLeast;
        var preset = Make(car, "charging_failure", "Charging failure", "critical", [Below(voltage, threshold, Rounded(threshold + BelowUsual))], 30, of: voltage, isLow: true, context: Above(Signal.Rpm, 1000));
        // The lowest value of all comes from starting the engine.
        return preset is null ? null : preset with { Why = car.LowestChargingVoltage is { } least ? $"this car: {Text(least)} V or more above 1000 rpm" : "this car has not driven above 1000 rpm in the last 30 days: the usual threshold" };
    }

    static Preset? OverRev(CarHistory car)
    {
        if (!Has(car, Signal.Rpm) || car.Charge is not null) return null;
        var isDiesel = car.Bands.TryGetValue(Signal.FuelRailPressure, out var rail) && rail.Highest.To > DieselRailPressure;
        return Make(car, "over_rev", "Over-rev", "warning", [Above(Signal.Rpm, isDiesel ? 4500 : 5500)], 1, of: Signal.Rpm);
    }

    static Preset? Speeding(CarHistory car) => !Has(car, Signal.VehicleSpeed) ? null
        : Make(car, "speeding", "Speeding", "warning", [Above(Signal.VehicleSpeed, 130, 125)], 10, of: Signal.VehicleSpeed, oncePerDrive: true);

    static Preset? LowFuel(CarHistory car) => car.Fuel is not { } fuel ? null
        : Make(car, "fuel_low", "Fuel low", "info", [Below(fuel, 10, 15)], 300, of: fuel, isLow: true, oncePerDrive: true);

    static Preset? LowCharge(CarHistory car) => car.Charge is not { } charge ? null
        : Make(car, "charge_low", "Charge low", "warning", [Below(charge, 20, 25)], 60, of: charge, isLow: true);

    // More than the car's drives of a day use, as a rule cannot exclude them. Not for a car that uses nearly all.
    static Preset? Gone(CarHistory car, string key, string name, Signal? level)
    {
        if (level is null) return null;
        var usual = Rounded(car.DailyFalls.GetValueOrDefault(level));
        var threshold = Math.Max(GoneAtLeast, Rounded(usual + BeyondDailyUse));
        var preset = threshold > GoneAtMost ? null : Make(car, key, name, "warning", [Changes(level, "falls", threshold, 86_400)], 0, of: level, isLow: true);
        return preset?.Band is null ? preset : preset with { Why = $"this car: falls by up to {Text(usual)}{(level.Unit is { } unit ? $" {unit}" : "")} in a day" };
    }

    static Preset? Offline(CarHistory car) => car.Sent.Count == 0 ? null
        : Make(car, "dongle_offline", "Dongle offline for a day", "info", [new JsonObject { ["state"] = "offline" }], 86_400, of: null);

    static Preset? Fault(CarHistory car) => car.First("dtc_count", "mil") is not { } fault ? null
        : Make(car, "fault_code", "Fault code", "warning", [Above(fault, fault.Name == "mil" ? 0.5 : 0)], 0, of: fault);

    static Preset? Frozen(CarHistory car) => car.First(AirFlows) is not { } flow || !Has(car, Signal.Rpm) ? null
        : Make(car, "frozen_sensor", "Frozen sensor", "info", [new JsonObject { ["signal"] = flow.Name, ["steady"] = true }], 900, of: flow, context: Engine("on"));

    static Preset? MovesAtNight(CarHistory car)
    {
        if (!Has(car, Signal.VehicleSpeed)) return null;
        var night = new JsonObject { ["time"] = "22:00-06:00" };
        if (TimeZoneInfo.Local is { HasIanaId: true, Id: var zone }) night["zone"] = zone;
        return Make(car, "moves_at_night", "Moves at night", "critical", [Above(Signal.VehicleSpeed, 5), night], 5, of: Signal.VehicleSpeed);
    }

    static Preset? OilPressure(CarHistory car) => car.First(OilPressures) is not { } pressure || !Has(car, Signal.Rpm) ? null
        : Make(car, "oil_pressure_low", "Oil pressure low", "critical", [Below(pressure, pressure.Unit switch { "bar" => 1, "psi" => 14.5, _ => 100 })], 5, of: pressure, isLow: true, context: Above(Signal.Rpm, 1000));

    static Preset? OilTemperature(CarHistory car) => car.First(OilTemperatures) is not { } temperature ? null
        : Make(car, "oil_hot", "Oil hot", "warning", [Above(temperature, temperature.Unit == "°F" ? 266 : 130)], 60, of: temperature);

    static Preset? Make(CarHistory car, string key, string name, string severity, JsonNode[] when, int seconds, Signal? of, bool isLow = false, JsonNode? context = null, bool oncePerDrive = false)
    {
        var rule = RuleOf(car, name, severity, when, seconds, context, oncePerDrive);
        if (of is null) return new Preset(key, rule, "for every car", null);
        if (!car.Bands.TryGetValue(of, out var band)) return new Preset(key, rule, "no reading of this car in the last 30 days: the usual threshold", null);
        var (from, to) = isLow ? band.Lowest : band.Highest;
        if (!of.Accepts(from) || !of.Accepts(to)) return null; // Logged in a scale of its own.
        return new Preset(key, rule, Why(of, from, to, band.Drives), new PresetBand(of.Name, of.Unit, from, to, band.Drives));
    }

    internal static JsonObject RuleOf(CarHistory car, string name, string severity, JsonNode[] when, int seconds, JsonNode? context = null, bool oncePerDrive = false)
    {
        var rule = new JsonObject { ["name"] = name, ["severity"] = severity, ["vehicles"] = new JsonArray(car.Vehicle.Id), ["when"] = new JsonArray(when) };
        if (context is not null) rule["while"] = new JsonArray(context);
        rule["for"] = seconds;
        if (oncePerDrive) rule["once_per_drive"] = true;
        return rule;
    }

    static string Why(Signal signal, double from, double to, int drives)
    {
        var (low, high) = (Text(from), Text(to));
        return $"this car: {(low == high ? low : $"{low} to {high}")}{(signal.Unit is { } unit ? $" {unit}" : "")} in {drives} {(drives == 1 ? "drive" : "drives")}";
    }

    internal static JsonObject Above(Signal signal, double threshold, double? clear = null) => Threshold(signal, "above", threshold, clear);

    internal static JsonObject Below(Signal signal, double threshold, double? clear = null) => Threshold(signal, "below", threshold, clear);

    static JsonObject Threshold(Signal signal, string kind, double threshold, double? clear)
    {
        var condition = new JsonObject { ["signal"] = signal.Name, [kind] = threshold };
        if (clear is { } value) condition["clear"] = value;
        return condition;
    }

    static JsonObject Changes(Signal signal, string kind, double by, int within) => new() { ["signal"] = signal.Name, [kind] = by, ["within"] = within };

    static JsonObject Engine(string state) => new() { ["engine"] = state };

    static bool Has(CarHistory car, Signal signal) => car.Sent.Contains(signal);

    static double Rounded(double value) => Math.Round(value, 2);

    static string Text(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
