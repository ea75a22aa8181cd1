using System.Reactive.Linq;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Stream;

/// <summary>An event of a vehicle, and the vehicle's snapshot after it.</summary>
/// <param name="Event">The event.</param>
/// <param name="Snapshot">The same instance as before if nothing changed.</param>
public readonly record struct SnapshotEvent(VehicleEvent Event, VehicleSnapshot Snapshot)
{
    /// <summary>True if the snapshot has changed.</summary>
    public bool IsChange { get; init; }
}

/// <summary>Operators on snapshot events.</summary>
public static class SnapshotEvents
{
    /// <summary>The snapshots of events that changed them.</summary>
    public static IObservable<VehicleSnapshot> Changes(this IObservable<SnapshotEvent> source) => source.Where(snapshotEvent => snapshotEvent.IsChange).Select(snapshotEvent => snapshotEvent.Snapshot);
}
