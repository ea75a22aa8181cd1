namespace Telemetry.Core.Forecasts;

/// <summary>Model of the voltage that a vehicle's alternator keeps: additive hat functions of six conditions.</summary>
/// <remarks>Generalized additive model with linear splines: T. Hastie, R. Tibshirani, Statistical Science 1 (1986).</remarks>
sealed class ChargeVoltage
{
    const int Hats = 8;

    /// <summary>Number of coefficients.</summary>
    public const int Size = 6 * Hats;

    /// <summary>Names of the naive rivals.</summary>
    public static readonly string[] Rivals = ["own mean", "last drive"];

    const int MaxDrives = 60;
    const int MinLearnedDrives = 3;
    const double Penalty = 30;
    const double Fading = 0.99;
    const double MinShortfall = 0.2;
    const double ShortfallFactor = 1.1;

    // Half a volt less is a weak alternator, whatever healthy drives did: a false alarm in one drive is no notice yet.
    const double MaxLimit = 0.4;
    const double AirMargin = 5;

    // Knots of each condition, equally far apart: air, coolant, rpm, load, speed, logarithm of the seconds since the start.
    static readonly (double First, double Last)[] Knots = [(-15, 55), (0, 105), (600, 4100), (0, 100), (0, 140), (3.4, 8.3)];

    readonly RidgeSums _sums = new(Size);
    readonly List<double> _shortfalls = [];
    readonly LearnedRange _air = new();
    double[]? _weights;
    double _volts;
    double _seconds;
    double _last = double.NaN;

    public ScoreSheet Sheet { get; } = new(Rivals.Length);

    public int Drives { get; private set; }

    /// <summary>Mean voltage of all drives; NaN before the first.</summary>
    public double Mean => _seconds > 0 ? _volts / _seconds : double.NaN;

    /// <summary>Mean voltage of the last drive; NaN before the first.</summary>
    public double Last => _last;

    /// <summary>Drives that are still needed until there is a limit.</summary>
    public int MissingDrives => Math.Max(MinLearnedDrives - _shortfalls.Count, 0);

    /// <summary>Volts below the expectation from which the alternator is not healthy; null while not enough drives are known.</summary>
    public double? MaxShortfall => _shortfalls.Count < MinLearnedDrives ? null : Math.Clamp(ShortfallFactor * _shortfalls.Max(), MinShortfall, MaxLimit);

    /// <summary>True if drives at such a temperature outside have been learned.</summary>
    public bool Knows(double air) => _air.Contains(air, AirMargin);

    /// <summary>Inputs of the regression; false if a condition is not known, or not of the same second.</summary>
    public static bool Describe(DriveRow row, DriveState drive, Span<double> inputs)
    {
        inputs.Clear();
        var at = row.TimeOf(ForecastInput.Voltage);
        if (!(drive.RunSeconds >= DriveState.MinRunSeconds) || row.Seconds - at > 1) return false;
        ReadOnlySpan<ForecastInput> combined = [ForecastInput.Coolant, ForecastInput.Rpm, ForecastInput.Load, ForecastInput.Speed];
        foreach (var input in combined)
            if (Math.Abs(row.TimeOf(input) - at) > 1) return false;
        if (double.IsNaN(drive.Air) || row[ForecastInput.Rpm] < 400) return false;
        Hat(inputs, 0, drive.Air);
        Hat(inputs, 1, row[ForecastInput.Coolant]);
        Hat(inputs, 2, row[ForecastInput.Rpm]);
        Hat(inputs, 3, row[ForecastInput.Load]);
        Hat(inputs, 4, row[ForecastInput.Speed]);
        Hat(inputs, 5, Math.Log(drive.RunSeconds));
        return true;
    }

    /// <summary>Voltage expected; NaN before the first drive.</summary>
    public double Expect(ReadOnlySpan<double> inputs)
    {
        if (Drives == 0) return double.NaN;
        _weights ??= Solve();
        var sum = Mean;
        for (var i = 0; i < Size; i++)
            if (inputs[i] != 0) sum += _weights[i] * inputs[i];
        return sum;
    }

    /// <summary>Learns a drive.</summary>
    /// <param name="sums">Samples, less <see cref="BaseVolts"/>: that keeps the sums small.</param>
    /// <param name="volts">Sum of the voltages.</param>
    /// <param name="seconds">Number of samples.</param>
    /// <param name="shortfall">Largest mean shortfall; NaN if there was no expectation.</param>
    /// <param name="air">Temperature outside.</param>
    public void Learn(RidgeSums sums, double volts, double seconds, double shortfall, double air)
    {
        _air.Add(air);
        _sums.Decay(Fading);
        _sums.Add(sums);
        (_volts, _seconds, _last) = (_volts * Fading + volts, _seconds * Fading + seconds, volts / seconds);
        Drives = Math.Min(Drives + 1, 1_000_000);
        if (Drives > MinLearnedDrives && !double.IsNaN(shortfall) && _shortfalls.Count < MaxDrives) _shortfalls.Add(Math.Max(shortfall, 0));
    }

    static void Hat(Span<double> inputs, int condition, double value)
    {
        var (first, last) = Knots[condition];
        var place = Math.Clamp((value - first) / (last - first), 0, 1) * (Hats - 1);
        var knot = Math.Min((int)place, Hats - 2);
        inputs[condition * Hats + knot] = 1 - (place - knot);
        inputs[condition * Hats + knot + 1] = place - knot;
    }

    // All six conditions have one hat function or two at a time, whose weights add up to one: a sixth of the mean is the prior of each.
    double[] Solve()
    {
        Span<double> penalties = stackalloc double[Size];
        penalties.Fill(Penalty);
        Span<double> prior = stackalloc double[Size];
        prior.Fill((Mean - BaseVolts) / 6);
        var weights = _sums.Solve(penalties, prior);
        var offset = (Mean - BaseVolts) / 6;
        for (var i = 0; i < Size; i++) weights[i] -= offset;
        return weights;
    }

    /// <summary>Voltage that samples are counted from.</summary>
    public const double BaseVolts = 14;

    public void Write(StateWriter writer)
    {
        writer.Int(Drives);
        _sums.Write(writer);
        writer.Halves(_shortfalls);
        writer.Single(_volts);
        writer.Single(_seconds);
        writer.Single(_last);
        _air.Write(writer);
        Sheet.Write(writer);
    }

    public void Read(ref StateReader reader)
    {
        Drives = reader.Int();
        _sums.Read(ref reader);
        reader.Halves(_shortfalls);
        (_volts, _seconds, _last) = (reader.Single(), reader.Single(), reader.Single());
        _air.Read(ref reader);
        Sheet.Read(ref reader);
    }
}
