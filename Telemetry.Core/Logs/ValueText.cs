using System.Collections.Frozen;
using System.Globalization;
using Telemetry.Core.Signals;

namespace Telemetry.Core.Logs;

/// <summary>Values in files: numbers with a point or a comma, possibly with a unit behind them, and texts that mean no value.</summary>
static class ValueText
{
    static readonly FrozenSet<string> Missing = new[]
    {
        "-", "--", "---", "–", "—", "?", "n/a", "na", "#n/a", "nan", "-nan", "null", "(null)", "none", "nil", "no data", "nodata", "no value", "undefined", "∞", "inf", "-inf", "+inf", "infinity", "-infinity",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> MissingSpan = Missing.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>True for an empty field, and for a text that means no value.</summary>
    public static bool IsMissing(ReadOnlySpan<char> text) => text.IsEmpty || MissingSpan.Contains(text);

    /// <summary>Parses a number.</summary>
    /// <param name="text">The field.</param>
    /// <param name="value">The number.</param>
    /// <param name="unit">Unit behind the number; null if there is none.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out double value, out Unit? unit)
    {
        unit = null;
        if (TryNumber(text, out value)) return true;
        var end = text.LastIndexOfAnyInRange('0', '9') + 1;
        if (end <= 0 || end == text.Length) return false;
        unit = Units.Find(text[end..]);
        return unit is not null && TryNumber(text[..end], out value);
    }

    /// <summary>Parses a number. A single comma is a decimal sign: no app writes thousands.</summary>
    public static bool TryNumber(ReadOnlySpan<char> text, out double value)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)) return double.IsFinite(value);
        if (text.Length is 0 or > 40) return false;
        Span<char> plain = stackalloc char[text.Length];
        var decimals = text.LastIndexOfAny(',', '.');
        var isRepeated = decimals >= 0 && text[..decimals].Contains(text[decimals]);
        if (!HasThousands(text, isRepeated ? text.Length : decimals)) return false;
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is ' ' or '\u00A0' or '\u202F' or '\u2009' or '\'' or '’') continue;
            if (c is ',' or '.' && (i != decimals || isRepeated)) continue;
            plain[length++] = c switch { ',' => '.', '−' => '-', _ => c };
        }

        return double.TryParse(plain[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }

    // 20.11.2026 is no number: thousands have three digits.
    static bool HasThousands(ReadOnlySpan<char> text, int end)
    {
        if (end < 0) return true;
        for (var i = text.IndexOfAny(',', '.'); i >= 0 && i < end;)
        {
            var next = text[(i + 1)..].IndexOfAny(',', '.') is >= 0 and var distance ? i + 1 + distance : text.Length;
            if (next - i != 4) return false;
            i = next;
        }

        return true;
    }

    /// <summary>A switch: on or off.</summary>
    public static bool TrySwitch(ReadOnlySpan<char> text, out double value)
    {
        var isOn = text.Equals("on", StringComparison.OrdinalIgnoreCase) || text.Equals("true", StringComparison.OrdinalIgnoreCase) || text.Equals("yes", StringComparison.OrdinalIgnoreCase);
        value = isOn ? 1 : 0;
        return isOn || text.Equals("off", StringComparison.OrdinalIgnoreCase) || text.Equals("false", StringComparison.OrdinalIgnoreCase) || text.Equals("no", StringComparison.OrdinalIgnoreCase);
    }
}
