namespace Telemetry.Core.Demo;

/// <summary>One of the three cars of the demo, with its habits.</summary>
/// <param name="Device">Device in its topics; null: the default vehicle.</param>
/// <param name="Name">Its name, which says that it is no real car.</param>
/// <param name="Color">Its colour as <c>#rrggbb</c>.</param>
/// <param name="Design">Its figures.</param>
/// <param name="Odometer">Kilometres two weeks ago.</param>
/// <param name="Stored">Fuel or charge two weeks ago, 0 to 1.</param>
public sealed record DemoVehicle(string? Device, string Name, string Color, CarDesign Design, double Odometer, double Stored)
{
    /// <summary>Days of the past.</summary>
    public const int Days = 14;

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<DemoVehicle> All =
    [
        new(null, "Demo diesel", "#2c6be0", CarDesign.Diesel, 148_210, 0.62) { Habits = CommutesFar, Way = road => road.Town(1).Motorway(2, 130).Town(0.5) },
        new("demo-petrol", "Demo petrol", "#c2410c", CarDesign.Petrol, 61_740, 0.33) { Habits = StaysInTown, Way = road => road.Town(3) },
        new("demo-electric", "Demo electric", "#15803d", CarDesign.Electric, 23_480, 0.78) { Habits = GlidesAlong, Way = road => road.Town(1).Country(2).Motorway(1, 112).Town(0.5) },
    ];

    /// <summary>Trips of a day.</summary>
    internal Func<DemoDay, IEnumerable<Trip>> Habits { get; init; } = _ => [];

    /// <summary>A trip that it repeats live.</summary>
    internal Func<Road, Road> Way { get; init; } = road => road;

    /// <summary>Fuel or charge from which its driver fills up before the next trip.</summary>
    public double FillsBelow => Design.IsElectric ? 0.55 : 0.085;

    /// <summary>Pause that it takes: an electric car is charged at night.</summary>
    public TimeSpan FillsIn => Design.IsElectric ? TimeSpan.FromHours(10) : TimeSpan.Zero;

    /// <summary>Level after that.</summary>
    public double FillsTo => Design.IsElectric ? 0.8 : 0.97;

    // A driver who is in a hurry on Fridays. On the second Sunday the fan of the radiator fails on a mountain road.
    static IEnumerable<Trip> CommutesFar(DemoDay day)
    {
        if (day.IsWorkday)
        {
            yield return day.At(7.3, road => road.Town(3).Country(5).Motorway(19, 121).Town(4));
            yield return day.At(17.1, road => road.Town(4).Motorway(20, day.Date.DayOfWeek == DayOfWeek.Friday ? 134 : 121).Country(5).Town(3));
            if (day.Date.DayOfWeek is not (DayOfWeek.Tuesday or DayOfWeek.Thursday)) yield break;
            yield return day.At(19.6, road => road.Town(7));
            yield return day.At(21.3, road => road.Town(7));
        }
        else if (day.Date.DayOfWeek == DayOfWeek.Saturday)
        {
            yield return day.At(10.2, road => road.Country(14).Town(5));
            yield return day.At(12.6, road => road.Town(4).Country(14));
        }
        else if (day.IsLater)
        {
            yield return day.At(9.5, road => road.Country(16).Country(15, grade: 0.085)) with { Cooling = 0.1 };
            yield return day.At(15.4, road => road.Country(13, grade: -0.06).Country(16));
        }
        else
        {
            yield return day.At(18.4, road => road.Country(12).Town(4));
            yield return day.At(21.1, road => road.Town(3).Country(12));
        }
    }

    // Short cold trips. One evening the alternator fails; the next morning the battery is almost flat.
    static IEnumerable<Trip> StaysInTown(DemoDay day)
    {
        var fails = day.Number == DemoDay.OfFailure;
        var morning = day.At(day.IsWorkday ? 8.1 : 10.1, road => road.Town(9));
        yield return day.Number == DemoDay.OfFailure + 1 ? morning with { Battery = 0.04 } : morning;
        if (day.IsWorkday && day.Date.DayOfWeek is DayOfWeek.Monday or DayOfWeek.Friday) yield return day.At(12.5, road => road.Town(6));
        var home = day.At(day.IsWorkday ? 16.3 : 11.7, road => road.Town(8).Country(4));
        yield return fails ? home with { IsCharging = false, Battery = 0.5 } : home;
        if (day.Date.DayOfWeek != DayOfWeek.Sunday) yield break;
        yield return day.At(15.1, road => road.Town(3).Country(13));
        yield return day.At(18.2, road => road.Country(13).Town(3));
    }

    // A calm driver who charges at home, and not every day. A long way on Saturdays almost empties the battery.
    static IEnumerable<Trip> GlidesAlong(DemoDay day)
    {
        if (day.Date.DayOfWeek == DayOfWeek.Saturday)
        {
            yield return day.At(9.2, road => road.Town(3).Motorway(46, 110).Country(8)) with { Filled = 0.77 };
            yield return day.At(17.5, road => road.Country(8).Motorway(48, 110).Town(3));
        }
        else if (day.Date.DayOfWeek is DayOfWeek.Monday or DayOfWeek.Tuesday or DayOfWeek.Thursday || day.Number == Days - 1)
        {
            yield return day.At(7.8, road => road.Town(5).Country(12).Town(4));
            yield return day.At(16.9, road => road.Town(4).Country(12).Town(6));
        }
    }
}
