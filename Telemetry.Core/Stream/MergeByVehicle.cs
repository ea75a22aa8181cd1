using System.Reactive.Linq;
using Telemetry.Core.Presence;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Stream;

/// <summary>Builds each vehicle's snapshot out of what happens to it.</summary>
public static class MergeByVehicleOperator
{
    /// <summary>Gives, for every event, the vehicle's whole snapshot after it; nothing where it changes nothing.</summary>
    /// <param name="source">What happens to any number of vehicles, and how they stand.</param>
    /// <param name="serverStart">Dates the snapshot of a vehicle that has not been heard yet.</param>
    public static IObservable<VehicleSnapshot> MergeByVehicle(this IObservable<Observation> source, DateTime serverStart) =>
        Observable.Create<VehicleSnapshot>(observer =>
        {
            var snapshots = new Dictionary<Vehicle, VehicleSnapshot>();
            return source.Subscribe(
                observation =>
                {
                    var vehicle = observation.Event.Vehicle;
                    var known = snapshots.GetValueOrDefault(vehicle);
                    var snapshot = (known ?? VehicleSnapshot.Unheard(vehicle, serverStart, observation.Presence.OfflineAfter)).After(observation);
                    if (snapshot == known) return;
                    snapshots[vehicle] = snapshot;
                    observer.OnNext(snapshot);
                },
                observer.OnError,
                observer.OnCompleted);
        });
}
