namespace Telemetry.Core.Forecasts;

/// <summary>Linear regression kept as the sums of its normal equations: nothing else of the past is needed.</summary>
/// <remarks>Sums are added in the order of the samples, so that the same history gives the same bits. A. E. Hoerl, R. W. Kennard: Ridge Regression, Technometrics 12 (1970).</remarks>
/// <param name="size">Number of inputs.</param>
sealed class RidgeSums(int size)
{
    readonly double[] _products = new double[size * (size + 1) / 2];
    readonly double[] _targets = new double[size];

    /// <summary>Number of inputs.</summary>
    public int Size { get; } = size;

    /// <summary>Sum of the weights of all samples.</summary>
    public double Weight { get; private set; }

    /// <summary>Sum of the targets, each times an input; of the first input, which is one, that of the targets.</summary>
    public double TargetOf(int input) => _targets[input];

    /// <summary>Adds a sample.</summary>
    public void Add(ReadOnlySpan<double> inputs, double target, double weight = 1)
    {
        for (var i = 0; i < Size; i++)
        {
            if (inputs[i] == 0) continue;
            var weighted = inputs[i] * weight;
            var row = i * (i + 1) / 2;
            for (var j = 0; j <= i; j++) _products[row + j] += weighted * inputs[j];
            _targets[i] += weighted * target;
        }

        Weight += weight;
    }

    /// <summary>Adds the samples of other sums.</summary>
    public void Add(RidgeSums other)
    {
        for (var i = 0; i < _products.Length; i++) _products[i] += other._products[i];
        for (var i = 0; i < Size; i++) _targets[i] += other._targets[i];
        Weight += other.Weight;
    }

    /// <summary>Makes all samples so far count less.</summary>
    public void Decay(double factor)
    {
        for (var i = 0; i < _products.Length; i++) _products[i] *= factor;
        for (var i = 0; i < Size; i++) _targets[i] *= factor;
        Weight *= factor;
    }

    /// <summary>Coefficients of the least squares, pulled towards a prior.</summary>
    /// <param name="penalties">Weight of the prior of each coefficient; above zero.</param>
    /// <param name="prior">Coefficients without any sample.</param>
    public double[] Solve(ReadOnlySpan<double> penalties, ReadOnlySpan<double> prior)
    {
        var factor = (double[])_products.Clone();
        var result = (double[])_targets.Clone();
        for (var i = 0; i < Size; i++)
        {
            factor[i * (i + 1) / 2 + i] += penalties[i];
            result[i] += penalties[i] * prior[i];
        }

        Factorize(factor);
        Substitute(factor, result);
        return result;
    }

    // Cholesky: the lower triangle in place of the matrix.
    void Factorize(double[] factor)
    {
        for (var i = 0; i < Size; i++)
        {
            var row = i * (i + 1) / 2;
            for (var j = 0; j <= i; j++)
            {
                var other = j * (j + 1) / 2;
                var sum = factor[row + j];
                for (var k = 0; k < j; k++) sum -= factor[row + k] * factor[other + k];
                factor[row + j] = i == j ? Math.Sqrt(Math.Max(sum, 1e-12)) : sum / factor[other + j];
            }
        }
    }

    void Substitute(double[] factor, double[] result)
    {
        for (var i = 0; i < Size; i++)
        {
            var row = i * (i + 1) / 2;
            for (var k = 0; k < i; k++) result[i] -= factor[row + k] * result[k];
            result[i] /= factor[row + i];
        }

        for (var i = Size - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < Size; k++) result[i] -= factor[k * (k + 1) / 2 + i] * result[k];
            result[i] /= factor[i * (i + 1) / 2 + i];
        }
    }

    /// <summary>Writes the sums in single precision.</summary>
    public void Write(StateWriter writer)
    {
        writer.Single(Weight);
        writer.Singles(_products);
        writer.Singles(_targets);
    }

    /// <summary>Reads what <see cref="Write"/> has written.</summary>
    public void Read(ref StateReader reader)
    {
        Weight = reader.Single();
        reader.Singles(_products);
        reader.Singles(_targets);
    }
}
