namespace Telemetry.Core.Forecasts;

/// <summary>Band around a forecast from its own past errors (split conformal prediction).</summary>
/// <remarks>V. Vovk, A. Gammerman, G. Shafer: Algorithmic Learning in a Random World (2005); J. Lei et al., Distribution-Free Predictive Inference for Regression, JASA 113 (2018).</remarks>
sealed class ErrorBand
{
    /// <summary>Number of errors that are kept.</summary>
    public const int MaxErrors = 128;

    readonly List<double> _errors = [];

    /// <summary>Number of errors known.</summary>
    public int Count => _errors.Count;

    /// <summary>Keeps an error; the oldest goes.</summary>
    public void Add(double error)
    {
        if (_errors.Count == MaxErrors) _errors.RemoveAt(0);
        _errors.Add(Math.Min(Math.Abs(error), 1000));
    }

    /// <summary>Half width of the band that covers a share of the errors; null while there are too few for it.</summary>
    public double? HalfWidth(double share)
    {
        var rank = (int)Math.Ceiling(share * (_errors.Count + 1));
        if (rank > _errors.Count) return null;
        var sorted = _errors.ToArray();
        Array.Sort(sorted);
        return sorted[rank - 1];
    }

    public void Write(StateWriter writer) => writer.Halves(_errors);

    public void Read(ref StateReader reader) => reader.Halves(_errors);
}
