namespace Telemetry.Core.Logs;

/// <summary>Values of a file that are not taken.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Line">First line with such a value.</param>
/// <param name="Column">Name of its column; null: the whole line.</param>
public sealed record LeftOut(string Reason, long Line, string? Column)
{
    /// <summary>Number of values, or of lines.</summary>
    public long Count { get; internal set; }
}

/// <summary>Counts of what is left out of a file, by reason and column.</summary>
public sealed class LeftOuts
{
    // Bounds memory against files that make up columns.
    const int MaxEntries = 1000;

    readonly Dictionary<(string Reason, string? Column), LeftOut> _byReason = [];

    /// <summary>All of them, by their first line.</summary>
    public IReadOnlyList<LeftOut> All => [.. _byReason.Values.OrderBy(entry => entry.Line)];

    /// <summary>Counts one.</summary>
    public void Count(string reason, long line, string? column)
    {
        if (!_byReason.TryGetValue((reason, column), out var entry))
        {
            if (_byReason.Count >= MaxEntries) return;
            _byReason[(reason, column)] = entry = new LeftOut(reason, line, column);
        }

        entry.Count++;
    }
}
