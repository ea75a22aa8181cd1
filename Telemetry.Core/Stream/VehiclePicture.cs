using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Stream;

/// <summary>All that is known of a vehicle at one moment. Immutable.</summary>
public sealed class VehiclePicture
{
    readonly Reading[] _readings;

    VehiclePicture(Vehicle vehicle, VehiclePresence presence, DateTime timestamp, bool heard, Reading[] readings, bool isTransition = false)
    {
        Vehicle = vehicle;
        Presence = presence;
        Timestamp = timestamp;
        IsHeard = heard;
        _readings = readings;
        IsTransition = isTransition;
    }

    /// <summary>A vehicle of which nothing is known but its name: offline, every signal unknown.</summary>
    /// <param name="vehicle">The vehicle.</param>
    /// <param name="serverStart">The timestamp until its first reading.</param>
    /// <param name="offlineAfter">How long it may be silent.</param>
    public static VehiclePicture Unheard(Vehicle vehicle, DateTime serverStart, TimeSpan offlineAfter) =>
        new(vehicle, new VehiclePresence(VehicleState.Offline, StateReason.Restored, serverStart, offlineAfter), serverStart, false, new Reading[Signal.Six.Count]);

    /// <summary>The vehicle.</summary>
    public Vehicle Vehicle { get; }

    /// <summary>How it stands, since when and why.</summary>
    public VehiclePresence Presence { get; }

    /// <summary>Running or offline.</summary>
    public VehicleState State => Presence.State;

    /// <summary>Whether the state was another one until now.</summary>
    public bool IsTransition { get; }

    /// <summary>UTC arrival of the newest reading; before any, the server's start.</summary>
    public DateTime Timestamp { get; }

    /// <summary>Whether <see cref="Timestamp"/> is that of a reading.</summary>
    public bool IsHeard { get; }

    /// <summary>The newest value of each signal: the six in their order, known or not, then the others as they first came.</summary>
    public ReadOnlySpan<Reading> Readings => _readings;

    /// <summary>Whether a picture must not wait behind another one.</summary>
    public static bool HasOtherState(VehiclePicture before, VehiclePicture now) => before.State != now.State;

    /// <summary>The picture after an event. The same instance where it tells nothing new.</summary>
    public VehiclePicture After(Observation observation)
    {
        var (happening, presence) = observation;
        return happening switch
        {
            Arrival arrival => Next(presence, arrival.Readings[^1].At, true, With(arrival.Readings, replaceDated: true)),
            LastValues last => Filled(presence, last.Readings),
            _ => presence == Presence ? this : Next(presence, Timestamp, IsHeard, _readings),
        };
    }

    VehiclePicture Next(VehiclePresence presence, DateTime timestamp, bool heard, Reading[] readings) =>
        new(Vehicle, presence, timestamp, heard, readings, isTransition: presence.State != State);

    // Nothing replaces a value of a known time but a newer one of a known time: a retained value may be older than all we have.
    VehiclePicture Filled(VehiclePresence presence, Reading[] readings)
    {
        var newest = readings.Select(reading => reading.At).DefaultIfEmpty().Max();
        var dated = newest != default && (!IsHeard || newest > Timestamp);
        var merged = With(readings, replaceDated: false);
        return _readings.AsSpan().SequenceEqual(merged) && !dated && readings.Length > 0 && presence == Presence
            ? this
            : Next(presence, dated ? newest : Timestamp, IsHeard || dated, merged);
    }

    Reading[] With(Reading[] news, bool replaceDated)
    {
        var merged = (Reading[])_readings.Clone();
        foreach (var reading in news)
        {
            var slot = reading.Signal.Slot >= 0 ? reading.Signal.Slot : Array.FindIndex(merged, known => known.Signal == reading.Signal);
            if (slot < 0)
            {
                slot = merged.Length;
                Array.Resize(ref merged, slot + 1);
            }

            if (replaceDated || merged[slot].At == default || reading.At > merged[slot].At) merged[slot] = reading;
        }

        return merged;
    }
}
