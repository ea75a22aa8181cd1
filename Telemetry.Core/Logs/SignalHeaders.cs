using Telemetry.Core.Signals;

namespace Telemetry.Core.Logs;

/// <summary>Finds the signal and the unit of a column by its name. Names that no app is known for become signals of that name.</summary>
/// <remarks>Finding adds nothing to the catalog.</remarks>
sealed class SignalHeaders(SignalCatalog catalog)
{
    /// <summary>The column of a name.</summary>
    /// <param name="index">Its number, from 1.</param>
    /// <param name="name">The name in the file.</param>
    /// <param name="unitText">The unit beside the name, of a long file; may be empty.</param>
    public LogColumn Column(int index, string name, string unitText)
    {
        var shown = unitText.Length == 0 ? name : $"{name} ({unitText})";
        var key = Repaired(name);
        var (signal, unit) = Known(key, Units.Find(Repaired(unitText))) ?? ByName(key, unitText);
        return new LogColumn(index, shown, signal, unit) { LeftOut = signal is null ? "nothing in it can be a name" : null };
    }

    // A name of the table, with a unit that fits its signal: in brackets, or as the last word.
    (Signal? Signal, Unit? Unit)? Known(string key, Unit? given)
    {
        if (catalog.Known(key) is { } exact && (given is null || given.Fits(exact.Unit))) return (exact, given);
        if (given is not null) return WithUnit(key, given);
        if (SignalOf(key) is { } plain) return (plain, null);
        var parsed = SignalKey.Parse(key);
        if (parsed.Unit is not null && WithUnit(parsed.Name, parsed.Unit) is { } bracketed) return bracketed;
        for (var end = key.Length; (end = key.LastIndexOfAny([' ', '(', '[', ',', '_', '-', ':'], end - 1)) > 0;)
        {
            if (Units.Find(key.AsSpan(end + 1).Trim(" )]")) is { } unit && WithUnit(key[..end], unit) is { } last) return last;
        }

        return null;
    }

    (Signal? Signal, Unit? Unit)? WithUnit(string name, Unit unit) => SignalOf(name) is { } signal && unit.Fits(signal.Unit) ? (signal, unit) : null;

    Signal? SignalOf(string name) => KnownHeaders.SignalOf(name) is { } known ? catalog.KnownOrNew(known) : null;

    // As a publisher's key: a unit that does not fit becomes part of the name, and the value stays as it is.
    (Signal? Signal, Unit? Unit) ByName(string key, string unitText)
    {
        if (unitText.Length > 0 && Units.Find(Repaired(unitText)) is null) return (catalog.FindWhole(key, unitText), null);
        var whole = unitText.Length > 0 ? $"{key} ({Repaired(unitText)})" : key;
        var meaning = catalog.Find(whole);
        if (meaning.Signal is null) return (catalog.FindWhole(whole), null);
        return meaning.Unit is null || meaning.Unit.Fits(meaning.Signal.Unit) ? (meaning.Signal, meaning.Unit) : (catalog.FindWhole(whole), null);
    }

    // The degree sign of files that were read or written in another encoding, and Torque's unit of ratios.
    static string Repaired(string text) => text.Replace("Â°", "°").Replace("\uFFFDC", "°C").Replace("\uFFFDF", "°F").Replace("(:1)", "").Trim();
}
