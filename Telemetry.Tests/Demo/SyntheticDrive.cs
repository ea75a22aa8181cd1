using System.Collections.Concurrent;
using Telemetry.Core.Demo;

namespace Telemetry.Tests.Demo;

/// <summary>Half an hour of driving for several seeds, seen from outside like a real car: only its readings, 20 times a second.</summary>
static class SyntheticDrive
{
    public const double Step = 0.05;

    /// <summary>Each seed is driven once for all tests that only look.</summary>
    static readonly ConcurrentDictionary<int, List<Reading>> Drives = new();

    public static TheoryData<int> Seeds => [0, 1, 7, 42, -3, 20251127];

    public static List<Reading> Drive(int seed) => Drives.GetOrAdd(seed, Simulate);

    public static List<Reading> Simulate(int seed)
    {
        var car = new SyntheticCar(seed);
        var drive = new List<Reading>();
        for (var i = 1; i <= 30 * 60 / Step; i++)
        {
            car.Advance(TimeSpan.FromSeconds(Step));
            drive.Add(Read(car, i * Step));
        }

        return drive;
    }

    public static Reading Read(SyntheticCar car, double time) => new(time, car.Ignition, car.Rpm, car.VehicleSpeed, car.CoolantTemperature,
        car.EngineLoad, car.ControlModuleVoltage, car.FuelRailPressure, car.Gear);

    /// <summary>The parking pauses, without one that the end of the drive cuts short.</summary>
    public static List<List<Reading>> Pauses(List<Reading> drive) =>
        Stretches(drive, now => !now.Ignition).Where(pause => pause[^1] != drive[^1]).ToList();

    /// <summary>The unbroken runs of readings for which a condition holds.</summary>
    public static List<List<Reading>> Stretches(List<Reading> drive, Func<Reading, bool> holds)
    {
        var stretches = new List<List<Reading>>();
        var before = false;
        foreach (var now in drive)
        {
            if (holds(now) && !before)
                stretches.Add([]);
            before = holds(now);
            if (before)
                stretches[^1].Add(now);
        }

        return stretches;
    }

    public readonly record struct Reading(double Time, bool Ignition, double Rpm, double Speed, double Coolant, double Load, double Voltage,
        double Rail, int Gear);
}
