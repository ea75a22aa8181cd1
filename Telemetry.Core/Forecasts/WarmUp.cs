namespace Telemetry.Core.Forecasts;

/// <summary>Model of a vehicle's warm-ups: the time until its engine is warm.</summary>
sealed class WarmUp
{
    /// <summary>Coolant temperature of a warm engine, °C.</summary>
    public const double WarmDegrees = 80;

    /// <summary>Highest coolant at the start of a warm-up: from above, there is nothing to forecast.</summary>
    public const double MaxStartDegrees = 60;

    /// <summary>Share of truths that the band shall cover.</summary>
    public const double BandShare = 0.8;

    /// <summary>Names of the naive rivals.</summary>
    public static readonly string[] Rivals = ["own mean", "mean per degree", "linear", "last warm-up"];

    public const int Experts = 5;

    // Minutes. A straight line from a start that has hardly begun is not to be trusted.
    static readonly double[] ExpertPriors = [1, 1, 1, 1, 2];

    const int Features = 7;

    // Seconds of the table that the drive so far is drawn with.
    const double RatioSeconds = 100;

    // Weight of the ridge's prior, in samples, and of a sample: those of one drive say much the same.
    const double PriorWeight = 4;
    const double SampleWeight = 0.25;
    const int MaxTotals = 64;
    const double AirMargin = 10;

    // Of a drive's forecasts, the one that is kept beside its truth.
    const double KeptAt = 120;
    static readonly double[] BinEnds = [90, 150, 210, 360, double.PositiveInfinity];

    readonly DwellTable _table = new();
    readonly RidgeSums _ridge = new(Features);
    readonly ExpertMix[] _mixes = [.. BinEnds.Select(_ => new ExpertMix(ExpertPriors))];
    readonly List<double> _totals = [];
    readonly ErrorBand _band = new();
    readonly LearnedRange _air = new();
    double[]? _weights;
    double _seconds;
    double _degrees;

    public ScoreSheet Sheet { get; } = new(Rivals.Length);

    /// <summary>Number of warm-ups that are kept.</summary>
    public int Warmups => _totals.Count;

    /// <summary>True if warm-ups at such a temperature outside have been learned, or none at all, or the temperature is not known.</summary>
    public bool Knows(double air) => Warmups == 0 || double.IsNaN(air) || _air.Contains(air, AirMargin);

    /// <summary>Forecast of the minutes until the engine is warm, with all that it is made of.</summary>
    public WarmUpForecast Forecast(double coolant, DriveState drive)
    {
        var result = new WarmUpForecast { RunSeconds = drive.RunSeconds, Expected = _table.Seconds(coolant, WarmDegrees) };
        var ratio = RatioOf(coolant, drive);
        Describe(result, coolant, drive, ratio);
        var mean = MeanRemaining(drive.RunSeconds);
        var expected = result.Expected / 60;
        var linear = coolant - drive.StartCoolant >= 1 ? (WarmDegrees - coolant) * drive.RunSeconds / (coolant - drive.StartCoolant) / 60 : mean;
        double[] experts = [expected, expected * Math.Exp(Correction(result.Features)), expected * ratio, mean, drive.RunSeconds < BinEnds[0] ? double.NaN : linear];
        experts.CopyTo(result.Experts.AsSpan());
        double[] rivals =
        [
            mean,
            _degrees > 0 ? (WarmDegrees - coolant) * _seconds / _degrees / 60 : double.NaN,
            linear,
            _totals.Count > 0 ? Math.Max(_totals[^1] - drive.RunSeconds / 60, 0) : double.NaN,
        ];
        rivals.CopyTo(result.Rivals.AsSpan());
        result.Minutes = _mixes[BinOf(drive.RunSeconds)].Combine(experts);
        var width = Math.Exp(_band.HalfWidth(BandShare) ?? 0.6);
        (result.Low, result.High) = (result.Minutes / width, result.Minutes * width);
        return result;
    }

    /// <summary>Scores forecasts of a warm-up once the engine is warm.</summary>
    public void Score(WarmUpForecast forecast, double minutes)
    {
        _mixes[BinOf(forecast.RunSeconds)].Score(forecast.Experts, minutes, 1);
        if (!forecast.IsComparable) return;
        _band.Add(Math.Log(minutes / forecast.Minutes));
        Span<double> errors = stackalloc double[Rivals.Length];
        for (var i = 0; i < errors.Length; i++) errors[i] = Math.Abs(forecast.Rivals[i] - minutes);
        if (forecast.RunSeconds == KeptAt) Sheet.Keep(forecast.Minutes, minutes);
        Sheet.Add(Math.Abs(forecast.Minutes - minutes), errors, minutes >= forecast.Low && minutes <= forecast.High);
    }

