using System.Collections.Concurrent;

namespace Telemetry.Core.Signals;

/// <summary>Finds the signal that a key on the wire means. Thread-safe.</summary>
/// <remarks>
/// Two families of keys exist: <c>HH-Name</c> (hexadecimal PID, then the name) and UPPER_SNAKE vehicle profiles. They are compared
/// without the PID, case, <c>_</c> and <c>-</c>. A key that means none of the six is a signal of its own under its snake_case name.
/// </remarks>
public sealed class SignalCatalog
{
    /// <summary>Distinct names beyond the six that are taken in; it bounds memory against a publisher that invents names.</summary>
    public const int MaxOtherSignals = 4096;

    /// <summary>The longest key that can name a signal, in characters.</summary>
    public const int MaxKeyLength = 128;

    /// <summary>The longest name of a signal: of a key whose every letter begins a word.</summary>
    public const int MaxNameLength = 2 * MaxKeyLength;

    // Spellings are remembered so that a known key costs one look-up. Bounded apart from the signals: many spellings, one name.
    const int MaxSpellings = 4 * MaxOtherSignals;

    static readonly (string Key, Signal Signal)[] Aliases =
    [
        ("rpm", Signal.Rpm), ("enginerpm", Signal.Rpm), ("enginespeed", Signal.Rpm),
        ("vehiclespeed", Signal.VehicleSpeed), ("speed", Signal.VehicleSpeed),
        ("coolanttemperature", Signal.CoolantTemperature), ("enginecoolanttemp", Signal.CoolantTemperature),
        ("coolanttmp", Signal.CoolantTemperature), ("coolanttemp", Signal.CoolantTemperature),
        ("engineload", Signal.EngineLoad), ("calcengineload", Signal.EngineLoad),
        ("controlmodulevoltage", Signal.ControlModuleVoltage), ("controlmodulevolt", Signal.ControlModuleVoltage),
        ("lvv", Signal.ControlModuleVoltage),
        ("fuelrailpressure", Signal.FuelRailPressure), ("fuelrailgaug", Signal.FuelRailPressure),
        ("fuelrailabspres", Signal.FuelRailPressure), ("fuelrailpres", Signal.FuelRailPressure),
    ];

    static readonly string[] NoSignal = ["timestamp", "time", "meta", "raw", "error", "status", "ecustatus", "frame", "alert"];

    readonly ConcurrentDictionary<string, Signal> _byName = new();
    readonly ConcurrentDictionary<string, Signal?> _bySpelling = new();
    readonly ConcurrentDictionary<string, Signal?>.AlternateLookup<ReadOnlySpan<char>> _bySpan;

    /// <summary>A catalogue that knows the six signals, their aliases and <see cref="BatteryVoltage"/>.</summary>
    public SignalCatalog()
    {
        _bySpan = _bySpelling.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var signal in Signal.Six) _byName[signal.Name] = signal;
        _byName[BatteryVoltage.Name] = BatteryVoltage;
    }

    /// <summary>The dongle's own voltage reading: it stands in for the control module's where a car sends no better one.</summary>
    public Signal BatteryVoltage { get; } = new("battery_voltage");

    /// <summary>The signal that a key names.</summary>
    /// <param name="key">A JSON key or topic level; of a key with slashes only the last level counts.</param>
    /// <param name="signal">The signal, or null where the key names none.</param>
    /// <returns>False when the key would be one name too many (<see cref="MaxOtherSignals"/>).</returns>
    public bool TryFind(ReadOnlySpan<char> key, out Signal? signal)
    {
        if (_bySpan.TryGetValue(key, out signal)) return true;
        if (key.Length > MaxKeyLength) return true;

        var last = key[(key.LastIndexOf('/') + 1)..];
        var compared = Compared(last);
        if (!NoSignal.Contains(compared))
        {
            signal = Array.Find(Aliases, alias => alias.Key == compared).Signal;
            if (signal is null && !TryNamed(SnakeCase(last), out signal)) return false;
        }

        if (_bySpelling.Count < MaxSpellings) _bySpan.TryAdd(key, signal);
        return true;
    }

    /// <summary>The signal of a stored or requested name, made known if it is new.</summary>
    /// <param name="name">A name in snake_case; the empty name names no signal.</param>
    /// <param name="signal">The signal, or null.</param>
    /// <returns>False when the name would be one too many.</returns>
    public bool TryNamed(string name, out Signal? signal)
    {
        signal = null;
        if (name.Length == 0) return true;
        if (_byName.TryGetValue(name, out signal)) return true;
        if (_byName.Count >= MaxOtherSignals + Signal.Six.Count) return false;
        signal = _byName.GetOrAdd(name, static name => new Signal(name));
        return true;
    }

    /// <summary>Whether a text is in the form of signals' names: lower-case letters, digits and <c>_</c>.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= MaxNameLength && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');

    /// <summary>The signal of a name that has been heard or stored; null where none has.</summary>
    public Signal? Known(string name) => _byName.GetValueOrDefault(name);

    static ReadOnlySpan<char> WithoutPid(ReadOnlySpan<char> key) =>
        key.Length > 3 && key[2] == '-' && IsUpperHex(key[0]) && IsUpperHex(key[1]) ? key[3..] : key;

    static bool IsUpperHex(char c) => char.IsAsciiDigit(c) || c is >= 'A' and <= 'F';

    static string Compared(ReadOnlySpan<char> key)
    {
        Span<char> text = stackalloc char[MaxKeyLength];
        var length = 0;
        foreach (var c in WithoutPid(key))
            if (c is not ('_' or '-')) text[length++] = char.ToLowerInvariant(c);
        return new string(text[..length]);
    }

    // AbsBaroPres -> abs_baro_pres, HV_V -> hv_v, EngineRPMLimit -> engine_rpm_limit; what is neither letter nor digit parts words.
    static string SnakeCase(ReadOnlySpan<char> key)
    {
        key = WithoutPid(key);
        Span<char> name = stackalloc char[MaxNameLength];
        var length = 0;
        for (var i = 0; i < key.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit(key[i]))
            {
                if (length > 0 && name[length - 1] != '_') name[length++] = '_';
                continue;
            }

            var wordStarts = char.IsAsciiLetterUpper(key[i]) && i > 0 &&
                (char.IsAsciiLetterLower(key[i - 1]) ||
                 (char.IsAsciiLetterUpper(key[i - 1]) && i + 1 < key.Length && char.IsAsciiLetterLower(key[i + 1])));
            if (wordStarts && name[length - 1] != '_') name[length++] = '_';
            name[length++] = char.ToLowerInvariant(key[i]);
        }

        return new string(name[..length].TrimEnd('_'));
    }
}
