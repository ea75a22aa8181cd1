using Telemetry.Core.Signals;

namespace Telemetry.Core.Logs;

/// <summary>A value of a line.</summary>
/// <param name="Column">Its column.</param>
/// <param name="Value">In the unit of the column's signal.</param>
public readonly record struct LogValue(LogColumn Column, double Value);

/// <summary>Reads the log files of phone apps, line by line: a header with any columns, then values in columns, or one value a line.</summary>
/// <remarks>A file may begin with other lines, and the header may come again with other columns, when the logger was started again.</remarks>
public sealed class LogReader
{
    /// <summary>Lines that <see cref="Begin"/> takes: enough to tell the columns apart.</summary>
    public const int SampleLines = 100;

    readonly SignalHeaders _headers;
    readonly LogClock _clock;
    readonly CsvRow _row = new();
    readonly List<LogColumn> _columns = [];
    readonly LogPreamble _preamble = new();
    LogHeader _header = null!;
    LogTimes? _times;
    LogValues _values = null!;
    long _line;
    long _headerLine;
    bool _hasUnits;

    /// <summary>A reader of one file.</summary>
    public LogReader(SignalCatalog catalog, LogOptions options)
    {
        _headers = new SignalHeaders(catalog);
        _clock = new LogClock(options);
    }

    /// <summary>Columns of values, and names of a long file, in the order of the file.</summary>
    public IReadOnlyList<LogColumn> Columns => _columns;

    /// <summary>Columns and values that were left out, with reasons.</summary>
    public LeftOuts LeftOut { get; } = new();

    /// <summary>True for a file with one value a line.</summary>
    public bool IsLong => _header.IsLong;

    /// <summary>Remarks on the times of the file.</summary>
    public IEnumerable<string> Notes
    {
        get
        {
            if (_clock.IsDateAssumed) yield return "The file has no date. The newest day on which it does not begin in the future is assumed; give the right one as start=2026-11-23.";
            if (_clock.Restarts > 0) yield return $"The seconds begin anew {_clock.Restarts} times without a start of their own. What follows is dated right behind what is before it.";
        }
    }

    /// <summary>Values of the last line.</summary>
    public List<LogValue> Values { get; } = [];

    /// <summary>Time of the last line, UTC.</summary>
    public DateTime At { get; private set; }

    /// <summary>Device name in the last line; null: the file has none.</summary>
    public string? Device { get; private set; }

    /// <summary>Finds the header.</summary>
    /// <param name="sample">The first lines, up to <see cref="SampleLines"/>. They are read again by <see cref="Read"/>.</param>
    /// <returns>Error text; null if there is one.</returns>
    public string? Begin(IReadOnlyList<string> sample)
    {
        for (var i = 0; i < sample.Count; i++)
        {
            if (_preamble.Take(sample[i], _clock)) continue;
            var header = LogHeader.Of(sample[i], _preamble.Separator) ?? (i + 1 < sample.Count ? LogHeader.Above(sample[i + 1], sample[i], _preamble.Separator) : null);
            if (header is null)
            {
                LogPreamble.TakeStart(sample[i], _clock);
                continue;
            }

            _headerLine = i + 1;
            return Use(header, [.. sample.Skip(i + 1)], _headerLine) ?? (sample.Skip(i + 1).Any(line => line.Length > 0) ? null : $"Line {i + 1} is a header, but no line of values follows.");
        }

        return "Line 1 takes the header recorded_at,vehicle,signal,value, or the header of a log with a column of times, such as time, Device Time or SECONDS.";
    }

    /// <summary>Reads a line: the first, then each one after it.</summary>
    /// <returns>Error text; null if the line is valid, though it may have no <see cref="Values"/>.</returns>
    public string? Read(string line)
    {
        _line++;
        Values.Clear();
        if (_line <= _headerLine || _preamble.Take(line, _clock) || line == _header.Line) return null;
        if (!_row.TrySplit(line, _header.Separator)) return $"Line {_line}, column {_row.Count}: a quote is not closed.";
        if (_row.Count == 0 || (_line == _headerLine + 1 && _hasUnits)) return null;
        if (TryTime(out var isMissing) is { } problem) return LogHeader.Of(line, _header.Separator) is { } other ? Use(other, [], _line) : problem;
        if (isMissing)
        {
            LeftOut.Count("line without a time", _line, null);
            return null;
        }

        Device = _header.VehicleColumn >= 0 && !_row[_header.VehicleColumn].IsEmpty ? _row[_header.VehicleColumn].ToString() : null;
        _values.Read(_row, _line, Values);
        return null;
    }

    string? TryTime(out bool isMissing)
    {
        isMissing = false;
        if (_row.Count > _header.Count)
            return $"Line {_line}, column {_header.Count + 1}: there are {_row.Count} fields, and the header in line {_headerLine} has {_header.Count}. A comma as decimal sign needs quotes, or another separator.";
        if (_times!.TryRead(_row, out var at, out isMissing) is { } problem) return $"Line {_line}, column {_header.Name(_times.Column)}: {problem}";
        At = at;
        return null;
    }

    string? Use(LogHeader header, IReadOnlyList<string> sample, long line)
    {
        (_header, _headerLine) = (header, line);
        var units = LogUnits.Below(header, sample.Count > 0 ? sample[0] : null);
        _hasUnits = units is not null;
        _times = _times is null ? new LogTimes(header, _clock, sample) : new LogTimes(header, _times);
        _values = new LogValues(header, _times, _headers, _columns, LeftOut);
        _values.Begin(units, sample);
        return header.IsLong || _values.HasColumns ? null : $"Line {line}: no column has values, only times.";
    }
}
