namespace Telemetry.Core.Forecasts;

/// <summary>Values that stand at a whole second of a drive. The sampler reuses one row: it is valid until the next.</summary>
public sealed class DriveRow
{
    readonly double[] _values = new double[ForecastInputs.Count];
    readonly double[] _times = new double[ForecastInputs.Count];

    /// <summary>Row without any value.</summary>
    public DriveRow()
    {
        Array.Fill(_values, double.NaN);
        Array.Fill(_times, double.NegativeInfinity);
    }

    /// <summary>Seconds since the drive's first reading.</summary>
    public double Seconds { get; internal set; }

    /// <summary>Seconds since the row before; more than one after a silence.</summary>
    public double Step { get; internal set; }

    /// <summary>Value of an input; NaN if there is none that still stands.</summary>
    public double this[ForecastInput input] =>
        Seconds - _times[(int)input] <= ForecastInputs.MaxAge(input) ? _values[(int)input] : double.NaN;

    /// <summary>Time of an input's last reading, in seconds since the drive's first.</summary>
    public double TimeOf(ForecastInput input) => _times[(int)input];

    /// <summary>Puts a value in the place of an input's last one.</summary>
    public void Set(ForecastInput input, double value, double seconds) => (_values[(int)input], _times[(int)input]) = (value, seconds);

    /// <summary>Replaces the value of an input, as of the same reading.</summary>
    public void Replace(ForecastInput input, double value) => _values[(int)input] = value;
}
