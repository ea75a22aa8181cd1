using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Tests.Support;

/// <summary>Vehicles and what happens to them, in few words.</summary>
static class Cars
{
    public static readonly DateTime Noon = new(2025, 11, 27, 12, 0, 0, DateTimeKind.Utc);

    public static Reading At(double seconds, Signal signal, double value) => new(signal, value, Noon.AddSeconds(seconds));

    public static VehicleEvent Arrives(this Vehicle car, params Reading[] readings) => new Arrival(car, readings);

    public static VehicleEvent Remembers(this Vehicle car, params Reading[] readings) => new RestoredValues(car, readings);

    public static VehicleEvent Beats(this Vehicle car) => car.Arrives(At(0, Signal.Rpm, 900));

    /// <summary>The snapshot after an event that makes its vehicle running, or offline.</summary>
    public static VehicleSnapshot After(this VehicleSnapshot snapshot, VehicleEvent vehicleEvent, VehicleState? state = null) =>
        snapshot.After(new Observation(vehicleEvent, snapshot.Presence with { State = state ?? snapshot.State }));

    public static double? Value(this VehicleSnapshot snapshot, Signal signal)
    {
        foreach (var reading in snapshot.Readings)
            if (reading.Signal == signal) return reading.Value;
        return null;
    }
}
