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
        : Make(car, "coolant_below_expected", "Coolant below what is expected", "warning", Below(ForecastSignals.CoolantResidual, -Rounded(limit, 1), -Rounded(limit / 2, 1)), 60, HealthyDrives(limits, limit, 1, "°C"));

    static Preset? CoolantJumps(CarHistory car, ForecastLimits limits)
    {
        if (!car.Sent.Contains(Signal.CoolantTemperature) || limits.Drives == 0) return null;
        var preset = Make(car, "coolant_sensor_jumps", "Coolant sensor jumps", "warning", new JsonObject { ["signal"] = ForecastSignals.CoolantStep.Name, ["above"] = 0 }, 0, "for every car: more than coolant can do");
        preset.Rule["clear_for"] = 900; // A jump lasts for one reading.
        return preset;
    }

    static Preset? LowRange(CarHistory car, ForecastLimits limits) => !limits.HasConsumption ? null
        : Make(car, "range_low", "Range low", "warning", Below(ForecastSignals.RangeKm, RangeKilometres, RangeClear), 60, "for every car: the lower bound of the range");

    static Preset? ChargeBelow(CarHistory car, ForecastLimits limits)
    {
        if (limits.ChargeShortfall is not { } limit) return null;
        return Make(car, "charge_below_expected", "Charging below what is expected", "warning", Below(ForecastSignals.ChargeResidual, -Rounded(limit, 2), -Rounded(limit / 2, 2)), 20, HealthyDrives(limits, limit, 2, "V"));
    }

    static Preset Make(CarHistory car, string key, string name, string severity, JsonObject when, int seconds, string why) => new(key, new JsonObject
    {
        ["name"] = name,
        ["severity"] = severity,
        ["vehicles"] = new JsonArray(car.Vehicle.Id),
        ["when"] = new JsonArray(when),
        ["for"] = seconds,
        ["once_per_drive"] = true,
    }, why, null);

    static JsonObject Below(Signal signal, double threshold, double clear) => new() { ["signal"] = signal.Name, ["below"] = threshold, ["clear"] = clear };

    static string HealthyDrives(ForecastLimits limits, double limit, int decimals, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"this car: the limit of its healthy drives is {Rounded(limit, decimals)} {unit}, of {limits.Drives} {(limits.Drives == 1 ? "drive" : "drives")}");

    static double Rounded(double value, int decimals) => Math.Round(value, decimals);
}
