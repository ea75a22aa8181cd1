namespace Telemetry.Core.Forecasts;

/// <summary>Value that a quantity had at least, for a number of rows without interruption.</summary>
/// <param name="rows">Number of rows.</param>
sealed class SustainedExtreme(int rows)
{
    readonly double[] _values = new double[rows];
    int _count;

    /// <summary>Smallest of the last rows; NaN before there are enough.</summary>
    public double Now { get; private set; } = double.NaN;

    /// <summary>Largest value of <see cref="Now"/>; NaN before there is one.</summary>
    public double Max { get; private set; } = double.NaN;

    /// <summary>Takes the value of a row.</summary>
    public void Add(double value)
    {
        _values[_count++ % rows] = value;
        if (_count < rows) return;
        Now = _values.Min();
        Max = double.IsNaN(Max) ? Now : Math.Max(Max, Now);
    }

    /// <summary>Begins again after an interruption.</summary>
    public void Reset() => (_count, Now) = (0, double.NaN);
}
