namespace Telemetry.Core.Forecasts;

/// <summary>Band around a forecast from its own past errors (split conformal prediction).</summary>
/// <remarks>
/// V. Vovk, A. Gammerman, G. Shafer: Algorithmic Learning in a Random World (2005); J. Lei et al., Distribution-Free Predictive Inference for
/// Regression, JASA 113 (2018). With fading, for errors that change with the season: R. F. Barber et al., Conformal Prediction Beyond
/// Exchangeability, Annals of Statistics 51 (2023).
/// </remarks>
/// <param name="fading">Weight of an error beside the one after it; one: all count alike.</param>
sealed class ErrorBand(double fading = 1)
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
        var errors = _errors.ToArray();
        var weights = new double[errors.Length];
        var total = 1.0; // The error to come weighs as the newest.
        for (var i = 0; i < weights.Length; i++) total += weights[i] = Math.Pow(fading, weights.Length - 1 - i);
        Array.Sort(errors, weights);
        var below = 0.0;
        for (var i = 0; i < errors.Length; i++)
        {
            below += weights[i];
            if (below >= share * total) return errors[i];
        }

        return null;
    }

    public void Write(StateWriter writer) => writer.Halves(_errors);

    public void Read(ref StateReader reader) => reader.Halves(_errors);
}
