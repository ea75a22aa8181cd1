using System.Reactive.Linq;
using Telemetry.Core.Presence;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Stream;

/// <summary>Builds each vehicle's picture out of what happens to it.</summary>
public static class MergeByVehicleOperator
{
    /// <summary>Gives, for every event, the vehicle's whole picture after it; nothing where it changes nothing.</summary>
    /// <param name="source">What happens to any number of vehicles, and how they stand.</param>
    /// <param name="serverStart">Dates the picture of a vehicle that has not been heard yet.</param>
    public static IObservable<VehiclePicture> MergeByVehicle(this IObservable<Observation> source, DateTime serverStart) =>
        Observable.Create<VehiclePicture>(observer =>
        {
            var pictures = new Dictionary<Vehicle, VehiclePicture>();
            return source.Subscribe(
                observation =>
                {
                    var vehicle = observation.Happening.Vehicle;
                    var known = pictures.GetValueOrDefault(vehicle);
                    var picture = (known ?? VehiclePicture.Unheard(vehicle, serverStart, observation.Presence.OfflineAfter)).After(observation);
                    if (picture == known) return;
                    pictures[vehicle] = picture;
                    observer.OnNext(picture);
                },
                observer.OnError,
                observer.OnCompleted);
        });
}
