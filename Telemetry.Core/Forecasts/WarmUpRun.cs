namespace Telemetry.Core.Forecasts;

/// <summary>Warm-up of one drive: forecasts each second, and what is learned of it at the end.</summary>
/// <param name="model">The vehicle's warm-ups so far.</param>
sealed class WarmUpRun(WarmUp model)
{
    /// <summary>Seconds after the engine's start at which forecasts are scored.</summary>
    public static readonly double[] ScoredAt = [60, 120, 180];

    // Longer warm-ups are stops.
    const double MaxSeconds = 2700;
    const double LearnedEvery = 30;

    // A silence at the moment of the truth hides it.
    const double MaxStep = 30;

    readonly List<WarmUpForecast> _pending = [];
    readonly List<(int Bin, double Seconds)> _dwells = [];
    double _startAir = double.NaN;
    double _lastRun;
    double _bin = double.NaN;
    double _binAt = double.NaN;
    double _lastCoolant = double.NaN;
    bool _isOver;

    /// <summary>Minutes from the engine's start until it was warm; NaN until then.</summary>
    public double Total { get; private set; } = double.NaN;

    /// <summary>Coolant at the start.</summary>
    public double StartCoolant { get; private set; } = double.NaN;

    /// <summary>Forecasts at <see cref="ScoredAt"/>, as far as the engine was cold then.</summary>
    public IEnumerable<WarmUpForecast> Scored => !model.Knows(_startAir) ? [] : _pending.Where(forecast => Array.IndexOf(ScoredAt, forecast.RunSeconds) >= 0);

    /// <summary>Takes a row; the forecast of now, null if there is none.</summary>
    public WarmUpForecast? Add(DriveRow row, DriveState drive)
    {
        var coolant = row[ForecastInput.Coolant];
        if (_isOver || double.IsNaN(coolant)) return null;
        if (drive.RunSeconds < _lastRun || row.Step > MaxStep || drive.RunSeconds > MaxSeconds) _isOver = _lastRun > 0;
        if (_isOver || !(drive.RunSeconds >= 0)) return null;
        _lastRun = drive.RunSeconds;
        StartCoolant = drive.StartCoolant;
        if (!(drive.StartCoolant <= WarmUp.MaxStartDegrees))
        {
            _isOver = true;
            return null;
        }

        TakeDwell(coolant, drive.RunSeconds);
        if (coolant >= WarmUp.WarmDegrees)
        {
            (Total, _isOver) = (drive.RunSeconds / 60, true);
            return null;
        }

        if (drive.RunSeconds < DriveState.MinRunSeconds) return null;
        _startAir = drive.StartAir;
        var forecast = model.Forecast(coolant, drive);
        if (drive.RunSeconds % LearnedEvery == 0) _pending.Add(forecast);
        return model.Knows(_startAir) ? forecast : null;
    }

    /// <summary>Learns the warm-up; nothing if the engine did not become warm.</summary>
    public void Finish(WarmUp learned)
    {
        if (double.IsNaN(Total) || Total * 60 < DriveState.MinRunSeconds) return;
        foreach (var forecast in _pending)
        {
            var minutes = Total - forecast.RunSeconds / 60;
            if (Array.IndexOf(ScoredAt, forecast.RunSeconds) >= 0 && model.Warmups > 0 && model.Knows(_startAir)) learned.Score(forecast, minutes);
            learned.Learn(forecast, minutes);
        }

        learned.Learn(_dwells);
        learned.Learn(StartCoolant, Total, _startAir);
    }

    // A bin counts once the coolant has passed through all of it upwards, for the first time.
    void TakeDwell(double coolant, double runSeconds)
    {
        if (coolant == _lastCoolant) return;
        _lastCoolant = coolant;
        var bin = DwellTable.BinOf(coolant);
        if (double.IsNaN(_bin))
        {
            _bin = bin;
            return;
        }

        if (bin <= _bin) return;
        if (!double.IsNaN(_binAt))
        {
            // A reading may pass several bins: they share its time.
            var each = (runSeconds - _binAt) / (bin - _bin);
            for (var passed = (int)_bin; passed < bin; passed++) _dwells.Add((passed, each));
        }

        (_bin, _binAt) = (bin, runSeconds);
    }
}
