using System.Collections.Frozen;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Broadcast;

/// <summary>Choice of the signals beyond the six in a message.</summary>
/// <remarks>Equal if the same names are chosen in the same order.</remarks>
public sealed class SignalChoice : IEquatable<SignalChoice>
{
    /// <summary>Maximum names in a choice.</summary>
    public const int MaxNames = 100;

    /// <summary>No further signals: the message of the contract.</summary>
    public static readonly SignalChoice None = new([]);

    /// <summary>All signals that the vehicle has sent, in order of first arrival.</summary>
    public static readonly SignalChoice All = new(null);

    // A key of the message; no signal may use it.
    const string VehicleId = "vehicle_id";

    readonly string[]? _names;
    readonly FrozenDictionary<string, int> _places;
    readonly int _hash;

    SignalChoice(string[]? names)
    {
        _names = names;
        _places = (names ?? []).Select((name, place) => (name, place)).ToFrozenDictionary(entry => entry.name, entry => entry.place);
        var hash = new HashCode();
        hash.Add(names?.Length ?? -1);
        foreach (var name in names ?? []) hash.Add(name);
        _hash = hash.ToHashCode();
    }

    /// <summary>Parses comma-separated names, or <c>*</c>.</summary>
    /// <param name="text">Such as <c>soc,odometer</c>. May include the six, which are always shown.</param>
    /// <param name="choice">The choice; a repeated name counts once.</param>
    /// <returns>False if it contains an invalid name, or more than <see cref="MaxNames"/>.</returns>
    public static bool TryParse(string text, out SignalChoice choice)
    {
        choice = All;
        if (text == "*") return true;
        choice = None;
        var names = text.Split(',', MaxNames + 1);
        if (names.Length > MaxNames || !names.All(SignalCatalog.IsName) || names.Contains(VehicleId)) return false;
        var others = names.Distinct().Where(name => !Signal.Six.Any(signal => signal.Name == name)).ToArray();
        if (others.Length > 0) choice = new SignalChoice(others);
        return true;
    }

    /// <summary>The chosen readings of a snapshot by name; a signal that was never received has an unknown reading.</summary>
    public IEnumerable<(string Name, Reading Reading)> Of(VehicleSnapshot snapshot)
    {
        if (this == None) yield break;
        var readings = _names is null ? snapshot.Readings[Signal.Six.Count..].ToArray() : Find(snapshot);
        for (var i = 0; i < readings.Length; i++)
        {
            var reading = readings[i];
            var name = _names?[i] ?? reading.Signal.Name;
            if (name != VehicleId) yield return (name, reading);
        }
    }

    /// <inheritdoc/>
    public bool Equals(SignalChoice? other) =>
        ReferenceEquals(this, other) || (other is not null && _hash == other._hash && (_names is null ? other._names is null : other._names is not null && _names.SequenceEqual(other._names)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SignalChoice);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    // One pass over the readings, for any number of names.
    Reading[] Find(VehicleSnapshot snapshot)
    {
        var found = new Reading[_names!.Length];
        foreach (var reading in snapshot.Readings[Signal.Six.Count..])
            if (_places.TryGetValue(reading.Signal.Name, out var place)) found[place] = reading;
        return found;
    }
}
