namespace Telemetry.Core.Forecasts;

/// <summary>Mixture of forecasts: each counts by its own past error.</summary>
/// <param name="priors">Error that each expert is assumed to have before the first score.</param>
sealed class ExpertMix(double[] priors)
{
    // Errors of earlier drives fade: what counts is the last month or so.
    const double Fading = 0.95;

    // Weights fall with this power of the error: an expert twice as wrong counts a sixty-fourth.
    const double Sharpness = 6;

    // Scores that the prior counts for.
    const double PriorScores = 2;

    readonly double[] _errors = new double[priors.Length];
    double _count;

    /// <summary>Weighted mean of the experts' values.</summary>
    public double Combine(ReadOnlySpan<double> values)
    {
        double sum = 0, weights = 0;
        for (var i = 0; i < priors.Length; i++)
        {
            if (!double.IsFinite(values[i])) continue;
            var weight = WeightOf(i);
            sum += weight * values[i];
            weights += weight;
        }

        return weights > 0 ? sum / weights : double.NaN;
    }

    /// <summary>Scores the experts once the truth is known.</summary>
    public void Score(ReadOnlySpan<double> values, double truth, double weight)
    {
        var fading = 1 - (1 - Fading) * weight;
        for (var i = 0; i < priors.Length; i++) _errors[i] = _errors[i] * fading + weight * (double.IsFinite(values[i]) ? Math.Abs(values[i] - truth) : truth);
        _count = _count * fading + weight;
    }

    double WeightOf(int expert)
    {
        var error = (_errors[expert] + PriorScores * priors[expert]) / (_count + PriorScores);
        return 1 / Math.Pow(Math.Max(error, 0.01), Sharpness);
    }

    public void Write(StateWriter writer)
    {
        writer.Single(_count);
        writer.Singles(_errors);
    }

    public void Read(ref StateReader reader)
    {
        _count = reader.Single();
        reader.Singles(_errors);
    }
}
