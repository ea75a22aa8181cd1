using System.Collections.Concurrent;
using Telemetry.Core.Live;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Ingest;

/// <summary>Recognizes publishes of an offline vehicle that only repeat what is known of it.</summary>
/// <remarks>
/// A bridge that connects again sends what its broker has retained, each topic once, or twice in a row (Mosquitto 2.0), and nothing
/// in it says how old it is. One caller at a time; pictures may come from any thread.
/// </remarks>
public sealed class ReplayDetector
{
    // Copies of one burst lie closer together than two messages of a dongle.
    static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(250);

    readonly ConcurrentDictionary<Vehicle, VehiclePicture> _pictures = new();
    readonly ConcurrentDictionary<Vehicle, Dictionary<Signal, TimeSpan>> _repeated = new();

    /// <param name="graph">Knows the vehicles.</param>
    public ReplayDetector(LiveGraph graph) => graph.Pictures.Subscribe(Note);

    /// <summary>True for the first message with these signals since the vehicle was running, where every value is the known one.</summary>
    /// <param name="vehicle">The vehicle.</param>
    /// <param name="values">What the message holds.</param>
    /// <param name="elapsed">Its arrival, as <see cref="LiveGraph.Elapsed"/>.</param>
    public bool IsReplay(Vehicle vehicle, IReadOnlyList<(Signal Signal, double Value)> values, TimeSpan elapsed)
    {
        if (!_pictures.TryGetValue(vehicle, out var picture) || IsPresent(picture, elapsed) || !Repeats(picture, values)) return false;
        var repeated = _repeated.GetOrAdd(vehicle, _ => []);
        foreach (var (signal, _) in values)
            if (repeated.TryGetValue(signal, out var first) && elapsed - first >= Burst) return false; // A dongle publishes again; a bridge does not.
        foreach (var (signal, _) in values) repeated.TryAdd(signal, elapsed);
        return true;
    }

    void Note(VehiclePicture picture)
    {
        if (picture.Vehicle.IsMerged) return;
        _pictures[picture.Vehicle] = picture;
        if (picture.State == VehicleState.Running) _repeated.TryRemove(picture.Vehicle, out _);
    }

    // A vehicle that is offline for its repetition is still there.
    static bool IsPresent(VehiclePicture picture, TimeSpan elapsed) => picture.State == VehicleState.Running
        || (picture.Presence.Reason == StateReason.Stale && elapsed - picture.HeardAt < picture.Presence.OfflineAfter);

    static bool Repeats(VehiclePicture picture, IReadOnlyList<(Signal Signal, double Value)> values)
    {
        foreach (var (signal, value) in values)
        {
            var isKnown = false;
            foreach (var known in picture.Readings) isKnown |= known.Signal == signal && known.Value == value;
            if (!isKnown) return false;
        }

        return true;
    }
}
