namespace Telemetry.Core.Forecasts;

/// <summary>Record of a forecast beside its naive rivals.</summary>
/// <param name="rivals">Number of rivals.</param>
sealed class ScoreSheet(int rivals)
{
    /// <summary>Scores before the record says anything.</summary>
    public const int MinScores = 8;

    /// <summary>Points that are kept of it.</summary>
    public const int MaxPoints = 24;

    readonly double[] _rivals = new double[rivals];
    readonly List<double> _points = []; // Forecast and truth in turn.
    double _own;
    double _covered;
    double _banded;

    /// <summary>Number of forecasts whose truth has come.</summary>
    public int Count { get; private set; }

    /// <summary>Mean absolute error; NaN before the first score.</summary>
    public double Error => Count > 0 ? _own / Count : double.NaN;

    /// <summary>Share of truths within the band; NaN before the first.</summary>
    public double Coverage => _banded > 0 ? _covered / _banded : double.NaN;

    /// <summary>Mean absolute error of a rival.</summary>
    public double ErrorOf(int rival) => Count > 0 ? _rivals[rival] / Count : double.NaN;

    /// <summary>Rival with the smallest error.</summary>
    public int BestRival
    {
        get
        {
            var best = 0;
            for (var i = 1; i < _rivals.Length; i++)
                if (_rivals[i] < _rivals[best]) best = i;
            return best;
        }
    }

    /// <summary>Word for the record: <c>learning</c> until there are enough scores, <c>naive</c> while a rival is better, else <c>ok</c>.</summary>
    public string State => Count < MinScores ? "learning" : IsNaive ? "naive" : "ok";

    /// <summary>True if a rival is no worse.</summary>
    public bool IsNaive => _own >= _rivals[BestRival];

    /// <summary>Adds a score.</summary>
    /// <param name="own">Absolute error of the forecast.</param>
    /// <param name="errors">Absolute errors of the rivals.</param>
    /// <param name="isCovered">True if the truth was within the band; null if there was no band.</param>
    public void Add(double own, ReadOnlySpan<double> errors, bool? isCovered)
    {
        Count++;
        _own += own;
        for (var i = 0; i < _rivals.Length; i++) _rivals[i] += errors[i];
        if (isCovered is not { } covered) return;
        _banded++;
        if (covered) _covered++;
    }

    /// <summary>Forecasts and their truths, one of each of the last drives.</summary>
    public IReadOnlyList<ScoredPoint> Points => [.. Enumerable.Range(0, _points.Count / 2).Select(i => new ScoredPoint(_points[2 * i], _points[2 * i + 1]))];

    /// <summary>Keeps a forecast and its truth; the oldest go.</summary>
    public void Keep(double forecast, double truth)
    {
        if (_points.Count == 2 * MaxPoints) _points.RemoveRange(0, 2);
        _points.AddRange([forecast, truth]);
    }

    public void Write(StateWriter writer)
    {
        writer.Halves(_points);
        writer.Int(Count);
        writer.Single(_own);
        writer.Single(_covered);
        writer.Single(_banded);
        writer.Singles(_rivals);
    }

    public void Read(ref StateReader reader)
    {
        reader.Halves(_points);
        Count = reader.Int();
        (_own, _covered, _banded) = (reader.Single(), reader.Single(), reader.Single());
        reader.Singles(_rivals);
    }
}

/// <summary>A forecast whose truth has come.</summary>
/// <param name="Forecast">Value that was forecast.</param>
/// <param name="Truth">Value that came.</param>
public readonly record struct ScoredPoint(double Forecast, double Truth);

/// <summary>Forecasts and their truths, one of each of the last drives of a vehicle.</summary>
/// <param name="Name">Name of the forecast.</param>
/// <param name="Unit">Unit of the values.</param>
/// <param name="Points">The oldest first.</param>
public sealed record ScoredPoints(string Name, string Unit, IReadOnlyList<ScoredPoint> Points);
