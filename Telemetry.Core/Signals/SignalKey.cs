using System.Globalization;
using System.Text;

namespace Telemetry.Core.Signals;

/// <summary>A parsed key.</summary>
/// <param name="Name">Its name in snake_case, without PID and unit; empty if it has no letter, digit or symbol.</param>
/// <param name="Spelling">The same for comparison: without case, spaces, <c>_</c> and <c>-</c>.</param>
/// <param name="Unit">Unit in brackets; null if there is none.</param>
readonly record struct SignalKey(string Name, string Spelling, Unit? Unit)
{
    [ThreadStatic]
    static StringBuilder? _buffer;

    const int Minus = 0x2212;
    const int FullWidthPlus = 0xFF0B;

    // Text in brackets may be a unit or something else: a side, a sensor, the lowest of several. Then a word of the name decides.
    static readonly (string Unit, string[] Words)[] Ambiguous =
    [
        ("°C", ["temp", "tmp"]), ("fahrenheit", ["temp", "tmp"]), ("kelvin", ["temp", "tmp"]),
        ("A", ["curr", "amp"]), ("L", ["fuel", "vol", "tank", "consum", "lit"]), ("g", ["acc", "force"]),
        ("m", ["alt", "height", "elev", "dist", "accuracy", "length", "range"]), ("s", ["time", "dur", "since", "age", "delay"]),
        ("h", ["time", "dur", "hour"]), ("min", ["time", "dur", "since"]), ("PS", ["power", "pwr"]),
    ];

    /// <summary>Parses a key.</summary>
    public static SignalKey Parse(ReadOnlySpan<char> key)
    {
        var text = Composition.Compose(key);
        var name = WithoutUnit(text, out var unit);
        var rest = WithoutPid(name);
        return new SignalKey(SnakeCase(rest), Compared(rest), unit);
    }

    /// <summary>Full name of a key, with PID and unit.</summary>
    public static string WholeName(ReadOnlySpan<char> key) => SnakeCase(Composition.Compose(key));

    /// <summary>A name normalized for comparison.</summary>
    public static string Compared(string name)
    {
        var text = Buffer;
        foreach (var c in name)
            if (c is not ('_' or '-') && !char.IsWhiteSpace(c)) text.Append(char.ToLowerInvariant(c));
        return text.ToString();
    }

    /// <summary>AbsBaroPres -> abs_baro_pres, HV_V -> hv_v, EngineRPMLimit -> engine_rpm_limit, Batt + -> batt_plus.</summary>
    public static string SnakeCase(string text)
    {
        var name = Buffer;
        Rune before = default, current = default;
        var hasContent = false;
        foreach (var next in text.Trim().EnumerateRunes())
        {
            Append(name, before, current, next);
            hasContent |= IsContent(current);
            (before, current) = (current, next);
        }

        Append(name, before, current, default);
        return hasContent || IsContent(current) ? name.ToString().Trim('_') : "";
    }

    /// <summary>True for characters of a name: letters, digits and marks of all scripts, and symbols such as emoji.</summary>
    public static bool IsContent(Rune rune) => rune.Value > 0 && rune.Value is not (Minus or FullWidthPlus) && rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.OtherSymbol or UnicodeCategory.MathSymbol => rune.Value > 0xFF,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => !IsInvisible(rune),
        UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => true,
        _ => Rune.IsLetterOrDigit(rune),
    };

    // Reused by the next call on the same thread: rejected names must not cost memory each time.
    static StringBuilder Buffer => (_buffer ??= new StringBuilder(SignalCatalog.MaxNameLength)).Clear();

    static void Append(StringBuilder name, Rune before, Rune current, Rune next)
    {
        if (current.Value == 0 || IsInvisible(current)) return;
        if (IsContent(current))
        {
            if (StartsWord(before, current, next)) Separate(name);
            var lower = Rune.ToLowerInvariant(current);
            if (lower.IsBmp) name.Append((char)lower.Value);
            else name.Append(lower.ToString());
        }
        else if (Sign(before, current, next) is { } sign)
        {
            Separate(name);
            name.Append(sign).Append('_');
        }
        else
        {
            Separate(name);
        }
    }

    static void Separate(StringBuilder name)
    {
        if (name.Length > 0 && name[^1] != '_') name.Append('_');
    }

    static bool StartsWord(Rune before, Rune current, Rune next) => IsUpper(current) && (IsLower(before) || (IsUpper(before) && IsLower(next)));

    static bool IsUpper(Rune rune) => rune.Value > 0 && Rune.IsUpper(rune);

    static bool IsLower(Rune rune) => rune.Value > 0 && Rune.IsLower(rune);

    // A minus is a sign only if it does not join two words.
    static string? Sign(Rune before, Rune current, Rune next) => current.Value switch
    {
        '+' or FullWidthPlus => "plus",
        '-' or Minus or '－' when !IsContent(next) && next.Value is not ('_' or ' ') && before.Value != '-' && next.Value != '-' => "minus",
        _ => null,
    };

    // Joiners and variation selectors, which change only the appearance.
    static bool IsInvisible(Rune rune) => rune.Value is >= 0xFE00 and <= 0xFE0F || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format;

    static string WithoutPid(string key) =>
        key.Length > 3 && key[2] == '-' && byte.TryParse(key.AsSpan(0, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var pid) && SignalAliases.IsPublished(pid, key[3..])
            ? key[3..]
            : key;

    // Removes the last brackets that contain a unit.
    static string WithoutUnit(string text, out Unit? unit)
    {
        unit = null;
        for (var end = text.Length - 1; end > 0 && (end = text.LastIndexOfAny([')', ']', '）', '］'], end)) > 0; end--)
        {
            var start = text.LastIndexOfAny(['(', '[', '（', '［'], end);
            if (start <= 0) continue;
            var rest = $"{text[..start]} {text[(end + 1)..]}".Trim();
            var inside = text.AsSpan(start + 1, end - start - 1);
            if (inside.IsWhiteSpace() || Units.Find(inside) is not { } found || !IsUnit(found, inside, rest)) continue;
            unit = found;
            return rest;
        }

        return text;
    }

    static bool IsUnit(Unit unit, ReadOnlySpan<char> written, string name)
    {
        if (written.Trim() is not ([>= 'A' and <= 'z'] or ['m' or 'M', _, _] or ['P' or 'p', _])) return true;
        foreach (var (ambiguous, words) in Ambiguous)
            if (ambiguous == unit.Name) return words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
        return true;
    }
}
