namespace Telemetry.Core.Forecasts;

/// <summary>Level of a fuel gauge without the slosh: what is burnt is known, so that the gauge may correct it slowly.</summary>
/// <param name="perKilometre">Percent that the vehicle burns for a kilometre; NaN if not known yet.</param>
sealed class FuelGauge(double perKilometre)
{
    // The gauge swings by a quarter of the tank within seconds, and comes back.
    const double MeanSeconds = 900;

    // As much more than is left, for as long as it takes to fill up, is fuel and no slosh.
    const double MinRefill = 8;
    const double RefillSeconds = 120;

    double _kilometres = double.NaN;
    double _seconds;
    double _above;

    /// <summary>Level, %; NaN before the first reading.</summary>
    public double Level { get; private set; } = double.NaN;

    /// <summary>Takes a reading of the gauge.</summary>
    public double Add(double gauge, double kilometres, double step)
    {
        if (double.IsNaN(Level))
        {
            (Level, _kilometres, _seconds) = (gauge, kilometres, 0);
            return Level;
        }

        if (!double.IsNaN(perKilometre)) Level -= perKilometre * (kilometres - _kilometres);
        _kilometres = kilometres;
        _seconds += step;
        Level += (gauge - Level) * Math.Min(step / Math.Min(_seconds, MeanSeconds), 1);
        _above = gauge > Level + MinRefill ? _above + step : 0;
        if (_above >= RefillSeconds) (Level, _seconds, _above) = (gauge, 0, 0);
        Level = Math.Clamp(Level, 0, 100);
        return Level;
    }
}
