namespace Telemetry.Core.Forecasts;

/// <summary>Seconds that a vehicle's coolant takes for each degree of a warm-up.</summary>
sealed class DwellTable
{
    const int MinDegrees = -30;
    const int BinDegrees = 2;
    const int Bins = 55;

    // Warm-ups that the prior counts for.
    const double PriorDrives = 1;
    const double Fading = 0.98;

    // A longer dwell is a stop, of which the next warm-up knows nothing.
    const double MaxFactor = 3;

    readonly double[] _seconds = new double[Bins];
    readonly double[] _drives = new double[Bins];

    /// <summary>Mean seconds from one temperature to another.</summary>
    public double Seconds(double from, double to)
    {
        var sum = 0.0;
        for (var bin = BinOf(from); bin < Bins && LowerOf(bin) < to; bin++)
        {
            var lower = Math.Max(from, LowerOf(bin));
            var upper = Math.Min(to, LowerOf(bin + 1));
            if (upper > lower) sum += (upper - lower) * PerDegree(bin);
        }

        return sum;
    }

    /// <summary>Makes earlier warm-ups count less.</summary>
    public void Decay()
    {
        for (var bin = 0; bin < Bins; bin++) (_seconds[bin], _drives[bin]) = (_seconds[bin] * Fading, _drives[bin] * Fading);
    }

    /// <summary>Adds the time that a warm-up took from one bin's lower limit to the next.</summary>
    public void Add(int bin, double seconds)
    {
        _seconds[bin] += Math.Min(seconds, MaxFactor * BinDegrees * PerDegree(bin));
        _drives[bin]++;
    }

    /// <summary>Bin of a temperature.</summary>
    public static int BinOf(double degrees) => Math.Clamp((int)Math.Floor((degrees - MinDegrees) / BinDegrees), 0, Bins - 1);

    /// <summary>Lowest temperature of a bin.</summary>
    public static double LowerOf(int bin) => MinDegrees + bin * BinDegrees;

    double PerDegree(int bin) =>
        (_seconds[bin] + PriorDrives * BinDegrees * ForecastPriors.SecondsPerDegree(LowerOf(bin))) / ((_drives[bin] + PriorDrives) * BinDegrees);

    public void Write(StateWriter writer)
    {
        writer.Singles(_seconds);
        writer.Singles(_drives);
    }

    public void Read(ref StateReader reader)
    {
        reader.Singles(_seconds);
        reader.Singles(_drives);
    }
}
