using System.Text;
using Telemetry.Core.Signals;

namespace Telemetry.Core.Logs;

/// <summary>The values of a file's lines.</summary>
sealed class LogValues(LogHeader header, LogTimes times, SignalHeaders headers, List<LogColumn> columns, LeftOuts leftOut)
{
    // Bounds memory against files that make up names; more than any car has.
    const int MaxNames = 8192;

    readonly List<(int Index, LogColumn Column)> _wide = [];
    readonly Dictionary<string, LogColumn> _long = [];
    readonly HashSet<Signal> _seen = [];
    readonly Dictionary<LogColumn, double> _positions = [];
    readonly StringBuilder _key = new();
    bool _usesAdapter;

    /// <summary>True if there are columns of values.</summary>
    public bool HasColumns => _wide.Count > 0;

    /// <summary>Finds the columns.</summary>
    /// <param name="units">Units in the line below the header; null: none.</param>
    /// <param name="sample">The first lines below the header.</param>
    public void Begin(string[]? units, IReadOnlyList<string> sample)
    {
        for (var i = 0; i < header.Count; i++)
        {
            if (times.Uses(i) || (!header.IsValue(i) && !header.Times.Contains(i)) || (header.IsLong && header.Times.Contains(i))) continue;
            var column = Find(i + 1, header.Name(i), units?[i] ?? "");
            column.LeftOut ??= ReasonAgainst(i);
            if (column.LeftOut is null) _wide.Add((i, column));
        }

        var isModuleKnown = _wide.Any(column => column.Column.Signal == Signal.ControlModuleVoltage) || (header.IsLong && sample.Any(HasModuleVoltage));
        if (!isModuleKnown) UseAdapterVoltage();
        MarkSeconds();
    }

    /// <summary>Reads the values of a line.</summary>
    public void Read(CsvRow row, long line, List<LogValue> values)
    {
        _seen.Clear();
        if (header.IsLong) ReadNamed(row, line, values);
        foreach (var (index, column) in _wide)
        {
            if (column.IsSecond && _seen.Contains(column.Signal!))
            {
                if (!ValueText.IsMissing(row[index])) leftOut.Count($"another column is {column.Signal!.Name}", line, column.Name);
                continue;
            }

            Add(row[index], column, line, values, isPosition: header.IsLong);
        }
    }

    void ReadNamed(CsvRow row, long line, List<LogValue> values)
    {
        var name = row[header.NameColumn];
        if (name.IsEmpty)
        {
            leftOut.Count("line without a name", line, null);
            return;
        }

        var unit = header.UnitColumn >= 0 ? row[header.UnitColumn] : default;
        _key.Clear().Append(name).Append('\0').Append(unit);
        var key = _key.ToString();
        if (!_long.TryGetValue(key, out var column))
        {
            if (_long.Count >= MaxNames)
            {
                leftOut.Count("more names than a car has", line, null);
                return;
            }

            _long[key] = column = Find(header.ValueColumn + 1, name.ToString(), unit.ToString());
            if (_usesAdapter && column.Signal?.Name == KnownHeaders.AdapterVoltage) column.Signal = Signal.ControlModuleVoltage;
        }

        Add(row[header.ValueColumn], column, line, values, isPosition: false);
    }

    void Add(ReadOnlySpan<char> text, LogColumn column, long line, List<LogValue> values, bool isPosition)
    {
        if (ValueText.IsMissing(text)) return;
        var signal = column.Signal;
        if (signal is null)
        {
            leftOut.Count(column.LeftOut ?? "no name", line, column.Name);
            return;
        }

        if (ValueText.TryParse(text, out var value, out var unit))
        {
            if (unit is not null && column.Unit is null && unit.Fits(signal.Unit)) value = unit.Convert(value, signal.Unit);
            else value = column.Convert(value);
        }
        else if (signal.Slot >= 0 || !ValueText.TrySwitch(text, out value))
        {
            leftOut.Count("not a number", line, column.Name);
            return;
        }

        // Car Scanner repeats the position in each line; 0 means that it has none.
        if (isPosition)
        {
            if ((value == 0 && signal.Name is "latitude" or "longitude") || (_positions.TryGetValue(column, out var last) && last == value)) return;
            _positions[column] = value;
        }

        _seen.Add(signal);
        values.Add(new LogValue(column, value + 0.0)); // -0.0 + 0.0 is 0.0.
    }

    // A column with the same name as in an earlier part of the file is the same one.
    LogColumn Find(int index, string name, string unit)
    {
        var column = headers.Column(index, name, unit);
        foreach (var earlier in columns)
            if (earlier.Name == column.Name && earlier.Index == index) return earlier;
        columns.Add(column);
        return column;
    }

    string? ReasonAgainst(int index)
    {
        if (header.Name(index).Length == 0) return "the column has no name";
        if (header.Times.Contains(index)) return $"the time is taken from {header.Name(times.Column)}";
        return HeaderNames.IsNoValue(KnownHeaders.Compared(header.Name(index))) ? "numbers of lines or of the car, not values" : null;
    }

    bool HasModuleVoltage(string line)
    {
        var row = new CsvRow();
        return row.TrySplit(line, header.Separator) && KnownHeaders.SignalOf(row[header.NameColumn].ToString()) == Signal.ControlModuleVoltage.Name;
    }

    // As for a dongle: the adapter's voltage is the control module's if the car gives none.
    void UseAdapterVoltage()
    {
        _usesAdapter = true;
        foreach (var (_, column) in _wide)
            if (column.Signal!.Name == KnownHeaders.AdapterVoltage) column.Signal = Signal.ControlModuleVoltage;
    }

    // Two columns of one signal: the first counts, the others fill its gaps.
    void MarkSeconds()
    {
        var signals = new HashSet<string>();
        foreach (var (_, column) in _wide) column.IsSecond = !signals.Add(column.Signal!.Name);
    }
}
