namespace Telemetry.Core.Forecasts;

/// <summary>A sensor in one drive: its reading against what the others say.</summary>
/// <param name="model">What is known of the sensor.</param>
sealed class SensorWatchRun(SensorWatch model)
{
    const int MeanSeconds = 20;
    const int ScoredEvery = 30;
    const int MinSeconds = 60;

    // Sensors that are read less often do not describe the same moment of the engine.
    const double MaxInterval = 3;

    readonly RidgeSums _sums = new(SensorWatch.Size);
    readonly double[] _inputs = new double[SensorWatch.Size];
    readonly double[] _distances = new double[MeanSeconds];
    readonly List<(double Expected, double Truth, double Rival, double Limit)> _scored = [];
    double _readAt = double.NaN;
    double _interval = double.NaN;
    int _count;
    int _seconds;
    double _worst = double.NaN;

    /// <summary>Model of the sensor.</summary>
    public SensorWatch Model => model;

    /// <summary>Expected value in the sensor's own unit; NaN while it cannot be known.</summary>
    public double Expected { get; private set; } = double.NaN;

    /// <summary>Value that the rival expects.</summary>
    public double Rival { get; private set; } = double.NaN;

    /// <summary>Half width of the accepted range around the expected value, in the sensor's unit; NaN until five healthy drives have set it.</summary>
    public double Limit { get; private set; } = double.NaN;

    /// <summary>True if the sensor and another that says the same are there, whether or not of the same second.</summary>
    public bool IsWatched { get; private set; }

    /// <summary>True if it is read too seldom to be compared with the others.</summary>
    public bool IsTooSeldom => _interval > MaxInterval;

    /// <summary>True if the mean distance of some seconds was larger than in healthy drives.</summary>
    public bool HasAlarm { get; private set; }

    /// <summary>Takes a row.</summary>
    public void Add(DriveRow row, DriveState drive)
    {
        (Expected, Limit) = (double.NaN, double.NaN);
        IsWatched |= !double.IsNaN(row[model.Target]) && HasOther(row);
        TakeInterval(row.TimeOf(model.Target));
        if (!(_interval <= MaxInterval)) return;
        if (!(drive.RunSeconds >= DriveState.MinRunSeconds) || !model.Describe(row, _inputs)) return;
        var value = SensorWatch.TargetOf(model.Target, row);
        _sums.Add(_inputs, value);
        _seconds++;
        var expected = model.Expect(_inputs);
        if (double.IsNaN(expected)) return;
        var scale = SensorWatch.ScaleOf(model.Target, row);
        (Expected, Rival, Limit) = (expected * scale, model.Mean * scale, (model.MaxDistance ?? double.NaN) * scale);
        if (_seconds % ScoredEvery == 0) _scored.Add((Expected, value * scale, Rival, Limit));
        _distances[_count++ % MeanSeconds] = value - expected;
        if (_count < MeanSeconds) return;

        // The sign counts: a swing to both sides is the engine's, not the sensor's.
        var mean = Math.Abs(_distances.Sum() / MeanSeconds);
        _worst = double.IsNaN(_worst) ? mean : Math.Max(_worst, mean);
        HasAlarm |= mean > model.MaxDistance;
    }

    /// <summary>Learns the drive, unless it has raised an alarm.</summary>
    public void Finish(SensorWatch learned)
    {
        if (_seconds < MinSeconds || HasAlarm) return;
        foreach (var (expected, truth, rival, limit) in _scored)
            learned.Sheet.Add(Math.Abs(expected - truth), [Math.Abs(rival - truth)], double.IsNaN(limit) ? null : Math.Abs(expected - truth) <= limit);
        learned.Learn(_sums, _worst);
    }

    void TakeInterval(double at)
    {
        if (at == _readAt) return;
        (_interval, _readAt) = (at - _readAt, at);
    }

    bool HasOther(DriveRow row)
    {
        foreach (var sensor in SensorWatch.Targets)
            if (sensor != model.Target && !double.IsNaN(row[sensor])) return true;
        return false;
    }
}
