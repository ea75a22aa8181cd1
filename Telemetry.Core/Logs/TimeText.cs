using System.Globalization;

namespace Telemetry.Core.Logs;

/// <summary>Parts of a time in a file.</summary>
public enum TimeKind
{
    /// <summary>Date, time of day and time zone.</summary>
    Instant,

    /// <summary>Date and time of day, without a zone.</summary>
    Local,

    /// <summary>A date only.</summary>
    Date,

    /// <summary>A time of day, or a duration as hours, minutes and seconds.</summary>
    Clock,

    /// <summary>A number.</summary>
    Number,
}

/// <summary>A parsed time.</summary>
/// <param name="Kind">Its parts.</param>
/// <param name="Time">Date and time of day, as written.</param>
/// <param name="Offset">Offset from UTC, of an <see cref="TimeKind.Instant"/>.</param>
/// <param name="Number">The number, or the seconds of a <see cref="TimeKind.Clock"/>.</param>
public readonly record struct TimeValue(TimeKind Kind, DateTime Time, TimeSpan Offset, double Number)
{
    /// <summary>UTC, of an <see cref="TimeKind.Instant"/>.</summary>
    public DateTime Utc => DateTime.SpecifyKind(Time - Offset, DateTimeKind.Utc);
}

/// <summary>Parses the times of log files: ISO 8601, Java's Date.toString, dates in the order of several countries, 12 and 24 hours, numbers.</summary>
public static class TimeText
{
    const int MaxLength = 64;

    /// <summary>Parses a time.</summary>
    /// <param name="text">The field.</param>
    /// <param name="isMonthFirst">True if 03/04/2026 is the 4th of March; null: true only if the time has AM or PM.</param>
    /// <param name="value">The time.</param>
    public static bool TryParse(ReadOnlySpan<char> text, bool? isMonthFirst, out TimeValue value)
    {
        value = default;
        text = text.Trim();
        if (text.Length is 0 or > MaxLength) return false;
        if (ValueText.TryNumber(text, out var number))
        {
            value = new TimeValue(TimeKind.Number, default, default, number);
            return true;
        }

        var colon = text.IndexOf(':');
        if (colon < 0) return TryDate(text, default, isMonthFirst ?? false, out var date) && Set(out value, new TimeValue(TimeKind.Date, date, default, 0));
        if (!TryClock(text, colon, out var seconds, out var start, out var end)) return false;
        var before = text[..start].TrimEnd(" T,\u00A0-_");
        var behind = text[end..].TrimStart(" \u00A0\u202F");
        var isTwelveHour = TakeHalfOfDay(ref behind, ref seconds);
        if (seconds < 0) return false;
        if (!before.IsEmpty) return seconds < 86_401 && TryDateAndTime(before, behind, seconds, isMonthFirst ?? isTwelveHour, out value);
        return behind.IsEmpty && Set(out value, new TimeValue(TimeKind.Clock, default, default, seconds));
    }

