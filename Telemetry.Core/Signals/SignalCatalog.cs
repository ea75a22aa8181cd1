using System.Collections.Concurrent;
using System.Text;

namespace Telemetry.Core.Signals;

/// <summary>What a key means.</summary>
/// <param name="Signal">The signal; null where the key names none.</param>
/// <param name="Unit">The unit in the key; null where there is none in it.</param>
/// <param name="IsNameless">True if it names none because nothing in it can be a name.</param>
readonly record struct KeyMeaning(Signal? Signal, Unit? Unit = null, bool IsNameless = false);

/// <summary>Finds the signal that a key on the wire means. Thread-safe.</summary>
/// <remarks>
/// Two families of keys exist: <c>HH-Name</c> (hexadecimal PID, then the name) and UPPER_SNAKE vehicle profiles. They are compared
/// without the PID, the unit, case, spaces, <c>_</c> and <c>-</c>. A key that means none of the six is a signal of its own under its
/// snake_case name. A name that nobody is known to use is counted for the vehicle that brings it, until it has not been sent for a day.
/// </remarks>
public sealed class SignalCatalog
{
    /// <summary>Counted names at once; it bounds memory against publishers that invent names.</summary>
    public const int MaxOtherSignals = 4096;

    /// <summary>Counted names of one vehicle, so that none takes those of the others. The largest profile of a WiCAN has 236.</summary>
    public const int MaxSignalsOfVehicle = 512;

    /// <summary>The longest key that can name a signal, in characters.</summary>
    public const int MaxKeyLength = 128;

    /// <summary>The longest name of a signal: of a key whose every letter begins a word.</summary>
    public const int MaxNameLength = 2 * MaxKeyLength;

    /// <summary>A name that nobody has sent for so long is not counted any more.</summary>
    public static readonly TimeSpan UnusedAfter = TimeSpan.FromDays(1);

    // Spellings are remembered so that a known key costs one look-up. Bounded apart from the signals: many spellings, one name.
    const int MaxSpellings = MaxOtherSignals;

    // How often the counted names are gone through while a limit is reached.
    static readonly TimeSpan CheckInterval = TimeSpan.FromMinutes(1);

    readonly ConcurrentDictionary<string, Signal> _byName = new();
    readonly ConcurrentDictionary<string, KeyMeaning> _bySpelling = new();
    readonly ConcurrentDictionary<string, KeyMeaning>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    readonly Lock _gate = new();
    readonly List<Signal> _counted = [];
    readonly HashSet<NameBudget> _full = [];
    DateTime _checkedAt;

