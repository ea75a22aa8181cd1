namespace Telemetry.Core.Forecasts;

/// <summary>Model of a sensor by the others: what an engine breathes is in its manifold pressure, its load and its air flow alike.</summary>
/// <remarks>
/// Speed-density: air flow is in proportion to pressure × rpm, load to the air of a stroke (J. B. Heywood, Internal Combustion Engine
/// Fundamentals, 1988, chapter 2). How much, and what an engine's own valves and turbo do to it, is learned.
/// </remarks>
/// <param name="target">Sensor that is watched: manifold pressure, load or air flow.</param>
sealed class SensorWatch(ForecastInput target)
{
    /// <summary>Number of coefficients.</summary>
    public const int Size = 4;

    /// <summary>Names of the naive rivals.</summary>
    public static readonly string[] Rivals = ["own mean"];

    /// <summary>Sensors that are watched.</summary>
    public static readonly ForecastInput[] Targets = [ForecastInput.Manifold, ForecastInput.Load, ForecastInput.AirFlow];

    const int MaxDrives = 60;
    const int MinLearnedDrives = 5;
    const double Penalty = 1;
    const double Fading = 0.99;
    const double LimitFactor = 1.4;
    const double MinLimit = 5;

    // The gate: where the others explain less of the sensor, as in a diesel that returns exhaust gas, nothing is said of its health.
    const double MaxErrorShare = 0.35;

    readonly RidgeSums _sums = new(Size);
    double[]? _weights;
    double _worst;
    int _limiting;

    /// <summary>Name of the forecast: <c>sensor:</c> and the signal.</summary>
    public string Name { get; } = "sensor:" + target switch
    {
        ForecastInput.Manifold => "intake_manifold_pressure",
        ForecastInput.Load => "engine_load",
        _ => "mass_air_flow",
    };

    /// <summary>Sensor that is watched.</summary>
    public ForecastInput Target => target;

    public ScoreSheet Sheet { get; } = new(Rivals.Length);

    public int Drives { get; private set; }

    /// <summary>Drives that are still needed until there is a limit.</summary>
    public int MissingDrives => Math.Max(MinLearnedDrives - _limiting, 0);

    /// <summary>Mean of the sensor, per stroke for air flow; NaN before the first drive.</summary>
    public double Mean => _sums.Weight > 0 ? _sums.TargetOf(0) / _sums.Weight : double.NaN;

    /// <summary>True if the other sensors say what this one reads.</summary>
    public bool IsExplained => Sheet.Count >= ScoreSheet.MinScores && Sheet.Error <= MaxErrorShare * Sheet.ErrorOf(0);

    /// <summary>Distance from the expectation, in the unit of <see cref="TargetOf"/>, beyond what healthy drives had; null while too few are known, or the others do not explain it.</summary>
    public double? MaxDistance => _limiting < MinLearnedDrives || !IsExplained ? null : Math.Max(MinLimit, LimitFactor * _worst);

    /// <summary>Value of a sensor, air flow by strokes: all are about 0 to 100 then, or some more with a turbo.</summary>
    public static double TargetOf(ForecastInput sensor, DriveRow row) =>
        sensor == ForecastInput.AirFlow ? 1000 * row[ForecastInput.AirFlow] / Math.Max(row[ForecastInput.Rpm], 1) * 2 : row[sensor];

    /// <summary>Unit of a sensor's own values for one of <see cref="TargetOf"/>.</summary>
    public static double ScaleOf(ForecastInput sensor, DriveRow row) => sensor == ForecastInput.AirFlow ? row[ForecastInput.Rpm] / 2000 : 1;

    /// <summary>Inputs of the regression: the other two sensors, as far as the car has them, and rpm.</summary>
    /// <returns>False if neither is there, or one of them is not of the same second as the sensor.</returns>
    public bool Describe(DriveRow row, Span<double> inputs)
    {
        inputs.Clear();
        inputs[0] = 1;
        inputs[1] = row[ForecastInput.Rpm] / 1000;
        var at = row.TimeOf(target);
        if (double.IsNaN(inputs[1]) || double.IsNaN(row[target]) || row.Seconds - at > 1 || Math.Abs(row.TimeOf(ForecastInput.Rpm) - at) > 1) return false;
        var place = 2;
        var hasOther = false;
        foreach (var sensor in Targets)
        {
            if (sensor == target) continue;
            var value = TargetOf(sensor, row) / 50;
            if (!double.IsNaN(value) && Math.Abs(row.TimeOf(sensor) - at) > 1) return false;
            hasOther |= !double.IsNaN(value);
            inputs[place++] = double.IsNaN(value) ? 0 : value;
        }

        return hasOther;
    }

    /// <summary>Expected value in the unit of <see cref="TargetOf"/>; NaN before the first drive.</summary>
    public double Expect(ReadOnlySpan<double> inputs)
    {
        if (Drives == 0) return double.NaN;
        _weights ??= _sums.Solve([Penalty, Penalty, Penalty, Penalty], [Mean, 0, 0, 0]);
        var sum = 0.0;
        for (var i = 0; i < Size; i++) sum += _weights[i] * inputs[i];
        return sum;
    }

    /// <summary>Learns a drive.</summary>
    /// <param name="sums">Samples.</param>
    /// <param name="worst">Largest mean distance; NaN if there was no expectation.</param>
    public void Learn(RidgeSums sums, double worst)
    {
        _sums.Decay(Fading);
        _sums.Add(sums);
        _weights = null;
        Drives = Math.Min(Drives + 1, 1_000_000);
        if (Drives <= 2 || double.IsNaN(worst) || _limiting == MaxDrives) return; // Errors of the first are those of a model that has not learned.
        (_worst, _limiting) = (Math.Max(_worst, worst), _limiting + 1);
    }

    public void Write(StateWriter writer)
    {
        writer.Int(Drives);
        writer.Byte(_limiting);
        writer.Single(_worst);
        _sums.Write(writer);
        Sheet.Write(writer);
    }

    public void Read(ref StateReader reader)
    {
        (Drives, _limiting, _worst) = (reader.Int(), reader.Byte(), reader.Single());
        _sums.Read(ref reader);
        Sheet.Read(ref reader);
    }
}
