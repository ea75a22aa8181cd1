using System.Reactive.Linq;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Stream;

/// <summary>An event of a vehicle, and the vehicle's snapshot after it.</summary>
/// <param name="Event">What has happened.</param>
/// <param name="Snapshot">The same instance as before where it changed nothing.</param>
public readonly record struct SnapshotEvent(VehicleEvent Event, VehicleSnapshot Snapshot)
{
    /// <summary>True if the snapshot is another one than before.</summary>
    public bool IsChange { get; init; }
}

/// <summary>Snapshots of events.</summary>
public static class SnapshotEvents
{
    /// <summary>The snapshots, each after an event that changed it.</summary>
    public static IObservable<VehicleSnapshot> Changes(this IObservable<SnapshotEvent> source) => source.Where(snapshotEvent => snapshotEvent.IsChange).Select(snapshotEvent => snapshotEvent.Snapshot);
}
