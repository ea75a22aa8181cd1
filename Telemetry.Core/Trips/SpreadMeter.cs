namespace Telemetry.Core.Trips;

/// <summary>Spread of a signal's readings.</summary>
/// <param name="Min">Lowest reading.</param>
/// <param name="P5">5 % of the readings are at or below it.</param>
/// <param name="Median">Half of the readings are at or below it.</param>
/// <param name="P95">95 % of the readings are at or below it.</param>
/// <param name="Max">Highest reading.</param>
public sealed record Spread(double Min, double P5, double Median, double P95, double Max);

/// <summary>Finds the spread of readings in little memory: of more than <see cref="MaxSample"/> only every second, fourth, … counts between the lowest and the highest.</summary>
public sealed class SpreadMeter
{
    /// <summary>Up to this number of readings the spread is exact: more than four hours of a reading a second.</summary>
    public const int MaxSample = 16_384;

    readonly List<double> _sample = [];
    long _count;
    long _every = 1;
    double _min = double.PositiveInfinity;
    double _max = double.NegativeInfinity;

    /// <summary>Ignores a value that is no number.</summary>
    public void Add(double value)
    {
        if (!double.IsFinite(value)) return;
        (_min, _max) = (Math.Min(_min, value), Math.Max(_max, value));
        if (_count++ % _every != 0) return;
        if (_sample.Count == MaxSample)
        {
            for (var i = 0; i < MaxSample / 2; i++) _sample[i] = _sample[2 * i];
            _sample.RemoveRange(MaxSample / 2, MaxSample / 2);
            _every *= 2;
        }

        _sample.Add(value);
    }

    /// <summary>Null without a reading.</summary>
    public Spread? Result()
    {
        if (_sample.Count == 0) return null;
        double[] sorted = [.. _sample];
        Array.Sort(sorted);
        return new Spread(_min, At(0.05), At(0.5), At(0.95), _max);

        double At(double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }
}
