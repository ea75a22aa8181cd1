using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Time;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Stream;

/// <summary>State of a vehicle at one moment. Immutable.</summary>
public sealed class VehicleSnapshot
{
    static readonly TimeSpan NotHeard = TimeSpan.MinValue;

    readonly Reading[] _readings;
    readonly TimeSpan[] _heardAt; // Parallel to _readings.

    VehicleSnapshot(Vehicle vehicle, VehiclePresence presence, DateTime timestamp)
    {
        Vehicle = vehicle;
        Presence = presence;
        Timestamp = timestamp;
        _readings = new Reading[Signal.Six.Count];
        _heardAt = new TimeSpan[Signal.Six.Count];
        Array.Fill(_heardAt, NotHeard);
    }

    VehicleSnapshot(VehicleSnapshot before, VehiclePresence presence, Reading[] readings, TimeSpan[] heardAt)
    {
        Vehicle = before.Vehicle;
        Presence = presence;
        Timestamp = before.Timestamp;
        IsHeard = before.IsHeard;
        HeardAt = before.HeardAt;
        IsTransition = presence.State != before.State;
        _readings = readings;
        _heardAt = heardAt;
    }

    /// <summary>Snapshot of a vehicle that has sent nothing: offline, every signal unknown.</summary>
    /// <param name="vehicle">The vehicle.</param>
    /// <param name="serverStart">Timestamp until its first reading.</param>
    /// <param name="offlineAfter">Its timeout of silence.</param>
    public static VehicleSnapshot Unheard(Vehicle vehicle, DateTime serverStart, TimeSpan offlineAfter) =>
        new(vehicle, new VehiclePresence(VehicleState.Offline, StateReason.Restored, serverStart, offlineAfter), serverStart);

    /// <summary>A snapshot that another server has made.</summary>
    /// <param name="vehicle">The vehicle.</param>
    /// <param name="presence">Its presence.</param>
    /// <param name="timestamp">As <see cref="Timestamp"/>.</param>
    /// <param name="isHeard">As <see cref="IsHeard"/>.</param>
    /// <param name="heardAt">As <see cref="HeardAt"/>, by the clock of this server.</param>
    /// <param name="values">Its known values, each with its arrival as <see cref="HeardAtOf"/>.</param>
    public static VehicleSnapshot Received(Vehicle vehicle, VehiclePresence presence, DateTime timestamp, bool isHeard, TimeSpan? heardAt, IEnumerable<(Reading Reading, TimeSpan? HeardAt)> values)
    {
        var unheard = new VehicleSnapshot(vehicle, presence, timestamp);
        var (readings, times) = unheard.Copy();
        foreach (var (reading, at) in values)
        {
            var slot = SlotOf(reading.Signal, ref readings, ref times);
            (readings[slot], times[slot]) = (reading, at ?? NotHeard);
        }

        return new(unheard, presence, readings, times) { IsHeard = isHeard, HeardAt = heardAt };
    }

    /// <summary>The vehicle.</summary>
    public Vehicle Vehicle { get; }

    /// <summary>Presence, with reason and start of the state.</summary>
    public VehiclePresence Presence { get; }

    /// <summary>Running or offline.</summary>
    public VehicleState State => Presence.State;

    /// <summary>True when the state changed with this snapshot.</summary>
    public bool IsTransition { get; }

    /// <summary>UTC arrival of the newest reading; before any, the server's start.</summary>
    public DateTime Timestamp { get; private init; }

    /// <summary>True if <see cref="Timestamp"/> is that of a reading.</summary>
    public bool IsHeard { get; private init; }

    /// <summary>Arrival of that reading, as <c>LiveGraph.Elapsed</c>; null if it arrived before the start, or was imported.</summary>
    public TimeSpan? HeardAt { get; private init; }

    /// <summary>Newest value of each signal: the six in their order, known or not, then the others in order of first arrival.</summary>
    public ReadOnlySpan<Reading> Readings => _readings;

    /// <summary>True if the state differs, so the rate limit must not delay the snapshot.</summary>
    public static bool IsStateChange(VehicleSnapshot before, VehicleSnapshot now) => before.State != now.State;

    /// <summary>Arrival of a value, as <c>LiveGraph.Elapsed</c>; null if it arrived before the start, or was imported.</summary>
    /// <param name="index">Its index in <see cref="Readings"/>.</param>
    public TimeSpan? HeardAtOf(int index) => Known(_heardAt[index]);

    /// <summary>The snapshot after an event; the same instance if nothing changed.</summary>
    public VehicleSnapshot After(Observation observation) => observation switch
    {
        { Event: Arrival arrival } => Heard(observation.Presence, arrival.Readings, observation.Elapsed),
        { Event: RestoredValues last } => Filled(observation.Presence, last.Readings, observation.Now),
        _ when observation.Presence == Presence => this,
        _ => new(this, observation.Presence, _readings, _heardAt),
    };

    // Timestamps are not compared: an arrival is newer than all known values, also if the clock was set back.
    VehicleSnapshot Heard(VehiclePresence presence, Reading[] news, TimeSpan elapsed)
    {
        var (readings, heardAt) = Copy();
        foreach (var reading in news)
        {
            var slot = SlotOf(reading.Signal, ref readings, ref heardAt);
            (readings[slot], heardAt[slot]) = (reading, elapsed);
        }

        return new(this, presence, readings, heardAt) { Timestamp = news[^1].At, IsHeard = true, HeardAt = elapsed };
    }

    // A retained value has no timestamp and never replaces a dated one.
    VehicleSnapshot Filled(VehiclePresence presence, Reading[] news, DateTime now)
    {
        var (readings, heardAt) = Copy();
        var newest = default(DateTime);
        foreach (var reading in news)
        {
            if (IsNewer(reading.At, newest, now)) newest = reading.At;
            var slot = SlotOf(reading.Signal, ref readings, ref heardAt);
            if (readings[slot].At == default || IsNewer(reading.At, readings[slot].At, now)) (readings[slot], heardAt[slot]) = (reading, NotHeard);
        }

        var isDated = newest != default && (!IsHeard || IsNewer(newest, Timestamp, now));
        if (_readings.AsSpan().SequenceEqual(readings) && !isDated && news.Length > 0 && presence == Presence) return this;
        return isDated
            ? new(this, presence, readings, heardAt) { Timestamp = newest, IsHeard = true, HeardAt = null }
            : new(this, presence, readings, heardAt);
    }

    // A timestamp in the future comes from a wrong clock: any other one counts as newer.
    static bool IsNewer(DateTime time, DateTime known, DateTime now)
    {
        var latest = ReadingTime.LatestOf(now);
        return known == default || time == default || time > latest == known > latest ? time > known : known > latest;
    }

    (Reading[] Readings, TimeSpan[] HeardAt) Copy() => ((Reading[])_readings.Clone(), (TimeSpan[])_heardAt.Clone());

    static int SlotOf(Signal signal, ref Reading[] readings, ref TimeSpan[] heardAt)
    {
        var slot = signal.Slot >= 0 ? signal.Slot : Array.FindIndex(readings, known => known.Signal == signal);
        if (slot >= 0) return slot;
        slot = readings.Length;
        Array.Resize(ref readings, slot + 1);
        Array.Resize(ref heardAt, slot + 1);
        heardAt[slot] = NotHeard;
        return slot;
    }

    static TimeSpan? Known(TimeSpan heardAt) => heardAt == NotHeard ? null : heardAt;
}
