using System.Globalization;

namespace Telemetry.Core.Logs;

/// <summary>Names of months and of time zones in log files.</summary>
/// <remarks>
/// Months: the short and long names that phones use (Unicode CLDR 46) in English, German, French, Spanish, Italian, Portuguese, Dutch,
/// Swedish, Polish and Russian. Zones: Java's Date.toString, which Torque writes as GPS Time; offsets of tzdata 2025b.
/// </remarks>
static class TimeWords
{
    // Beginnings: all longer forms of a month begin with one of them.
    static readonly string[][] Months =
    [
        ["jan", "jän", "ene", "gen", "sty", "янв"], ["feb", "fév", "fev", "lut", "фев"], ["mar", "mär", "mrz", "mrt", "maa", "мар"],
        ["apr", "avr", "abr", "kwi", "апр"], ["may", "mai", "mei", "mag", "maj", "май", "мая"], ["jun", "juin", "giu", "cze", "июн"],
        ["jul", "juil", "lug", "lip", "июл"], ["aug", "aoû", "aou", "ago", "sie", "авг"], ["sep", "set", "wrz", "сен"],
        ["oct", "okt", "ott", "out", "paź", "paz", "окт"], ["nov", "lis", "ноя"], ["dec", "dez", "dic", "déc", "gru", "дек"],
    ];

    static readonly (double Hours, string Names)[] Zones =
    [
        (0, "z utc gmt ut wet"), (1, "cet mez bst west wat"), (2, "cest mesz eet cat sast"), (3, "eest msk trt eat"), (3.5, "irst"), (4, "gst"), (5, "pkt"), (5.5, "ist"), (7, "wib ict"),
        (8, "awst hkt sgt"), (9, "jst kst"), (9.5, "acst"), (10, "aest"), (10.5, "acdt"), (11, "aedt"), (12, "nzst"), (13, "nzdt"),
        (-2.5, "ndt"), (-3, "adt brt art"), (-3.5, "nst"), (-4, "edt ast"), (-5, "est cdt"), (-6, "cst mdt"), (-7, "mst pdt"), (-8, "pst akdt"), (-9, "akst"), (-10, "hst"),
    ];

    /// <summary>Number of a month, 1 to 12; 0 if the word is none.</summary>
    public static int Month(ReadOnlySpan<char> word)
    {
        for (var month = 0; month < Months.Length; month++)
        {
            foreach (var name in Months[month])
                if (word.StartsWith(name, StringComparison.OrdinalIgnoreCase)) return month + 1;
        }

        return 0;
    }

    /// <summary>Parses a zone: its short name, or an offset such as <c>+01:00</c> and <c>GMT+01:00</c>.</summary>
    public static bool TryZone(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = default;
        text = text.Trim(" ()");
        var sign = text.IndexOfAny('+', '-', '−');
        if (sign < 0) return TryName(text, out offset);
        return (sign == 0 || TryName(text[..sign], out _)) && TryOffset(text[(sign + 1)..], text[sign] == '+', out offset);
    }

    static bool TryName(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        foreach (var (hours, names) in Zones)
        {
            foreach (var name in names.AsSpan().Split(' '))
            {
                if (!text.Equals(names.AsSpan(name), StringComparison.OrdinalIgnoreCase)) continue;
                offset = TimeSpan.FromHours(hours);
                return true;
            }
        }

        offset = default;
        return false;
    }

    // 1, 01, 0100 and 01:00.
    static bool TryOffset(ReadOnlySpan<char> text, bool isPositive, out TimeSpan offset)
    {
        offset = default;
        var colon = text.IndexOf(':');
        var hours = colon >= 0 ? text[..colon] : text.Length == 4 ? text[..2] : text;
        var minutes = colon >= 0 ? text[(colon + 1)..] : text.Length == 4 ? text[2..] : "0";
        if (!int.TryParse(hours, NumberStyles.None, CultureInfo.InvariantCulture, out var h) || h > 14) return false;
        if (!int.TryParse(minutes, NumberStyles.None, CultureInfo.InvariantCulture, out var m) || m > 59) return false;
        offset = new TimeSpan(h, m, 0) * (isPositive ? 1 : -1);
        return true;
    }
}
