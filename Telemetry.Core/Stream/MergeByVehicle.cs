using System.Reactive.Linq;
using Telemetry.Core.Presence;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Stream;

/// <summary>Builds each vehicle's snapshot out of what happens to it.</summary>
public static class MergeByVehicleOperator
{
    /// <summary>Gives every event with the vehicle's whole snapshot after it.</summary>
    /// <param name="source">What happens to any number of vehicles, and how they stand.</param>
    /// <param name="serverStart">Dates the snapshot of a vehicle that has not been heard yet.</param>
    public static IObservable<SnapshotEvent> MergeByVehicle(this IObservable<Observation> source, DateTime serverStart) =>
        Observable.Create<SnapshotEvent>(observer =>
        {
            var snapshots = new Dictionary<Vehicle, VehicleSnapshot>();
            return source.Subscribe(
                observation =>
                {
                    var vehicle = observation.Event.Vehicle;
                    var known = snapshots.GetValueOrDefault(vehicle);
                    var snapshot = (known ?? VehicleSnapshot.Unheard(vehicle, serverStart, observation.Presence.OfflineAfter)).After(observation);
                    if (snapshot != known) snapshots[vehicle] = snapshot;
                    observer.OnNext(new SnapshotEvent(observation.Event, snapshot) { IsChange = snapshot != known });
                },
                observer.OnError,
                observer.OnCompleted);
        });
}
