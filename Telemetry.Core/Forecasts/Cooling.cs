namespace Telemetry.Core.Forecasts;

/// <summary>Model of a vehicle's cooling: its heat balance, and how far healthy drives were from it.</summary>
sealed class Cooling
{
    /// <summary>Number of healthy drives that set the limits; then they are frozen, or a slow fault would become the rule.</summary>
    const int MaxDrives = 60;

    // Errors of the first drives are those of a model that has not learned.
    const int MinLearnedDrives = 5;

    // A drive is excluded as unhealthy only once so many have set the limits.
    const int MinLimitDrives = 10;
    const double MinShortfall = 8;
    const double ShortfallFactor = 1.1;
    const double UnlearnedShortfall = 15;
    const double PeakMargin = 3;
    const double AirMargin = 3;

    // Once drives with the cabin's heater are known, colder ones are more of the same.
    const double HeaterDegrees = 10;
    const double HeaterAirMargin = 6;

    // A drive beyond its limit by this factor is not learned: below it, the limit may be wrong.
    const double UnhealthyFactor = 1.25;
    const double Fading = 0.99;

    /// <summary>Names of the naive rivals.</summary>
    public static readonly string[] Rivals = ["own warm temperature", "temperature at the start"];

    readonly List<double> _shortfalls = [];
    readonly List<double> _peaks = [];
    readonly LearnedRange _air = new();

    public HeatBalance Heat { get; } = new();

    /// <summary>Number of drives learned.</summary>
    public int Drives { get; private set; }

    public ScoreSheet Sheet { get; } = new(Rivals.Length);

    /// <summary>Drives that are still needed until the limits are the vehicle's own.</summary>
    public int MissingDrives => Math.Max(MinLimitDrives - _shortfalls.Count, 0);

    /// <summary>Mean of the temperatures that healthy drives reached; NaN before the first.</summary>
    public double WarmDegrees => _peaks.Count == 0 ? double.NaN : _peaks.Average();

    /// <summary>True once the limits are the vehicle's own.</summary>
    public bool IsLearned => _shortfalls.Count >= MinLimitDrives;

    /// <summary>Degrees below the expected temperature from which the cooling is not healthy.</summary>
    public double MaxShortfall => IsLearned
        ? Math.Max(MinShortfall, ShortfallFactor * _shortfalls.Max())
        : Math.Max(UnlearnedShortfall, ShortfallFactor * _shortfalls.DefaultIfEmpty().Max());

    /// <summary>Temperature from which the engine overheats, by its own healthy drives; null while too few are known.</summary>
    public double? MaxCoolant => _peaks.Count < MinLearnedDrives ? null : _peaks.Max() + PeakMargin;

    /// <summary>True if a drive is to be learned: not if its sensor jumps, nor if it is far beyond the limits once they are the vehicle's own.</summary>
    public bool IsHealthy(double shortfall, double peak, bool hasJumped) =>
        !hasJumped && !(IsLearned && (peak > MaxCoolant || shortfall > UnhealthyFactor * MaxShortfall));

    /// <summary>True if drives at such a temperature outside have been learned, or none at all.</summary>
    public bool Knows(double air) => Drives == 0 || _air.Contains(air, _air.Low <= HeaterDegrees && air < _air.Low ? HeaterAirMargin : AirMargin);

    /// <summary>Learns a healthy drive.</summary>
    public void Learn(RidgeSums windows, double shortfall, double peak, double air)
    {
        Heat.Sums.Decay(Fading);
        Heat.Sums.Add(windows);
        Drives = Math.Min(Drives + 1, 1_000_000);
        if (Drives > MinLearnedDrives && !double.IsNaN(shortfall) && _shortfalls.Count < MaxDrives) _shortfalls.Add(Math.Max(shortfall, 0));
        if (!double.IsNaN(peak) && _peaks.Count < MaxDrives) _peaks.Add(peak);
        _air.Add(air);
    }

    public void Write(StateWriter writer)
    {
        writer.Int(Drives);
        Heat.Sums.Write(writer);
        writer.Halves(_shortfalls);
        writer.Halves(_peaks);
        _air.Write(writer);
        Sheet.Write(writer);
    }

    public void Read(ref StateReader reader)
    {
        Drives = reader.Int();
        Heat.Sums.Read(ref reader);
        reader.Halves(_shortfalls);
        reader.Halves(_peaks);
        _air.Read(ref reader);
        Sheet.Read(ref reader);
    }
}
