using Telemetry.Core.Demo;
using Telemetry.Core.Signals;

namespace Telemetry.Api.Demo;

/// <summary>Endless drive of a synthetic car, at the rate of a dongle that polls one PID after the other: 24 values a second.</summary>
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

    /// <summary>Computed lazily. None while the ignition is off.</summary>
    public static IEnumerable<Sample> Drive(int seed)
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
}
