using System.Globalization;
using Telemetry.Core.Logs;
using Telemetry.Core.Signals;

namespace Telemetry.Tests.Logs;

/// <summary>A log file, read as an import does.</summary>
sealed class LogFile
{
    public static readonly DateTime Now = new(2026, 11, 26, 12, 0, 0, DateTimeKind.Utc);

    readonly List<string> _readings = [];

    public LogFile(string text, string? start = null, string? zone = null, string? name = null)
    {
        var given = start is null ? (TimeValue?)null : TimeText.TryParse(start, null, out var value) ? value : throw new FormatException(start);
        TimeZoneInfo parsed = TimeZoneInfo.Utc;
        if (zone is not null && !LogZone.TryParse(zone, out parsed)) throw new FormatException(zone);
        Reader = new LogReader(new SignalCatalog(), new LogOptions(null, given, parsed, Now) { FileStart = name is null ? null : LogFileName.Start(name) });
        var lines = text.Replace("\r", "").Split('\n').ToList();
        if (lines[^1] == "") lines.RemoveAt(lines.Count - 1);
        Problem = Reader.Begin([.. lines.Take(LogReader.SampleLines)]);
        foreach (var line in lines)
        {
            if (Problem is not null) break;
            Problem = Reader.Read(line);
            if (Problem is not null) break;
            foreach (var reading in Reader.Values)
                _readings.Add(string.Create(CultureInfo.InvariantCulture, $"{Reader.At:yyyy-MM-dd HH:mm:ss.FFFFFF} {reading.Column.Signal!.Name} {Math.Round(reading.Value, 6)}"));
        }
    }

    public LogReader Reader { get; }

    public string? Problem { get; }

    /// <summary>Time, signal and value of each reading.</summary>
    public IReadOnlyList<string> Readings
    {
        get
        {
            Problem.Should().BeNull();
            return _readings;
        }
    }

    /// <summary>The readings before the problem.</summary>
    public IReadOnlyList<string> Before => _readings;

    /// <summary>Signals of a header's columns, and their conversions.</summary>
    public static IReadOnlyList<string> SignalsOf(string header, string line) =>
        [.. new LogFile($"{header}\n{line}\n").Reader.Columns.Where(column => column.LeftOut is null).Select(column => $"{column.Signal!.Name} {column.SignalUnit}{(column.Conversion is { } conversion ? $": {conversion}" : "")}")];
}
