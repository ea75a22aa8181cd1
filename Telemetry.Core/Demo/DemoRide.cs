namespace Telemetry.Core.Demo;

/// <summary>Endless drive of a car of the demo: a trip of some minutes, a pause, and again. The same seed gives the same drive.</summary>
/// <param name="vehicle">The car.</param>
/// <param name="odometer">Kilometres so far.</param>
/// <param name="stored">Fuel or charge, 0 to 1.</param>
/// <param name="start">Local time, for the weather.</param>
/// <param name="seed">Determines the trips.</param>
public sealed class DemoRide(DemoVehicle vehicle, double odometer, double stored, DateTime start, int seed)
{
    const double Step = 0.25;
    const double StepsPerPolledSecond = 0.4; // Live, the dongle polls ten times as often as in the past.

    static readonly TimeSpan MinPause = TimeSpan.FromSeconds(14);

    readonly Random _random = new(seed);

    /// <summary>Values that its dongle sends, in order of time. Computed lazily; none while it is parked.</summary>
    public IEnumerable<(TimeSpan At, string Signal, double Value)> Values()
    {
        var car = new DemoCar(vehicle.Design, odometer, stored) { Ambient = DemoDay.TemperatureAt(start) };
        for (var step = 0L; ; step += (long)((MinPause + TimeSpan.FromSeconds(_random.Next(8))).TotalSeconds / Step))
        {
            car.Park(MinPause);
            if (car.Stored < vehicle.FillsBelow / 2) car.Fill(vehicle.FillsTo);
            foreach (var stretch in vehicle.Way(new Road(_random)).End())
            {
                for (var left = stretch.Seconds; left > 0; step++)
                {
                    foreach (var (index, poll) in vehicle.Design.Polls.Index())
                    {
                        var every = (long)(poll.Seconds * StepsPerPolledSecond);
                        if (step % every == index % every) yield return (TimeSpan.FromSeconds(step * Step), poll.Signal, poll.Read(car));
                    }

                    car.Advance(Step, stretch.Kmh / 3.6 * (1 + 0.02 * Math.Sin(0.21 * step * Step)), stretch.Grade);
                    if (car.IsReady && (stretch.Kmh > 0 || car.Speed == 0)) left -= Step;
                }
            }
        }
    }
}
