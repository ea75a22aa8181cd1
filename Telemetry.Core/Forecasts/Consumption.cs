namespace Telemetry.Core.Forecasts;

/// <summary>Model of what a vehicle uses: percent of its charge or fuel for each kilometre, more in the cold.</summary>
/// <remarks>The share that cold adds is drawn towards that of other electric cars: 41 % less range at -7 °C (AAA, Electric Vehicle Range Testing, 2019).</remarks>
sealed class Consumption
{
    /// <summary>Temperature below which a car uses more, °C.</summary>
    const double MildDegrees = 18;

    /// <summary>Shortest drive that is learned, km.</summary>
    public const double MinKilometres = 2;

    const double PriorKilometres = 10;
    const double ColdShare = 0.28;
    const double DriveKilometres = 20;
    const double Fading = 0.98;

    /// <summary>Share of truths that the band shall cover.</summary>
    public const double BandShare = 0.9;

    /// <summary>Names of the naive rivals.</summary>
    public static readonly string[] Rivals = ["own mean", "this drive", "last drive"];

    readonly RidgeSums _sums = new(2);
    readonly ErrorBand _band = new();
    double[]? _weights;
    double _percent;
    double _kilometres;
    double _last = double.NaN;

    public ScoreSheet Sheet { get; } = new(Rivals.Length);

    /// <summary>Drives that were learned.</summary>
    public int Drives { get; private set; }

    /// <summary>Percent a kilometre over all drives; NaN before the first.</summary>
    public double Mean => _kilometres > 0 ? _percent / _kilometres : double.NaN;

    /// <summary>Percent a kilometre of the last drive; NaN before the first.</summary>
    public double Last => _last;

    /// <summary>Percent a kilometre at a temperature, before the drive; NaN before the first drive.</summary>
    public double Before(double air)
    {
        if (Drives == 0) return double.NaN;
        var mean = Mean;
        _weights ??= _sums.Solve([1, PriorKilometres], [mean, ColdShare * mean]);
        return Math.Max(_weights[0] + _weights[1] * Cold(air), mean / 4);
    }

    /// <summary>Percent a kilometre, with the drive so far.</summary>
    public double During(double air, double percent, double kilometres)
    {
        var before = Before(air);
        if (double.IsNaN(before)) return kilometres >= MinKilometres && percent > 0 ? percent / kilometres : double.NaN;
        return Math.Max((before * DriveKilometres + percent) / (DriveKilometres + kilometres), before / 4);
    }

    /// <summary>Relative half width of the band.</summary>
    public double BandWidth => _band.HalfWidth(BandShare) ?? 0.35;

    /// <summary>Scores forecasts of kilometres once they have been driven.</summary>
    public void Score(double forecast, ReadOnlySpan<double> rivals, double truth)
    {
        Span<double> errors = stackalloc double[Rivals.Length];
        for (var i = 0; i < errors.Length; i++) errors[i] = Math.Abs(rivals[i] - truth);
        var error = Math.Log(truth / forecast);
        Sheet.Add(Math.Abs(forecast - truth), errors, Math.Abs(error) <= BandWidth);
        _band.Add(error);
    }

    /// <summary>Learns a drive.</summary>
    public void Learn(double air, double percent, double kilometres)
    {
        _sums.Decay(Fading);
        (_percent, _kilometres) = (_percent * Fading + percent, _kilometres * Fading + kilometres);
        _sums.Add([1, Cold(air)], percent / kilometres, kilometres);
        _last = percent / kilometres;
        Drives = Math.Min(Drives + 1, 1_000_000);
    }

    static double Cold(double air) => double.IsNaN(air) ? 0 : Math.Max(0, MildDegrees - air) / 10;

    public void Write(StateWriter writer)
    {
        writer.Int(Drives);
        _sums.Write(writer);
        _band.Write(writer);
        writer.Single(_percent);
        writer.Single(_kilometres);
        writer.Single(_last);
        Sheet.Write(writer);
    }

    public void Read(ref StateReader reader)
    {
        Drives = reader.Int();
        _sums.Read(ref reader);
        _band.Read(ref reader);
        (_percent, _kilometres, _last) = (reader.Single(), reader.Single(), reader.Single());
        Sheet.Read(ref reader);
    }
}
