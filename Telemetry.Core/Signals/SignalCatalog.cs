using System.Collections.Concurrent;
using System.Text;

namespace Telemetry.Core.Signals;

/// <summary>Meaning of a key.</summary>
/// <param name="Signal">The signal; null if the key names none.</param>
/// <param name="Unit">The unit in the key; null if it contains none.</param>
/// <param name="IsNameless">True if the key contains nothing that can be a name.</param>
readonly record struct KeyMeaning(Signal? Signal, Unit? Unit = null, bool IsNameless = false);

/// <summary>Maps keys in messages to signals. Thread-safe.</summary>
/// <remarks>
/// Two families of keys exist: <c>HH-Name</c> (hexadecimal PID, then the name) and UPPER_SNAKE vehicle profiles. They are compared
/// without the PID, the unit, case, spaces, <c>_</c> and <c>-</c>. A key that means none of the six is a signal with its snake_case name.
/// A name that cars are not known to use is counted for the vehicle that brings it, until it has not been sent for a day.
/// </remarks>
public sealed class SignalCatalog
{
    /// <summary>Maximum counted names; bounds memory against publishers that make up names.</summary>
    public const int MaxOtherSignals = 4096;

    /// <summary>Maximum counted names of one vehicle, so that no vehicle uses up those of others. The largest WiCAN profile has 236.</summary>
    public const int MaxSignalsOfVehicle = 512;

    /// <summary>Maximum length of a key, in characters.</summary>
    public const int MaxKeyLength = 128;

    /// <summary>Maximum length of a name: of a key in which every letter starts a word.</summary>
    public const int MaxNameLength = 2 * MaxKeyLength;

    /// <summary>Time without a value after which a name is no longer counted.</summary>
    public static readonly TimeSpan UnusedAfter = TimeSpan.FromDays(1);

    // Spellings are cached so that a known key costs one look-up. Bounded separately: one name has many spellings.
    const int MaxSpellings = MaxOtherSignals;

    // Interval of searching for unused names while a limit is reached.
    static readonly TimeSpan CheckInterval = TimeSpan.FromMinutes(1);

    readonly ConcurrentDictionary<string, Signal> _byName = new();
    readonly ConcurrentDictionary<string, KeyMeaning> _bySpelling = new();
    readonly ConcurrentDictionary<string, KeyMeaning>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    readonly Lock _gate = new();
    readonly List<Signal> _counted = [];
    readonly HashSet<NameBudget> _full = [];
    DateTime _checkedAt;

