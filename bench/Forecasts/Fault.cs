using Telemetry.Core.Forecasts;

namespace Telemetry.Forecasts;

/// <summary>Fault that is injected into a recorded drive.</summary>
/// <param name="Name">Name in the table.</param>
/// <param name="Input">Input whose readings it changes.</param>
/// <param name="Change">Reading with the fault, from the reading, the drive so far, and the minutes since the engine was warm (NaN until then).</param>
/// <param name="HasAlarm">True if the forecasts show it.</param>
sealed record Fault(string Name, ForecastInput Input, Func<double, DriveForecaster, double, double> Change, Func<DriveForecaster, bool> HasAlarm)
{
    /// <summary>Coolant of a warm engine, from which overheating begins.</summary>
    const double WarmDegrees = 85;

    /// <summary>A thermostat that does not close: of the rise since the start, the coolant keeps a share.</summary>
    public static readonly Fault[] Thermostat = [Keeping(0.75), Keeping(0.65), Keeping(0.50)];

    /// <summary>The coolant of a warm engine rises by a degree a minute.</summary>
    public static readonly Fault Overheating = new("+1 °C/min", ForecastInput.Coolant,
        (value, _, warm) => warm > 0 ? value + warm : value, forecaster => forecaster.Cooling.IsAbove);

    /// <summary>A weak alternator.</summary>
    public static readonly Fault[] Alternator = [Less(0.3), Less(0.5)];

    static Fault Keeping(double share) => new($"keeps {share:P0}", ForecastInput.Coolant,
        (value, forecaster, _) => double.IsNaN(forecaster.State.StartCoolant) ? value : forecaster.State.StartCoolant + share * (value - forecaster.State.StartCoolant),
        forecaster => forecaster.Cooling.IsBelow);

    static Fault Less(double volts) => new($"-{volts:0.0} V", ForecastInput.Voltage, (value, _, _) => value - volts, forecaster => forecaster.Voltage.IsBelow);

    /// <summary>Finds the fault in a drive.</summary>
    public Finding Find(Trip trip, VehicleModels models)
    {
        var forecaster = new DriveForecaster(models);
        double warmAt = double.NaN, firstAt = double.NaN, foundAt = double.NaN, fixedAt = double.NaN, endedAt = 0;
        trip.Replay(row =>
        {
            var recorded = row[Input];
            if (Input == ForecastInput.Coolant && double.IsNaN(warmAt) && recorded >= WarmDegrees) warmAt = row.Seconds;
            var changed = Change(recorded, forecaster, (row.Seconds - warmAt) / 60);
            if (!double.IsNaN(recorded)) row.Replace(Input, changed);
            forecaster.Add(row);
            if (!double.IsNaN(recorded)) row.Replace(Input, recorded);
            endedAt = row.Seconds;
            if (double.IsNaN(firstAt) && (Input == ForecastInput.Voltage ? !double.IsNaN(forecaster.Voltage.Residual) : forecaster.State.RunSeconds >= 0)) firstAt = row.Seconds;
            if (double.IsNaN(foundAt) && HasAlarm(forecaster)) foundAt = row.Seconds;
            if (double.IsNaN(fixedAt) && IsBeyondFixedLimit(changed, row.Seconds - firstAt)) fixedAt = row.Seconds;
        });
        var from = this == Overheating ? warmAt : firstAt;
        return new Finding((foundAt - from) / 60, (fixedAt - from) / 60, (endedAt - from) / 60);
    }

    // What a rule with a number would do: 105 °C; below 60 °C a quarter of an hour after the start; below 13 V.
    bool IsBeyondFixedLimit(double value, double runSeconds) => this == Overheating ? value > 105
        : Input == ForecastInput.Coolant ? value < 60 && runSeconds > 900
        : value < 13;
}

/// <summary>Minutes until a fault was found; NaN if it was not.</summary>
/// <param name="Minutes">By the forecast.</param>
/// <param name="FixedMinutes">By a fixed limit.</param>
/// <param name="Length">Minutes of the drive with the fault.</param>
sealed record Finding(double Minutes, double FixedMinutes, double Length);
