using System.Globalization;

namespace Telemetry.Core.Logs;

/// <summary>The start of a recording in the name of its file.</summary>
/// <remarks>Car Scanner: <c>2026-01-31 10-56-07.csv</c>; Torque: <c>trackLog-2026-Jan-31_10-56-07.csv</c>; others: <c>20260131_105607</c>.</remarks>
public static class LogFileName
{
    /// <summary>Finds the start: date and time, or a date only; null if the name has neither.</summary>
    public static TimeValue? Start(string name)
    {
        var parts = Parts(name);
        for (var i = 0; i + 2 < parts.Count; i++)
        {
            if (!IsNumber(parts[i], 2000, 2199)) continue;
            var month = TimeWords.Month(parts[i + 1]) is > 0 and var named ? named.ToString(CultureInfo.InvariantCulture) : parts[i + 1];
            var date = $"{parts[i]}-{month}-{parts[i + 2]}";
            if (i + 4 < parts.Count && TimeText.TryParse($"{date} {parts[i + 3]}:{parts[i + 4]}:{(i + 5 < parts.Count && IsNumber(parts[i + 5], 0, 59) ? parts[i + 5] : "0")}", null, out var time)) return time;
            if (TimeText.TryParse(date, null, out var day)) return day;
        }

        return null;
    }

    // Numbers and words; eight digits are a date, six behind it a time of day.
    static List<string> Parts(string name)
    {
        var parts = new List<string>();
        for (var i = 0; i < name.Length;)
        {
            var start = i;
            if (char.IsAsciiDigit(name[i])) while (i < name.Length && char.IsAsciiDigit(name[i])) i++;
            else if (char.IsLetter(name[i])) while (i < name.Length && char.IsLetter(name[i])) i++;
            if (i == start) i++;
            else Add(name[start..i], parts);
        }

        return parts;
    }

    static void Add(string part, List<string> parts)
    {
        if (part.Length == 8 && char.IsAsciiDigit(part[0])) parts.AddRange([part[..4], part[4..6], part[6..]]);
        else if (part.Length == 6 && char.IsAsciiDigit(part[0])) parts.AddRange([part[..2], part[2..4], part[4..]]);
        else if (part is not ("T" or "t")) parts.Add(part);
    }

    static bool IsNumber(string text, int min, int max) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max;
}
