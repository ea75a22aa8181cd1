using Telemetry.Core.Signals;

namespace Telemetry.Core.Logs;

/// <summary>Header line of a file: the roles of its columns.</summary>
sealed class LogHeader
{
    readonly CsvRow _row = new();
    readonly List<int> _times = [];

    LogHeader(string line, char separator)
    {
        Line = line;
        Separator = separator;
        IsSplit = _row.TrySplit(line, separator, isHeader: true);
        for (var i = 0; i < _row.Count; i++) SetRole(i, RoleName(i));
    }

    /// <summary>The line.</summary>
    public string Line { get; }

    /// <summary>Separator of fields.</summary>
    public char Separator { get; }

    /// <summary>Number of columns.</summary>
    public int Count => _row.Count;

    /// <summary>Columns of times, from 0.</summary>
    public IReadOnlyList<int> Times => _times;

    /// <summary>Column of names in a long file; -1: each column is a value.</summary>
    public int NameColumn { get; private set; } = -1;

    /// <summary>Column of values in a long file.</summary>
    public int ValueColumn { get; private set; } = -1;

    /// <summary>Column of units in a long file; -1: none.</summary>
    public int UnitColumn { get; private set; } = -1;

    /// <summary>Column of device names; -1: none.</summary>
    public int VehicleColumn { get; private set; } = -1;

    /// <summary>True for a file with one value in a line.</summary>
    public bool IsLong => NameColumn >= 0 && ValueColumn >= 0;

    /// <summary>True for Car Scanner's long file, whose seconds count from midnight.</summary>
    public bool IsTimeOfDay => IsLong && _times.Any(column => Name(column).Equals("SECONDS", StringComparison.OrdinalIgnoreCase)) && Name(NameColumn).Equals("PID", StringComparison.OrdinalIgnoreCase);

    bool IsSplit { get; }

    /// <summary>A column's name as written.</summary>
    public string Name(int column) => _row[column].ToString();

    /// <summary>Seconds of one unit of a column of numbers: those of the unit in its name, else 1.</summary>
    public double Scale(int column)
    {
        var name = Name(column);
        var unit = SignalKey.Parse($"time {name}").Unit ?? Units.Find(name) ?? Units.Find(name.AsSpan(name.LastIndexOfAny([' ', '_']) + 1));
        return unit is not null && unit.Fits("s") ? unit.Convert(1, "s") : 1;
    }

    /// <summary>True if a column of times counts from the start of the recording.</summary>
    public bool IsElapsed(int column) => Name(column).Contains("elapsed", StringComparison.OrdinalIgnoreCase) || Name(column).Contains("offset", StringComparison.OrdinalIgnoreCase) || Name(column).Contains("relative", StringComparison.OrdinalIgnoreCase);

    /// <summary>Zone in a column's name, such as <c>Time (UTC+1)</c>; null if there is none.</summary>
    public TimeSpan? Zone(int column)
    {
        var name = Name(column);
        var bracket = name.IndexOfAny(['(', '[']);
        return bracket > 0 && Units.Find(name.AsSpan(bracket + 1).TrimEnd(" )]")) is null && TimeWords.TryZone(name.AsSpan(bracket + 1).TrimEnd(" )]"), out var offset) ? offset : null;
    }

    /// <summary>True if a column holds values under its own name.</summary>
    public bool IsValue(int column) => !_times.Contains(column) && column != VehicleColumn && !(IsLong && (column == NameColumn || column == ValueColumn || column == UnitColumn));

    /// <summary>Reads a line as the header.</summary>
    /// <param name="line">The line.</param>
    /// <param name="separator">Separator that the file names; null: the likeliest one.</param>
    /// <returns>Null if it is not one: a header has two columns, one of them of times, and no numbers.</returns>
    public static LogHeader? Of(string line, char? separator)
    {
        var header = new LogHeader(line, separator ?? CsvRow.SeparatorOf(line));
        return header.IsSplit && header.Count >= 2 && header._times.Count > 0 && !header.HasData() ? header : null;
    }

    /// <summary>Reads a line as the header because times stand below it.</summary>
    /// <param name="line">The line.</param>
    /// <param name="separator">Separator that the file names; null: the likeliest one.</param>
    /// <param name="below">The line below.</param>
    public static LogHeader? Above(string below, string line, char? separator)
    {
        var header = new LogHeader(line, separator ?? CsvRow.SeparatorOf(line));
        if (!header.IsSplit || header.Count < 2 || header.HasData()) return null;
        var row = new CsvRow();
        if (!row.TrySplit(below, header.Separator)) return null;
        for (var i = 0; i < Math.Min(row.Count, header.Count); i++)
        {
            if (!TimeText.TryParse(row[i], null, out var value) || value.Kind is not (TimeKind.Instant or TimeKind.Local)) continue;
            header._times.Add(i);
            return header;
        }

        return null;
    }

    bool HasData()
    {
        for (var i = 0; i < Count; i++)
            if (TimeText.TryParse(_row[i], null, out _)) return true;
        return false;
    }

    void SetRole(int column, string name)
    {
        if (HeaderNames.IsTime(name)) _times.Add(column);
        else if (NameColumn < 0 && HeaderNames.IsName(name)) NameColumn = column;
        else if (ValueColumn < 0 && HeaderNames.IsValue(name)) ValueColumn = column;
        else if (UnitColumn < 0 && HeaderNames.IsUnit(name)) UnitColumn = column;
        else if (VehicleColumn < 0 && HeaderNames.IsVehicle(name)) VehicleColumn = column;
    }

    // Without a unit of time: Time (sec), Zeit [s].
    string RoleName(int column)
    {
        var name = Name(column);
        var bracket = name.IndexOfAny(['(', '[']);
        var isTime = bracket > 0 && (Units.Find(name.AsSpan(bracket + 1).TrimEnd(" )]"))?.Fits("s") == true || TimeWords.TryZone(name.AsSpan(bracket + 1).TrimEnd(" )]"), out _));
        return KnownHeaders.Compared(isTime ? name[..bracket] : name);
    }
}
