using System.Collections.Concurrent;
using Telemetry.Core.Live;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Ingest;

/// <summary>Detects messages of an offline vehicle that only repeat its known values.</summary>
/// <remarks>
/// A bridge that reconnects sends what its broker has retained, each topic once, or twice in a row (Mosquitto 2.0), and nothing in the
/// message shows its age. One caller at a time; snapshots may come from any thread.
/// </remarks>
public sealed class ReplayDetector
{
    // Copies in one burst are closer together than two messages of a dongle.
    static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(250);

    readonly ConcurrentDictionary<Vehicle, VehicleSnapshot> _snapshots = new();
    readonly ConcurrentDictionary<Vehicle, Dictionary<Signal, TimeSpan>> _repeated = new();

    /// <param name="graph">Source of the vehicles' snapshots.</param>
    public ReplayDetector(LiveGraph graph) => graph.Snapshots.Subscribe(Note);

    /// <summary>True for the first message with these signals since the vehicle was running, if every value equals the known one.</summary>
    /// <param name="vehicle">The vehicle.</param>
    /// <param name="values">Values of the message.</param>
    /// <param name="elapsed">Its arrival, as <see cref="LiveGraph.Elapsed"/>.</param>
    public bool IsReplay(Vehicle vehicle, IReadOnlyList<(Signal Signal, double Value)> values, TimeSpan elapsed)
    {
        if (!_snapshots.TryGetValue(vehicle, out var snapshot) || IsPresent(snapshot, elapsed) || !Repeats(snapshot, values)) return false;
        var repeated = _repeated.GetOrAdd(vehicle, _ => []);
        foreach (var (signal, _) in values)
            if (repeated.TryGetValue(signal, out var first) && elapsed - first >= Burst) return false; // A dongle publishes again, a bridge does not.
        foreach (var (signal, _) in values) repeated.TryAdd(signal, elapsed);
        return true;
    }

    void Note(VehicleSnapshot snapshot)
    {
        if (snapshot.Vehicle.IsGone) return;
        _snapshots[snapshot.Vehicle] = snapshot;
        if (snapshot.State == VehicleState.Running) _repeated.TryRemove(snapshot.Vehicle, out _);
    }

    // A vehicle that is offline because its values repeat is still connected.
    static bool IsPresent(VehicleSnapshot snapshot, TimeSpan elapsed) => snapshot.State == VehicleState.Running
        || (snapshot.Presence.Reason == StateReason.Stale && elapsed - snapshot.HeardAt < snapshot.Presence.OfflineAfter);

    static bool Repeats(VehicleSnapshot snapshot, IReadOnlyList<(Signal Signal, double Value)> values)
    {
        foreach (var (signal, value) in values)
        {
            var isKnown = false;
            foreach (var known in snapshot.Readings) isKnown |= known.Signal == signal && known.Value == value;
            if (!isKnown) return false;
        }

        return true;
    }
}