    static bool TryDateAndTime(ReadOnlySpan<char> before, ReadOnlySpan<char> behind, double seconds, bool isMonthFirst, out TimeValue value)
    {
        value = default;
        TakeYear(ref behind, out var year);
        TimeSpan offset = default;
        if (!behind.IsEmpty && !TimeWords.TryZone(behind, out offset)) return false;
        if (!TryDate(before, year, isMonthFirst, out var day)) return false;
        var time = day.AddTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));
        return Set(out value, new TimeValue(behind.IsEmpty ? TimeKind.Local : TimeKind.Instant, time, offset, 0));
    }

    /// <summary>Order of day and month in a date of two numbers and a year; null if the text does not tell.</summary>
    public static bool? IsMonthFirst(ReadOnlySpan<char> text)
    {
        var digits = text.IndexOfAnyInRange('0', '9');
        if (digits < 0 || !TakeNumber(text[digits..], out var first, out var length) || length > 2) return null;
        text = text[(digits + length)..];
        if (text.IsEmpty || text[0] is not ('/' or '-') || !TakeNumber(text[1..], out var second, out length) || length > 2) return null;
        return first > 12 ? false : second > 12 ? true : null;
    }

    /// <summary>True if a time ends with AM or PM.</summary>
    public static bool IsTwelveHour(ReadOnlySpan<char> text)
    {
        var half = text.LastIndexOfAnyInRange('0', '9') is >= 0 and var digit ? text[(digit + 1)..].TrimStart() : default;
        var seconds = 0.0;
        return TakeHalfOfDay(ref half, ref seconds);
    }

    static bool Set(out TimeValue value, TimeValue parsed)
    {
        value = parsed;
        return true;
    }

    // hh:mm, hh:mm:ss and mm:ss.f around the first colon.
    static bool TryClock(ReadOnlySpan<char> text, int colon, out double seconds, out int start, out int end)
    {
        (seconds, start, end) = (0, colon, colon);
        while (start > 0 && char.IsAsciiDigit(text[start - 1]) && colon - start < 3) start--;
        if (start == colon || !TakeNumber(text[(colon + 1)..], out var minutes, out var length) || length > 2 || minutes > 59) return false;
        var hours = int.Parse(text[start..colon], CultureInfo.InvariantCulture);
        end = colon + 1 + length;
        if (end < text.Length && text[end] is '.' or ',')
        {
            seconds = hours * 60 + minutes + TakeFraction(text, ref end);
            return true;
        }

        seconds = hours * 3600 + minutes * 60;
        return end < text.Length && text[end] == ':' ? TrySeconds(text, ref end, ref seconds) : hours < 48;
    }

    static bool TrySeconds(ReadOnlySpan<char> text, ref int end, ref double seconds)
    {
        if (!TakeNumber(text[(end + 1)..], out var whole, out var length) || length > 2 || whole > 60) return false;
        end += 1 + length;
        seconds += whole;
        // Some write the fraction behind another colon.
        if (end + 1 < text.Length && text[end] is '.' or ',' or ':' && char.IsAsciiDigit(text[end + 1])) seconds += TakeFraction(text, ref end);
        return true;
    }

    static double TakeFraction(ReadOnlySpan<char> text, ref int end)
    {
        var scale = 0.1;
        var fraction = 0.0;
        for (end++; end < text.Length && char.IsAsciiDigit(text[end]); end++, scale /= 10) fraction += (text[end] - '0') * scale;
        return fraction;
    }

    // AM and PM, with and without points. seconds becomes -1 for 13:00 AM.
    static bool TakeHalfOfDay(ref ReadOnlySpan<char> text, ref double seconds)
    {
        var letters = 0;
        var half = '\0';
        var i = 0;
        for (; i < text.Length && letters < 2; i++)
        {
            if (text[i] is '.' or ' ' or '\u00A0' && letters > 0) continue;
            var c = char.ToLowerInvariant(text[i]);
            if (letters == 0 ? c is not ('a' or 'p') : c != 'm') return false;
            if (letters++ == 0) half = c;
        }

        if (letters < 2 || (i < text.Length && char.IsLetter(text[i]))) return false;
        text = text[i..].TrimStart(". ");
        // 13:00 PM is written by clocks of 24 hours.
        if (seconds < 13 * 3600) seconds = seconds % (12 * 3600) + (half == 'p' ? 12 * 3600 : 0);
        else if (half == 'a') seconds = -1;
        return true;
    }

    // The year at the end of Java's Date.toString, behind the zone.
    static void TakeYear(ref ReadOnlySpan<char> text, out int year)
    {
        year = 0;
        if (text.Length < 4 || !TakeNumber(text[^4..], out var number, out var length) || length != 4 || number is < 1970 or > 2199) return;
        if (text.Length > 4 && text[^5] != ' ') return;
        year = number;
        text = text[..^4].TrimEnd();
    }

    static bool TryDate(ReadOnlySpan<char> text, int year, bool isMonthFirst, out DateTime date)
    {
        date = default;
        Span<int> numbers = stackalloc int[3];
        var (count, month, isYearFirst) = (0, 0, false);
        for (var i = 0; i < text.Length;)
        {
            if (TakeNumber(text[i..], out var number, out var length))
            {
                if (count == 3 || length > 4) return false;
                if (length == 4) isYearFirst |= count == 0;
                numbers[count++] = number;
                i += length;
                continue;
            }

            if (!char.IsLetter(text[i]))
            {
                if (text[i] is not (' ' or '-' or '/' or '.' or ',' or '_')) return false;
                i++;
                continue;
            }

            var end = i;
            while (end < text.Length && (char.IsLetter(text[end]) || text[end] == '.')) end++;
            // The weekday comes first: mar. août is a Tuesday in August.
            if (TimeWords.Month(text[i..end]) is > 0 and var named) month = named;
            i = end;
        }

        return TryOrder(numbers[..count], year, month, isYearFirst, isMonthFirst, out var y, out var m, out var d) && TryDay(y, m, d, out date);
    }

    static bool TryOrder(ReadOnlySpan<int> numbers, int year, int month, bool isYearFirst, bool isMonthFirst, out int y, out int m, out int d)
    {
        (y, m, d) = (year, month, 0);
        if (month > 0)
        {
            if (numbers.Length != (year > 0 ? 1 : 2)) return false;
            (y, d) = year > 0 ? (year, numbers[0]) : isYearFirst ? (numbers[0], numbers[1]) : (numbers[1], numbers[0]);
            return true;
        }

        if (numbers.Length != 3) return false;
        (y, m, d) = isYearFirst ? (numbers[0], numbers[1], numbers[2]) : isMonthFirst ? (numbers[2], numbers[0], numbers[1]) : (numbers[2], numbers[1], numbers[0]);
        return true;
    }

    static bool TryDay(int year, int month, int day, out DateTime date)
    {
        date = default;
        if (year < 100) year += 2000;
        if (year is < 1970 or > 2199 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        date = new DateTime(year, month, day);
        return true;
    }

    static bool TakeNumber(ReadOnlySpan<char> text, out int number, out int length)
    {
        (number, length) = (0, 0);
        while (length < text.Length && length < 9 && char.IsAsciiDigit(text[length])) number = number * 10 + text[length++] - '0';
        return length > 0;
    }
}
