using Telemetry.Core.Demo;
using Telemetry.Core.Signals;

namespace Telemetry.Api.Demo;

/// <summary>Endless drives of simulated cars.</summary>
static class DemoDrive
{
    static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    // Interval and offset in steps spread the values out, as from a real dongle.
    static readonly (Signal Signal, int Every, int Offset, Func<SyntheticCar, double> Value)[] Polls =
    [
        (Signal.Rpm, 2, 0, car => car.Rpm),
        (Signal.VehicleSpeed, 2, 1, car => car.VehicleSpeed),
        (Signal.EngineLoad, 10, 3, car => car.EngineLoad),
        (Signal.FuelRailPressure, 20, 6, car => car.FuelRailPressure),
        (Signal.ControlModuleVoltage, 40, 15, car => car.ControlModuleVoltage),
        (Signal.CoolantTemperature, 40, 30, car => car.CoolantTemperature),
    ];

    /// <summary>A diesel at the rate of a dongle that polls one PID after the other: 24 values a second. Computed lazily. None while the ignition is off.</summary>
    public static IEnumerable<Sample> OfDiesel(int seed)
    {
        var car = new SyntheticCar(seed);
        for (var step = 0L; ; step++)
        {
            car.Advance(Step);
            if (!car.Ignition) continue;
            foreach (var (signal, every, offset, value) in Polls)
                if (step % every == offset % every) yield return new Sample(step * Step, signal.Name, value(car));
        }
    }

    /// <summary>A car of the demo. <paramref name="last"/> has the last value of a signal: the car goes on from there.</summary>
    public static IEnumerable<Sample> Of(DemoVehicle vehicle, Func<string, double?> last, DateTime now, int seed)
    {
        var stored = last(vehicle.Design.IsElectric ? "soc" : "fuel_tank_level") / 100 ?? vehicle.Stored;
        var ride = new DemoRide(vehicle, last("odometer") ?? vehicle.Odometer, stored, now, seed);
        return ride.Values().Select(value => new Sample(value.At, $"{vehicle.Device}/{value.Signal}", value.Value));
    }

    /// <summary>Several cars at once, in order of time.</summary>
    public static IEnumerable<Sample> Together(IReadOnlyList<IEnumerable<Sample>> cars)
    {
        var next = new PriorityQueue<IEnumerator<Sample>, TimeSpan>();
        try
        {
            foreach (var car in cars.Select(car => car.GetEnumerator()))
                if (car.MoveNext()) next.Enqueue(car, car.Current.At);
            while (next.TryDequeue(out var car, out _))
            {
                yield return car.Current;
                if (car.MoveNext()) next.Enqueue(car, car.Current.At);
                else car.Dispose();
            }
        }
        finally
        {
            foreach (var (car, _) in next.UnorderedItems) car.Dispose();
        }
    }
}
