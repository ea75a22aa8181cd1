namespace Telemetry.Core.Demo;

/// <summary>A day of the demo's past. Its random numbers depend on the seed and the date.</summary>
/// <param name="date">The date.</param>
/// <param name="number">Days since the first one.</param>
/// <param name="random">Random numbers of a car on this day.</param>
sealed class DemoDay(DateOnly date, int number, Random random)
{
    /// <summary>Day on which the alternator of the petrol car fails.</summary>
    public const int OfFailure = 8;

    public DateOnly Date => date;

    public int Number => number;

    public bool IsWorkday => date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);

    /// <summary>In the second week.</summary>
    public bool IsLater => number >= DemoVehicle.Days / 2;

    /// <summary>Outside temperature at a local time, °C: a temperate climate of the northern half, with the afternoon as the warmest time.</summary>
    public static double TemperatureAt(DateTime time) =>
        10 - 9 * Math.Cos(2 * Math.PI * (time.DayOfYear - 20) / 365) + 4 * Math.Sin(2 * Math.PI * (time.TimeOfDay.TotalHours - 9) / 24) + 3 * Math.Sin(1.7 * DateOnly.FromDateTime(time).DayNumber);

    /// <summary>A trip that begins some minutes around an hour.</summary>
    public Trip At(double hour, Func<Road, Road> way)
    {
        var start = TimeSpan.FromHours(hour) + TimeSpan.FromSeconds(random.Next(-480, 480)) + TimeSpan.FromMilliseconds(random.Next(1000));
        return new Trip(date.ToDateTime(TimeOnly.MinValue) + start, way(new Road(random)).End());
    }
}
