namespace Telemetry.Core.Forecasts;

/// <summary>Range of an input in the drives that were learned, without the drive at either end: one drive is no experience.</summary>
sealed class LearnedRange
{
    double _lowest = double.NaN;
    double _low = double.NaN;
    double _high = double.NaN;
    double _highest = double.NaN;

    /// <summary>True if a value is within the range, or not far outside.</summary>
    public bool Contains(double value, double margin) => value >= _low - margin && value <= _high + margin;

    /// <summary>Lowest value of the range; NaN before the first.</summary>
    public double Low => _low;

    /// <summary>Adds the value of a drive; NaN is ignored.</summary>
    public void Add(double value)
    {
        if (double.IsNaN(value)) return;
        if (double.IsNaN(_lowest))
        {
            (_lowest, _low, _high, _highest) = (value, value, value, value);
            return;
        }

        if (value <= _lowest) (_lowest, _low) = (value, _lowest);
        else _low = _low == _lowest ? value : Math.Min(_low, value);
        if (value >= _highest) (_highest, _high) = (value, _highest);
        else _high = _high == _highest ? value : Math.Max(_high, value);
    }

    public void Write(StateWriter writer) => writer.Singles([_lowest, _low, _high, _highest]);

    public void Read(ref StateReader reader) =>
        (_lowest, _low, _high, _highest) = (reader.Single(), reader.Single(), reader.Single(), reader.Single());
}
