using System.Globalization;
using System.Text;
using Telemetry.Api.Queries;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

/// <summary>Format of exports and imports, CSV (RFC 4180): <c>recorded_at,vehicle,signal,value</c>.</summary>
static class ReadingsFile
{
    public const string Header = "recorded_at,vehicle,signal,value";

    public static string Quote(string field) => field.AsSpan().IndexOfAny(",\"\n\r") < 0 ? field : $"\"{field.Replace("\"", "\"\"")}\"";

    /// <returns>Error text; null if the line is valid.</returns>
    public static string? Parse(string line, out (DateTime At, string Device, string Signal, double Value) row)
    {
        row = default;
        if (Fields(line) is not [var time, var device, var signal, var value]) return $"takes four fields, {Header}.";
        if (!TimeRange.TryTime(time, out var at)) return "recorded_at takes an ISO 8601 time in UTC, such as 2026-11-23T10:00:00Z.";
        if (!IsDevice(device)) return "vehicle takes a device name of 1 to 64 characters.";
        if (signal.Length == 0) return "signal takes a name, such as rpm.";
        if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number)) return "value takes a number.";
        row = (new DateTime(at.Ticks - at.Ticks % TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc), device, signal, number);
        return null;
    }

    public static bool IsDevice(string text) => text.Length is > 0 and <= Vehicle.MaxDeviceLength && !text.AsSpan().ContainsAnyInRange('\0', '\x1f');

    static List<string> Fields(string line)
    {
        if (!line.Contains('"')) return [.. line.Split(',')];
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"') field.Append(line[i++]);
            else if (line[i] == '"') quoted = !quoted;
            else if (line[i] == ',' && !quoted) Next();
            else field.Append(line[i]);
        }

        Next();
        return fields;

        void Next()
        {
            fields.Add(field.ToString());
            field.Clear();
        }
    }
}
