using System.Text;

namespace Telemetry.Api.History;

static class ImportText
{
    public static string Of(ImportReport report)
    {
        var text = new StringBuilder();
        if (report.DryRun || report.Format != "export") AppendColumns(text, report);
        foreach (var left in report.LeftOut)
            text.AppendLine($"Left out: {left.Column ?? "lines"}: {left.Reason}{(left.Line is { } line ? $" ({left.Count} ×, first in line {line})" : "")}.");
        foreach (var note in report.Notes) text.AppendLine($"Note: {note}");
        return text.Append($"{report.Readings} readings {(report.DryRun ? "would be imported" : "imported")}, {report.Rejected} rejected.").ToString();
    }

    static void AppendColumns(StringBuilder text, ImportReport report)
    {
        string[][] rows = [["column", "name", "signal", "unit", "conversion", "readings"], .. report.Columns.Select(column => (string[])[$"{column.Column}", column.Name, column.Signal, column.Unit ?? "", column.Conversion ?? "", $"{column.Readings}"])];
        var widths = Enumerable.Range(0, rows[0].Length).Select(cell => rows.Max(row => row[cell].Length)).ToArray();
        foreach (var row in rows) text.AppendLine(string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
        if (report.First is { } first) text.AppendLine($"From {first} to {report.Last}, vehicle {string.Join(", ", report.Vehicles)}.");
    }
}