    /// <summary>A catalog with the six signals, their aliases and <see cref="BatteryVoltage"/>.</summary>
    public SignalCatalog()
    {
        _bySpan = _bySpelling.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var signal in Signal.Six) _byName[signal.Name] = signal;
        _byName[BatteryVoltage.Name] = BatteryVoltage;
        foreach (var signal in ForecastSignals.All) _byName[signal.Name] = signal;
    }

    /// <summary>The dongle's own voltage; used as the control module's if the car sends no better one.</summary>
    public Signal BatteryVoltage { get; } = new("battery_voltage");

    /// <summary>Finds the signal of a key in the configuration; adds it if it is new, without counting it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="signal">The signal, or null.</param>
    /// <returns>False if the key names no signal.</returns>
    public bool TryFind(ReadOnlySpan<char> key, out Signal? signal)
    {
        signal = null;
        return Find(key).Signal is { } found && TryNamed(found.Name, out signal);
    }

    /// <summary>Meaning of a key. Its signal may be new: <see cref="TryTake"/> adds it.</summary>
    /// <param name="key">A JSON key or topic level, without the levels above it.</param>
    internal KeyMeaning Find(ReadOnlySpan<char> key)
    {
        if (_bySpan.TryGetValue(key, out var meaning)) return meaning;
        if (key.Length > MaxKeyLength) return new KeyMeaning(null, IsNameless: true);

        var (name, spelling, unit) = SignalKey.Parse(key);
        if (name.Length is 0 or > MaxNameLength) meaning = new KeyMeaning(null, IsNameless: true);
        else if (unit is not null || !SignalAliases.IsNoSignal(spelling)) meaning = new KeyMeaning(SignalAliases.Of(spelling) ?? KnownOrNew(name), unit);
        if (meaning.IsNameless || (meaning.Signal is { } signal && Known(signal.Name) != signal)) return meaning;
        if (_bySpelling.Count < MaxSpellings) _bySpan.TryAdd(key, meaning);
        return meaning;
    }

    /// <summary>The signal with the full name of a key, including PID and unit, for a value that does not belong to the short name.</summary>
    /// <param name="key">The key.</param>
    /// <param name="unit">A unit to append to the name; may be empty.</param>
    /// <returns>Null if nothing in the key can be a name. The signal may be new.</returns>
    internal Signal? FindWhole(ReadOnlySpan<char> key, ReadOnlySpan<char> unit = default) =>
        key.Length + unit.Length <= MaxKeyLength && SignalKey.WholeName(unit.IsEmpty ? key : $"{key} {unit}") is { Length: > 0 and <= MaxNameLength } name ? KnownOrNew(name) : null;

    /// <summary>Finds the signal of a stored, requested or decoded name; adds it if it is new, without counting it.</summary>
    /// <param name="name">A name in snake_case.</param>
    /// <param name="signal">The signal; null for an empty name.</param>
    /// <returns>False for an empty name.</returns>
    public bool TryNamed(string name, out Signal? signal)
    {
        signal = name.Length == 0 ? null : _byName.GetOrAdd(name, static name => new Signal(name));
        return signal is not null;
    }

    /// <summary>Adds a signal if it is new, and counts its name unless cars are known to use it.</summary>
    /// <param name="found">Signal from <see cref="Find"/>; replaced by the existing instance of that name.</param>
    /// <param name="budget">Names of the vehicle that sends it.</param>
    /// <param name="now">Time of arrival, UTC.</param>
    /// <returns>False if a limit is reached.</returns>
    public bool TryTake(ref Signal found, NameBudget budget, DateTime now)
    {
        if (_byName.TryGetValue(found.Name, out var known))
        {
            found = known;
            if (known.Budget is not null) known.SentAt = now;
            return true;
        }

        lock (_gate)
        {
            if (!found.IsUsual)
            {
                if (!HasRoom(budget, now)) return false;
                Count(found, budget, now);
            }

            _byName[found.Name] = found;
            return true;
        }
    }

    /// <summary>True if <see cref="TryTake"/> would accept a signal.</summary>
    public bool CanTake(Signal found, NameBudget budget, DateTime now) => _byName.ContainsKey(found.Name) || found.IsUsual || HasRoom(budget, now);

    /// <summary>Finds the signal of a name in a file; adds and counts it if it is new.</summary>
    /// <param name="name">A name from an export, or a key.</param>
    /// <param name="budget">Names of the vehicle.</param>
    /// <param name="now">The time, UTC.</param>
    /// <returns>Null if the name is invalid or a limit is reached.</returns>
    public Signal? Import(string name, NameBudget budget, DateTime now) => FindImported(name) is { } signal && TryTake(ref signal, budget, now) ? signal : null;

    /// <summary>The signal of a name in an export. It may be new: <see cref="TryTake"/> adds it.</summary>
    /// <param name="name">A name from an export, or a key.</param>
    /// <returns>Null if the name is invalid.</returns>
    public Signal? FindImported(string name)
    {
        if (Known(name) is { } known) return known;
        var meaning = Find(name);
        // A value in another unit than the signal's must not become a value of that signal.
        return meaning.Unit is null || meaning.Unit.Name == meaning.Signal?.Unit ? meaning.Signal : FindWhole(name);
    }

    /// <summary>Counts the name of a restored reading as if it had been sent at that time.</summary>
    public void Restore(Signal signal, NameBudget budget, DateTime sentAt, DateTime now)
    {
        lock (_gate)
        {
            if (signal.Budget is null && !signal.IsUsual && now - sentAt < UnusedAfter && budget.Count < MaxSignalsOfVehicle && _counted.Count < MaxOtherSignals) Count(signal, budget, sentAt);
        }
    }

    /// <summary>True if a vehicle may bring another new name.</summary>
    public bool HasRoom(NameBudget budget, DateTime now)
    {
        lock (_gate)
        {
            if (IsFull(budget) && (now - _checkedAt).Duration() >= CheckInterval) ReleaseUnused(now);
            if (budget.Count >= MaxSignalsOfVehicle) _full.Add(budget);
            return !IsFull(budget);
        }
    }

    /// <summary>Names in use, and the limits reached.</summary>
    public NameUsage Usage(DateTime now)
    {
        lock (_gate)
        {
            ReleaseUnused(now);
            return new NameUsage(_counted.Count, [.. _full.Select(budget => budget.Owner).Order(StringComparer.Ordinal)]);
        }
    }

    /// <summary>True if a text is a valid signal name: lower-case letters, digits and symbols of all scripts, and <c>_</c>.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= MaxNameLength
        && text.EnumerateRunes().All(rune => rune.Value == '_' || (SignalKey.IsContent(rune) && Rune.ToLowerInvariant(rune) == rune));

    /// <summary>The signal of a name that was received or stored before; null if unknown.</summary>
    public Signal? Known(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The signal of a name in snake_case; one that is not known does not become so.</summary>
    internal Signal KnownOrNew(string name) => Known(name) ?? new Signal(name);

    bool IsFull(NameBudget budget) => budget.Count >= MaxSignalsOfVehicle || _counted.Count >= MaxOtherSignals;

    void Count(Signal signal, NameBudget budget, DateTime sentAt)
    {
        (signal.Budget, signal.SentAt) = (budget, sentAt);
        budget.Count++;
        _counted.Add(signal);
    }

    // The signal stays in the catalog: its readings are in the store and on the pages.
    void ReleaseUnused(DateTime now)
    {
        _checkedAt = now;
        _counted.RemoveAll(signal =>
        {
            if (now - signal.SentAt < UnusedAfter) return false;
            signal.Budget!.Count--;
            signal.Budget = null;
            return true;
        });
        _full.RemoveWhere(budget => budget.Count < MaxSignalsOfVehicle);
    }
}
