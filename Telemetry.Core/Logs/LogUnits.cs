using Telemetry.Core.Signals;

namespace Telemetry.Core.Logs;

/// <summary>A line of units below the header, as some loggers write it.</summary>
static class LogUnits
{
    /// <summary>Units of the columns; null if the line has none.</summary>
    public static string[]? Below(LogHeader header, string? line)
    {
        var row = new CsvRow();
        if (line is null || header.IsLong || !row.TrySplit(line, header.Separator) || row.Count == 0 || row.Count > header.Count) return null;
        var units = new string[header.Count];
        var known = 0;
        for (var i = 0; i < units.Length; i++)
        {
            var text = row[i].Trim("()[] ");
            if (ValueText.TryNumber(text, out _) || TimeText.TryParse(text, null, out _)) return null;
            var isUnit = Units.Find(text) is not null;
            if (isUnit) known++;
            units[i] = isUnit && header.IsValue(i) ? text.ToString() : "";
        }

        return known > 0 ? units : null;
    }
}
