namespace Telemetry.Core.Demo;

/// <summary>Values of one message of a simulated car.</summary>
/// <param name="At">Local time.</param>
/// <param name="Values">Signals and their values.</param>
public readonly record struct DemoMessage(DateTime At, IReadOnlyList<(string Signal, double Value)> Values);

/// <summary>Two weeks of drives of a car of the demo, up to the midnight before a day. The same seed and day give the same past.</summary>
public static class DemoPast
{
    const int ShortestPoll = 5; // Of CarDesign.Polls.
    const double TooHot = 114; // °C: the driver stops until the engine has cooled down.
    const double CooledDown = 98;

    /// <summary>Its messages, in the order of time. A parked car sends nothing.</summary>
    /// <param name="vehicle">The car.</param>
    /// <param name="today">First day that is not past.</param>
    /// <param name="seed">Determines the trips.</param>
    public static IEnumerable<DemoMessage> Of(DemoVehicle vehicle, DateOnly today, int seed)
    {
        var car = new DemoCar(vehicle.Design, vehicle.Odometer, vehicle.Stored);
        var parkedAt = today.AddDays(-DemoVehicle.Days).ToDateTime(TimeOnly.MinValue);
        for (var number = 0; number < DemoVehicle.Days; number++)
        {
            var date = today.AddDays(number - DemoVehicle.Days);
            var day = new DemoDay(date, number, new Random(HashOf(seed, date.DayNumber, vehicle.Design.Mass)));
            foreach (var trip in vehicle.Habits(day))
            {
                car.Ambient = DemoDay.TemperatureAt(trip.Start);
                car.Park(trip.Start - parkedAt);
                if (car.Stored < vehicle.FillsBelow && trip.Start - parkedAt >= vehicle.FillsIn) car.Fill(vehicle.FillsTo);
                if (trip.Filled is { } level) car.Fill(level);
                if (trip.Battery is { } charge) car.SetBattery(charge);
                car.Park(TimeSpan.Zero);
                (car.Cooling, car.IsCharging) = (trip.Cooling, trip.IsCharging);
                var seconds = 0;
                foreach (var message in Drive(car, vehicle.Design, trip))
                {
                    seconds = (int)(message.At - trip.Start).TotalSeconds;
                    yield return message;
                }

                parkedAt = trip.Start.AddSeconds(seconds);
            }
        }
    }

    // In steps of a second; at the end, one message with the ignition on and the engine off.
    static IEnumerable<DemoMessage> Drive(DemoCar car, CarDesign design, Trip trip)
    {
        var seconds = 0;
        var isHot = false;
        foreach (var stretch in trip.Stretches)
        {
            for (var left = stretch.Seconds; left > 0; seconds++)
            {
                if (seconds % ShortestPoll == 0) yield return Message(car, design, trip.Start, seconds, isLast: false);
                isHot = car.Coolant > (isHot ? CooledDown : TooHot);
                car.Advance(1, isHot ? 0 : stretch.Kmh / 3.6 * (1 + 0.02 * Math.Sin(0.21 * seconds)), stretch.Grade);
                if (car.IsReady && !isHot && (stretch.Kmh > 0 || car.Speed == 0)) left--;
            }
        }

        car.Park(TimeSpan.Zero);
        yield return Message(car, design, trip.Start, seconds, isLast: true);
    }

    static DemoMessage Message(DemoCar car, CarDesign design, DateTime start, int seconds, bool isLast)
    {
        var values = new List<(string, double)>(design.Polls.Count);
        foreach (var poll in design.Polls)
            if (isLast || seconds % poll.Seconds == 0) values.Add((poll.Signal, poll.Read(car)));
        return new DemoMessage(start.AddSeconds(seconds), values);
    }

    // The same in every process, unlike HashCode.
    static int HashOf(int seed, int day, double car) => unchecked((seed * 397 ^ day) * 397 ^ (int)car);
}