    /// <summary>A catalogue that knows the six signals, their aliases and <see cref="BatteryVoltage"/>.</summary>
    public SignalCatalog()
    {
        _bySpan = _bySpelling.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var signal in Signal.Six) _byName[signal.Name] = signal;
        _byName[BatteryVoltage.Name] = BatteryVoltage;
    }

    /// <summary>The dongle's own voltage reading: it stands in for the control module's where a car sends no better one.</summary>
    public Signal BatteryVoltage { get; } = new("battery_voltage");

    /// <summary>The signal that a key of a configuration names, made known if it is new. It is not counted.</summary>
    /// <param name="key">The key.</param>
    /// <param name="signal">The signal, or null.</param>
    /// <returns>True if there is one.</returns>
    public bool TryFind(ReadOnlySpan<char> key, out Signal? signal)
    {
        signal = null;
        return Find(key).Signal is { } found && TryNamed(found.Name, out signal);
    }

    /// <summary>The meaning of a key. Its signal may be new: then <see cref="TryTake"/> makes it known.</summary>
    /// <param name="key">A JSON key or topic level, without the levels above it.</param>
    internal KeyMeaning Find(ReadOnlySpan<char> key)
    {
        if (_bySpan.TryGetValue(key, out var meaning)) return meaning;
        if (key.Length > MaxKeyLength) return new KeyMeaning(null, IsNameless: true);

        var (name, spelling, unit) = SignalKey.Parse(key);
        if (name.Length is 0 or > MaxNameLength) meaning = new KeyMeaning(null, IsNameless: true);
        else if (unit is not null || !SignalAliases.IsNoSignal(spelling)) meaning = new KeyMeaning(SignalAliases.Of(spelling) ?? Named(name), unit);
        if (meaning.IsNameless || (meaning.Signal is { } signal && Known(signal.Name) != signal)) return meaning;
        if (_bySpelling.Count < MaxSpellings) _bySpan.TryAdd(key, meaning);
        return meaning;
    }

    /// <summary>The signal of a name that keeps all that is in a key, for a value that is no other signal's.</summary>
    /// <param name="key">The key.</param>
    /// <param name="unit">A unit that belongs into the name; empty where none does.</param>
    /// <returns>Null where nothing in the key can be a name. It may be new.</returns>
    internal Signal? FindWhole(ReadOnlySpan<char> key, ReadOnlySpan<char> unit = default) =>
        key.Length + unit.Length <= MaxKeyLength && SignalKey.WholeName(unit.IsEmpty ? key : $"{key} {unit}") is { Length: > 0 and <= MaxNameLength } name ? Named(name) : null;

    /// <summary>The signal of a stored, requested or decoded name, made known if it is new. It is not counted.</summary>
    /// <param name="name">A name in snake_case; the empty name names no signal.</param>
    /// <param name="signal">The signal, or null.</param>
    /// <returns>True if there is one.</returns>
    public bool TryNamed(string name, out Signal? signal)
    {
        signal = name.Length == 0 ? null : _byName.GetOrAdd(name, static name => new Signal(name));
        return signal is not null;
    }

    /// <summary>Makes a signal known that may be new, and counts its name where nobody is known to use it.</summary>
    /// <param name="found">What a key was found to mean; afterwards the one signal of that name.</param>
    /// <param name="budget">The names of the vehicle that sends it.</param>
    /// <param name="now">Time of arrival, UTC.</param>
    /// <returns>False where the name would be one too many.</returns>
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

    /// <summary>True if <see cref="TryTake"/> would take a signal.</summary>
    public bool CanTake(Signal found, NameBudget budget, DateTime now) => _byName.ContainsKey(found.Name) || found.IsUsual || HasRoom(budget, now);

    /// <summary>The signal of a name in a file, made known and counted if it is new.</summary>
    /// <param name="name">A name as an export has it, or a key.</param>
    /// <param name="budget">The names of the vehicle.</param>
    /// <param name="now">The time, UTC.</param>
    /// <returns>Null where it names none, or would be one too many.</returns>
    public Signal? Import(string name, NameBudget budget, DateTime now)
    {
        if (Known(name) is { } known) return TryTake(ref known, budget, now) ? known : null;
        var meaning = Find(name);
        // A value in another unit than the signal's is none of the signal.
        var signal = meaning.Unit is null || meaning.Unit.Name == meaning.Signal?.Unit ? meaning.Signal : FindWhole(name);
        return signal is not null && TryTake(ref signal, budget, now) ? signal : null;
    }

    /// <summary>Counts the name of a restored reading as if it had just been sent at that time.</summary>
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
            if (IsFull(budget) && (now - _checkedAt).Duration() >= CheckInterval) GiveBack(now);
            if (budget.Count >= MaxSignalsOfVehicle) _full.Add(budget);
            return !IsFull(budget);
        }
    }

    /// <summary>The names in use, and whether that is all there may be.</summary>
    public NameUsage Usage(DateTime now)
    {
        lock (_gate)
        {
            GiveBack(now);
            return new NameUsage(_counted.Count, [.. _full.Select(budget => budget.Owner).Order(StringComparer.Ordinal)]);
        }
    }

    /// <summary>True if a text is in the form of signals' names: lower-case letters, digits and pictures of all scripts, and <c>_</c>.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= MaxNameLength
        && text.EnumerateRunes().All(rune => rune.Value == '_' || (SignalKey.IsContent(rune) && Rune.ToLowerInvariant(rune) == rune));

    /// <summary>The signal of a name that has been heard or stored; null where none has.</summary>
    public Signal? Known(string name) => _byName.GetValueOrDefault(name);

    Signal Named(string name) => Known(name) ?? new Signal(name);

    bool IsFull(NameBudget budget) => budget.Count >= MaxSignalsOfVehicle || _counted.Count >= MaxOtherSignals;

    void Count(Signal signal, NameBudget budget, DateTime sentAt)
    {
        (signal.Budget, signal.SentAt) = (budget, sentAt);
        budget.Count++;
        _counted.Add(signal);
    }

    // The signal itself stays known: its readings are in the store, and on the pages.
    void GiveBack(DateTime now)
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
