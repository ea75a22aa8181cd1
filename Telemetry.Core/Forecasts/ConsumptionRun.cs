namespace Telemetry.Core.Forecasts;

/// <summary>Range in one drive, and what the drive used.</summary>
/// <param name="model">The vehicle's consumption so far.</param>
/// <param name="level">Input that is used up.</param>
sealed class ConsumptionRun(Consumption model, ForecastInput level)
{
    /// <summary>Percent over which forecasts are scored.</summary>
    public const double ScoredPercent = 10;

    // A gauge says nothing of the fuel of a short drive.
    const double MinFuelKilometres = 15;

    // More than a swing of the gauge or what braking gives back.
    const double MinRefill = 5;
    const double MinUsed = 1;

    readonly FuelGauge? _gauge = level == ForecastInput.Fuel ? new FuelGauge(model.Mean) : null;
    readonly List<RangeForecast> _pending = [];
    readonly List<RangeForecast> _scored = [];
    double _first = double.NaN;
    double _lowest = double.NaN;
    double _last = double.NaN;
    double _kilometresAtFirst;
    double _squaresAtFirst;
    double _squares;
    double _airSum;
    double _airCount;

    /// <summary>Percent used since the drive's start, or since it was refilled.</summary>
    public double Used => _first - _last;

    /// <summary>Kilometres driven with that.</summary>
    public double Kilometres { get; private set; }

    double MinKilometres => _gauge is null ? Consumption.MinKilometres : MinFuelKilometres;

    /// <summary>Mean temperature outside; NaN if unknown.</summary>
    public double Air => _airCount > 0 ? _airSum / _airCount : double.NaN;

    /// <summary>Forecasts of the drive whose truth has come.</summary>
    public IReadOnlyList<RangeForecast> Scored => _scored;

    /// <summary>Range left, km; NaN if it cannot be known.</summary>
    public double Range { get; private set; } = double.NaN;

    /// <summary>Level now, %; NaN if it is not known.</summary>
    public double Level { get; private set; } = double.NaN;

    /// <summary>Percent a kilometre that a rival expects, in the order of <see cref="Consumption.Rivals"/>.</summary>
    public double RivalOf(int rival) => rival switch
    {
        0 => model.Mean,
        1 => Kilometres > 0 && Used > 0 ? Used / Kilometres : double.NaN,
        _ => model.Last,
    };

    /// <summary>Takes a row.</summary>
    public void Add(DriveRow row, DriveState drive)
    {
        var value = row[level];
        var air = drive.Air;
        if (!double.IsNaN(air)) (_airSum, _airCount) = (_airSum + air, _airCount + 1);
        (Range, Level) = (double.NaN, double.NaN);
        if (double.IsNaN(value)) return;
        if (_gauge is not null) value = _gauge.Add(value, drive.Kilometres, row.Step);
        if (double.IsNaN(_first) || value > _lowest + MinRefill) Begin(value, drive);
        (_last, _lowest) = (value, Math.Min(_lowest, value));
        Kilometres = drive.Kilometres - _kilometresAtFirst;
        _squares = drive.SpeedSquares - _squaresAtFirst;
        var perKilometre = model.During(Air, Used, Kilometres, MeanSquare);
        (Range, Level) = (value / perKilometre, value);
        Truth(value, drive.Kilometres);
        if (Kilometres >= 1 && Used >= (_pending.Count + _scored.Count + 1) * MinUsed) Keep(value, perKilometre, drive.Kilometres);
    }

    /// <summary>Learns the drive.</summary>
    public void Finish(Consumption learned)
    {
        if (_scored.Count > 0) learned.Sheet.Keep(_scored[_scored.Count / 2].Kilometres, _scored[_scored.Count / 2].Truth);
        foreach (var forecast in _scored) learned.Score(forecast.Kilometres, forecast.Rivals, forecast.Truth);
        if (Kilometres >= MinKilometres && Used > 0) learned.Learn(Air, Used, Kilometres, MeanSquare);
    }

    double MeanSquare => Kilometres > 0 ? _squares / Kilometres : 0;

    void Begin(double value, DriveState drive)
    {
        (_first, _lowest, _kilometresAtFirst, _squaresAtFirst) = (value, value, drive.Kilometres, drive.SpeedSquares);
        _pending.Clear();
    }

    void Keep(double value, double perKilometre, double kilometres)
    {
        if (model.Drives == 0) return;
        _pending.Add(new RangeForecast(value - ScoredPercent, kilometres, ScoredPercent / perKilometre,
            [ScoredPercent / RivalOf(0), ScoredPercent / RivalOf(1), ScoredPercent / RivalOf(2)]));
    }

    void Truth(double value, double kilometres)
    {
        for (var i = _pending.Count - 1; i >= 0; i--)
        {
            if (value > _pending[i].Level) continue;
            _scored.Add(_pending[i] with { Truth = kilometres - _pending[i].From });
            _pending.RemoveAt(i);
        }
    }
}

/// <summary>Forecast of the kilometres on the next percents.</summary>
/// <param name="Level">Level at which its truth comes, %.</param>
/// <param name="From">Kilometres when it was made.</param>
/// <param name="Kilometres">Kilometres expected.</param>
/// <param name="Rivals">Kilometres that the rivals expect.</param>
sealed record RangeForecast(double Level, double From, double Kilometres, double[] Rivals)
{
    /// <summary>Kilometres that were driven.</summary>
    public double Truth { get; init; } = double.NaN;
}