    /// <summary>Learns what a forecast would have had to say.</summary>
    public void Learn(WarmUpForecast forecast, double minutes) =>
        _ridge.Add(forecast.Features, Math.Clamp(Math.Log(minutes * 60 / forecast.Expected), -1.5, 1.5), SampleWeight);

    /// <summary>Adds a warm-up.</summary>
    public void Learn(double startCoolant, double minutes, double air)
    {
        _air.Add(air);
        if (_totals.Count == MaxTotals) _totals.RemoveAt(0);
        _totals.Add(minutes);
        _seconds += minutes * 60;
        _degrees += WarmDegrees - startCoolant;
    }

    /// <summary>Adds the dwell times of a warm-up, by bins of the table.</summary>
    public void Learn(IEnumerable<(int Bin, double Seconds)> dwells)
    {
        _table.Decay();
        foreach (var (bin, seconds) in dwells) _table.Add(bin, seconds);
    }

    // The drive so far against the table, drawn towards one.
    double RatioOf(double coolant, DriveState drive)
    {
        var expected = _table.Seconds(drive.StartCoolant, coolant);
        return (drive.RunSeconds + RatioSeconds) / (expected + RatioSeconds);
    }

    static void Describe(WarmUpForecast forecast, double coolant, DriveState drive, double ratio)
    {
        var x = forecast.Features.AsSpan();
        x[0] = 1;
        x[1] = Math.Log(ratio);
        x[2] = Known((drive.Air - 15) / 20);
        x[3] = (coolant - 45) / 30;
        x[4] = Known((drive.MeanFlow - 15) / 15);
        x[5] = Known((drive.MeanSpeed - 40) / 40);
        x[6] = Math.Min(drive.RunSeconds / 300, 2) - 0.5;
    }

    static double Known(double value) => double.IsNaN(value) ? 0 : Math.Clamp(value, -2, 2);

    double Correction(ReadOnlySpan<double> features)
    {
        _weights ??= Solve();
        var sum = 0.0;
        for (var i = 0; i < features.Length; i++) sum += _weights[i] * features[i];
        return Math.Clamp(sum, -1, 1);
    }

    // Without any history, half of what the drive so far is slower or faster than the table.
    double[] Solve()
    {
        Span<double> penalties = stackalloc double[Features];
        penalties.Fill(PriorWeight);
        return _ridge.Solve(penalties, [0, 0.5, 0, 0, 0, 0, 0]);
    }

    double MeanRemaining(double runSeconds)
    {
        double sum = 0, count = 0;
        foreach (var total in _totals)
        {
            if (total <= runSeconds / 60) continue;
            sum += total - runSeconds / 60;
            count++;
        }

        return count > 0 ? sum / count : double.NaN;
    }

    static int BinOf(double runSeconds) => Array.FindIndex(BinEnds, end => runSeconds < end);

    public void Write(StateWriter writer)
    {
        _table.Write(writer);
        _ridge.Write(writer);
        foreach (var mix in _mixes) mix.Write(writer);
        writer.Halves(_totals);
        _band.Write(writer);
        writer.Single(_seconds);
        writer.Single(_degrees);
        _air.Write(writer);
        Sheet.Write(writer);
    }

    public void Read(ref StateReader reader)
    {
        _table.Read(ref reader);
        _ridge.Read(ref reader);
        foreach (var mix in _mixes) mix.Read(ref reader);
        reader.Halves(_totals);
        _band.Read(ref reader);
        (_seconds, _degrees) = (reader.Single(), reader.Single());
        _air.Read(ref reader);
        Sheet.Read(ref reader);
    }
}

/// <summary>Forecast of a warm-up, with all that is needed to score it and to learn from it.</summary>
sealed class WarmUpForecast
{
    public double RunSeconds { get; init; }

    public double Expected { get; init; }

    public double Minutes { get; set; }

    public double Low { get; set; }

    public double High { get; set; }

    public double[] Features { get; } = new double[7];

    public double[] Experts { get; } = new double[WarmUp.Experts];

    public double[] Rivals { get; } = new double[WarmUp.Rivals.Length];

    /// <summary>True if every rival has a value.</summary>
    public bool IsComparable => Rivals.All(double.IsFinite);
}
