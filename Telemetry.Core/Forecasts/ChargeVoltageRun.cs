namespace Telemetry.Core.Forecasts;

/// <summary>Charging of one drive: the expected voltage against the reading.</summary>
/// <param name="model">The vehicle's voltages so far.</param>
sealed class ChargeVoltageRun(ChargeVoltage model)
{
    const int MeanSeconds = 20;
    const double ScoredEvery = 10;

    readonly RidgeSums _sums = new(ChargeVoltage.Size);
    readonly double[] _inputs = new double[ChargeVoltage.Size];
    readonly double[] _shortfalls = new double[MeanSeconds];
    readonly List<(double Expected, double Truth)> _scored = [];
    int _count;
    double _startAir = double.NaN;
    double _volts;
    double _seconds;
    double _worst = double.NaN;

    /// <summary>Expected voltage; NaN while it cannot be known.</summary>
    public double Expected { get; private set; } = double.NaN;

    /// <summary>Reading less expectation, V.</summary>
    public double Residual { get; private set; } = double.NaN;

    /// <summary>True while the mean of the last seconds is below the expectation by more than healthy drives.</summary>
    public bool IsBelow { get; private set; }

    /// <summary>True once the drive has raised an alarm.</summary>
    public bool HasAlarm { get; private set; }

    /// <summary>Expectations and their truths, every few seconds.</summary>
    public IReadOnlyList<(double Expected, double Truth)> Scored => _scored;

    /// <summary>Takes a row.</summary>
    public void Add(DriveRow row, DriveState drive)
    {
        (Expected, Residual) = (double.NaN, double.NaN);
        if (!ChargeVoltage.Describe(row, drive, _inputs)) return;
        var volts = row[ForecastInput.Voltage];
        _sums.Add(_inputs, volts - ChargeVoltage.BaseVolts);
        (_volts, _seconds) = (_volts + volts, _seconds + 1);
        _startAir = drive.StartAir;
        Expected = model.Knows(_startAir) ? model.Expect(_inputs) : double.NaN;
        if (double.IsNaN(Expected)) return;
        Residual = volts - Expected;
        if (_seconds % ScoredEvery == 0) _scored.Add((Expected, volts));
        _shortfalls[_count++ % MeanSeconds] = -Residual;
        if (_count < MeanSeconds) return;
        var mean = _shortfalls.Sum() / MeanSeconds;
        _worst = double.IsNaN(_worst) ? mean : Math.Max(_worst, mean);
        IsBelow = mean > model.MaxShortfall;
        HasAlarm |= IsBelow;
    }

    /// <summary>Learns the drive.</summary>
    public void Finish(ChargeVoltage learned)
    {
        if (_seconds < 60) return;
        Span<double> errors = stackalloc double[ChargeVoltage.Rivals.Length];
        if (_scored.Count > 0) learned.Sheet.Keep(_scored[_scored.Count / 2].Expected, _scored[_scored.Count / 2].Truth);
        foreach (var (expected, truth) in _scored)
        {
            errors[0] = Math.Abs(model.Mean - truth);
            errors[1] = Math.Abs(model.Last - truth);
            learned.Sheet.Add(Math.Abs(expected - truth), errors, null);
        }

        if (!HasAlarm) learned.Learn(_sums, _volts, _seconds, _worst, _startAir);
    }
}
