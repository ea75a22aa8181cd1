namespace Telemetry.Core.Logs;

/// <summary>Fields of one line of a file (RFC 4180), with any separator; spaces around a field are removed. Reused for the next line.</summary>
public sealed class CsvRow
{
    /// <summary>Separators of fields, the likeliest first.</summary>
    public const string Separators = ",;\t|";

    // Longest text in brackets.
    const int MaxBracket = 64;

    readonly List<(int Start, int Length, string? Unescaped)> _fields = [];
    string _line = "";

    /// <summary>Number of fields, without empty ones at the end of the line.</summary>
    public int Count { get; private set; }

    /// <summary>A field; empty behind the last one.</summary>
    public ReadOnlySpan<char> this[int index]
    {
        get
        {
            if (index >= _fields.Count) return default;
            var (start, length, unescaped) = _fields[index];
            return unescaped ?? _line.AsSpan(start, length);
        }
    }

    /// <summary>Splits a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="separator">Separator of fields.</param>
    /// <param name="isHeader">True if a separator in brackets belongs to the name: Catalyst (Bank 1,Sensor 1).</param>
    /// <returns>False if a quote is not closed; <see cref="Count"/> is then the number of the field.</returns>
    public bool TrySplit(string line, char separator, bool isHeader = false)
    {
        _line = line;
        _fields.Clear();
        for (var i = 0; i <= line.Length;)
        {
            while (i < line.Length && line[i] == ' ') i++;
            if (i < line.Length && line[i] == '"')
            {
                if (!TryQuoted(ref i, separator)) return false;
            }
            else
            {
                var end = line.IndexOf(separator, i);
                while (isHeader && end > 0 && IsInBrackets(line, end)) end = line.IndexOf(separator, end + 1);
                if (end < 0) end = line.Length;
                _fields.Add((i, line.AsSpan(i, end - i).TrimEnd().Length, null));
                i = end + 1;
            }
        }

        Count = _fields.Count;
        while (Count > 0 && this[Count - 1].IsEmpty) Count--;
        return true;
    }

    /// <summary>The separator of a header: the one that is there most often, outside of quotes and brackets.</summary>
    public static char SeparatorOf(string header)
    {
        Span<int> counts = stackalloc int[Separators.Length];
        var isQuoted = false;
        for (var i = 0; i < header.Length; i++)
        {
            if (header[i] == '"') isQuoted = !isQuoted;
            else if (!isQuoted && Separators.IndexOf(header[i]) is >= 0 and var index && !IsInBrackets(header, i)) counts[index]++;
        }

        var best = 0;
        for (var i = 1; i < counts.Length; i++)
            if (counts[i] > counts[best]) best = i;
        return Separators[best];
    }

    // A bracket that is never closed, as in GPS Bearing(°, holds nothing.
    static bool IsInBrackets(string line, int index)
    {
        var before = line.AsSpan(Math.Max(0, index - MaxBracket), Math.Min(MaxBracket, index));
        var behind = line.AsSpan(index, Math.Min(MaxBracket, line.Length - index));
        var (open, close) = (before.LastIndexOfAny('(', '['), before.LastIndexOfAny(')', ']'));
        return open > close && behind.IndexOfAny(')', ']') is >= 0 and var end && behind.IndexOfAny('(', '[') is var next && (next < 0 || next > end);
    }

    // A quoted field, which ends at the first single quote. Text between that and the separator is left out.
    bool TryQuoted(ref int i, char separator)
    {
        var start = ++i;
        var hasEscapes = false;
        for (; ; i++)
        {
            if (i >= _line.Length)
            {
                Count = _fields.Count + 1;
                return false;
            }

            if (_line[i] != '"') continue;
            if (i + 1 >= _line.Length || _line[i + 1] != '"') break;
            hasEscapes = true;
            i++;
        }

        var field = _line.AsSpan(start, i - start);
        var trimmed = field.Trim();
        _fields.Add((start + (field.Length - field.TrimStart().Length), trimmed.Length, hasEscapes ? trimmed.ToString().Replace("\"\"", "\"") : null));
        var end = _line.IndexOf(separator, i);
        i = (end < 0 ? _line.Length : end) + 1;
        return true;
    }
}
