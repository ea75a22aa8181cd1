namespace Telemetry.Core.Forecasts;

/// <summary>Cooling of one drive: the expected coolant temperature, simulated from the engine's start, against the reading.</summary>
/// <param name="model">The vehicle's cooling so far.</param>
sealed class CoolingRun(Cooling model)
{
    const int AlarmSeconds = 60;
    const int PeakSeconds = 180;
    const double WindowSeconds = 20;
    const int ScoredEvery = 60;

    // Longer silences end the simulation: it begins again from the next reading.
    const double MaxStep = 60;

    readonly RidgeSums _windows = new(HeatBalance.Size);
    readonly double[] _inputs = new double[HeatBalance.Size];
    readonly double[] _window = new double[HeatBalance.Size];
    readonly SustainedExtreme _shortfall = new(AlarmSeconds);
    readonly SustainedExtreme _peak = new(PeakSeconds);
    bool? _knowsAir;
    bool _hasJumped;
    double _startAir = double.NaN;
    readonly List<(double Expected, double Truth, double Start)> _scored = [];
    double _windowStart;
    double _windowSeconds;
    double _stepValue = double.NaN;
    double _stepAt = double.NaN;

    /// <summary>Expected coolant, °C; NaN while it cannot be known.</summary>
    public double Expected { get; private set; } = double.NaN;

    /// <summary>Reading less expectation, °C.</summary>
    public double Residual { get; private set; } = double.NaN;

    /// <summary>Jump of the last reading beyond what coolant can do, °C; 0 if there was none.</summary>
    public double Step { get; private set; }

    /// <summary>True while the reading has been below the expectation for a minute by more than any healthy drive.</summary>
    public bool IsBelow => _knowsAir == true && _shortfall.Now > model.MaxShortfall;

    /// <summary>True while the coolant has been above the vehicle's own warm band for three minutes.</summary>
    public bool IsAbove => _peak.Now > model.MaxCoolant;

    /// <summary>Largest shortfall that lasted a minute; NaN if there was no minute.</summary>
    public double MaxShortfall => _shortfall.Max;

    /// <summary>Highest coolant that lasted three minutes.</summary>
    public double MaxCoolant => _peak.Max;

    /// <summary>Rows of a running engine under known conditions.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows with an expectation.</summary>
    public int ValuedRows { get; private set; }

    /// <summary>Sum of the residuals' magnitudes over <see cref="ValuedRows"/>.</summary>
    public double AbsoluteResiduals { get; private set; }

    /// <summary>True once the drive has raised an alarm: it is not learned.</summary>
    public bool HasAlarm { get; private set; }

    /// <summary>Takes a row.</summary>
    public void Add(DriveRow row, DriveState drive)
    {
        var coolant = row[ForecastInput.Coolant];
        TakeStep(row, coolant);
        if (double.IsNaN(coolant) || !(drive.RunSeconds >= DriveState.MinRunSeconds) || !HeatBalance.IsKnown(row, drive) || row.Step > MaxStep)
        {
            (Expected, Residual, _windowSeconds) = (double.NaN, double.NaN, 0);
            _shortfall.Reset();
            return;
        }

        TakeWindow(row, drive, coolant);
        _peak.Add(coolant);
        Simulate(row, drive, coolant);
        _shortfall.Add(Expected - coolant);
        Rows++;
        _startAir = drive.StartAir;
        _knowsAir ??= model.Knows(_startAir);
        if (_knowsAir == true)
        {
            Residual = coolant - Expected;
            (AbsoluteResiduals, ValuedRows) = (AbsoluteResiduals + Math.Abs(Residual), ValuedRows + 1);
            if (ValuedRows % ScoredEvery == 0) _scored.Add((Expected, coolant, drive.StartCoolant));
        }

        HasAlarm |= IsBelow || IsAbove || _hasJumped;
    }

    /// <summary>Learns the drive, unless it has raised an alarm.</summary>
    public void Finish(Cooling learned)
    {
        Score(learned);
        if (_windows.Weight == 0 || !model.IsHealthy(_knowsAir == true ? _shortfall.Max : double.NaN, _peak.Max, _hasJumped)) return;
        learned.Learn(_windows, _shortfall.Max, _peak.Max, _startAir);
    }

    void Score(Cooling learned)
    {
        if (!double.IsFinite(model.WarmDegrees) || HasAlarm) return;
        // While it warms up: later all are alike.
        if (_scored.Count > 0) learned.Sheet.Keep(_scored[_scored.Count / 4].Expected, _scored[_scored.Count / 4].Truth);
        foreach (var (expected, truth, start) in _scored)
        {
            var error = Math.Abs(expected - truth);
            learned.Sheet.Add(error, [Math.Abs(model.WarmDegrees - truth), Math.Abs(start - truth)], error <= model.MaxShortfall);
        }
    }

    void TakeStep(DriveRow row, double coolant)
    {
        Step = 0;
        var at = row.TimeOf(ForecastInput.Coolant);
        if (double.IsNaN(coolant) || at == _stepAt) return;
        var passed = at - _stepAt;
        if (passed <= DriveSampler.MaxSilence && Math.Abs(coolant - _stepValue) >= 4 + 0.4 * passed) (Step, _hasJumped) = (coolant - _stepValue, true);
        (_stepValue, _stepAt) = (coolant, at);
    }

    void TakeWindow(DriveRow row, DriveState drive, double coolant)
    {
        if (_windowSeconds == 0)
        {
            _windowStart = coolant;
            Array.Clear(_window);
        }

        HeatBalance.Describe(coolant, row, drive, _inputs);
        for (var i = 0; i < _window.Length; i++) _window[i] += _inputs[i] * row.Step;
        _windowSeconds += row.Step;
        if (_windowSeconds < WindowSeconds) return;
        for (var i = 0; i < _window.Length; i++) _window[i] /= _windowSeconds;
        _windows.Add(_window, (coolant - _windowStart) / _windowSeconds * 60);
        _windowSeconds = 0;
    }

    void Simulate(DriveRow row, DriveState drive, double coolant)
    {
        if (double.IsNaN(Expected))
        {
            Expected = coolant;
            return;
        }

        HeatBalance.Describe(Expected, row, drive, _inputs);
        var change = model.Heat.Rate(_inputs) / 60 * row.Step;
        Expected = Math.Clamp(Expected + Math.Clamp(change, -row.Step, row.Step), -40, 130);
    }
}
