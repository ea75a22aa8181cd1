using System.Reactive.Linq;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Stream;

/// <summary>Builds each vehicle's snapshot from its events.</summary>
public static class MergeByVehicleOperator
{
    /// <summary>Pairs every event with the vehicle's snapshot after it.</summary>
    /// <param name="source">Events of any number of vehicles, with their presence.</param>
    /// <param name="serverStart">Timestamp of the snapshot of a vehicle that has sent nothing.</param>
    /// <param name="follows">True for the signals that snapshots follow; null: all. A snapshot is large beside a message.</param>
    public static IObservable<SnapshotEvent> MergeByVehicle(this IObservable<Observation> source, DateTime serverStart, Func<Signal, bool>? follows = null) =>
        Observable.Create<SnapshotEvent>(observer =>
        {
            var snapshots = new Dictionary<Vehicle, VehicleSnapshot>();
            return source.Subscribe(
                observation =>
                {
                    var vehicle = observation.Event.Vehicle;
                    var known = snapshots.GetValueOrDefault(vehicle);
                    if (observation.Event is Released)
                    {
                        snapshots.Remove(vehicle);
                        observer.OnNext(new SnapshotEvent(observation.Event, known ?? VehicleSnapshot.Unheard(vehicle, serverStart, observation.Presence.OfflineAfter)));
                        return;
                    }

                    if (known is not null && follows is not null && known.Presence == observation.Presence && !Changes(observation.Event, follows))
                    {
                        observer.OnNext(new SnapshotEvent(observation.Event, known));
                        return;
                    }

                    var snapshot = (known ?? VehicleSnapshot.Unheard(vehicle, serverStart, observation.Presence.OfflineAfter)).After(observation);
                    if (snapshot != known) snapshots[vehicle] = snapshot;
                    observer.OnNext(new SnapshotEvent(observation.Event, snapshot) { IsChange = snapshot != known });
                },
                observer.OnError,
                observer.OnCompleted);
        });

    static bool Changes(VehicleEvent vehicleEvent, Func<Signal, bool> follows)
    {
        if (vehicleEvent is not Arrival arrival) return true;
        foreach (var reading in arrival.Readings)
            if (follows(reading.Signal)) return true;
        return false;
    }
}
