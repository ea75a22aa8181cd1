using System.Globalization;
using System.Text.Json.Nodes;
using Telemetry.Core.Forecasts;
using Telemetry.Core.Signals;

namespace Telemetry.Api.Alerts;

/// <summary>Presets on forecasts, offered once the vehicle's own drives have set their limits.</summary>
static class ForecastPresets
{
    const double RangeKilometres = 30;
    const double RangeClear = 40;

    public static IReadOnlyList<Preset> For(CarHistory car, ForecastLimits limits) =>
        [.. new[] { CoolantBelow(car, limits), CoolantJumps(car, limits), LowRange(car, limits), ChargeBelow(car, limits) }.OfType<Preset>()];

    static Preset? CoolantBelow(CarHistory car, ForecastLimits limits) => limits.CoolantShortfall is not { } limit ? null
        : Make(car, "coolant_below_expected", "Coolant below what is expected", "warning", Presets.Below(ForecastSignals.CoolantResidual, -Math.Round(limit, 1), -Math.Round(limit / 2, 1)), 60, HealthyDrives(limits, limit, 1, "°C"));

    static Preset? CoolantJumps(CarHistory car, ForecastLimits limits)
    {
        if (!car.Sent.Contains(Signal.CoolantTemperature) || limits.Drives == 0) return null;
        var preset = Make(car, "coolant_sensor_jumps", "Coolant sensor jumps", "warning", Presets.Above(ForecastSignals.CoolantStep, 0), 0, "for every car: more than coolant can do");
        preset.Rule["clear_for"] = 900; // A jump lasts for one reading.
        return preset;
    }

    static Preset? LowRange(CarHistory car, ForecastLimits limits) => !limits.HasConsumption ? null
        : Make(car, "range_low", "Range low", "warning", Presets.Below(ForecastSignals.RangeKm, RangeKilometres, RangeClear), 60, "for every car: the lower bound of the range");

    static Preset? ChargeBelow(CarHistory car, ForecastLimits limits)
    {
        if (limits.ChargeShortfall is not { } limit) return null;
        return Make(car, "charge_below_expected", "Charging below what is expected", "warning", Presets.Below(ForecastSignals.ChargeResidual, -Math.Round(limit, 2), -Math.Round(limit / 2, 2)), 20, HealthyDrives(limits, limit, 2, "V"));
    }

    static Preset Make(CarHistory car, string key, string name, string severity, JsonObject when, int seconds, string why) =>
        new(key, Presets.RuleOf(car, name, severity, [when], seconds, oncePerDrive: true), why, null);

    static string HealthyDrives(ForecastLimits limits, double limit, int decimals, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"this car: the limit of its healthy drives is {Math.Round(limit, decimals)} {unit}, of {limits.Drives} {(limits.Drives == 1 ? "drive" : "drives")}");
}
