namespace Telemetry.Core.Demo;

/// <summary>One stretch of a drive.</summary>
/// <param name="Speed">What the driver aims at, in m/s; 0 is a stop.</param>
/// <param name="Seconds">How long it lasts; a stop counts from standing still.</param>
/// <param name="Ignition">False while parked.</param>
readonly record struct Leg(double Speed, double Seconds, bool Ignition = true);

/// <summary>
/// An endless random route: trips of about two and a half to four minutes through town, over land or motorway and back into town,
/// with stops at lights, and 12 to 20 s of parking between them. The same seed gives the same route.
/// </summary>
sealed class Route(int seed)
{
    readonly Random _random = new(seed);
    readonly Queue<Leg> _ahead = new();
    bool _byMotorway = true;

    public Leg Next()
    {
        if (_ahead.Count == 0)
            PlanTrip();
        return _ahead.Dequeue();
    }

    void PlanTrip()
    {
        Town(15, 25);
        Lights();
        if (_byMotorway)
        {
            Country(20, 30);
            Motorway(40, 60);
            Country(15, 20);
        }
        else
        {
            Country(30, 45);
            Town(12, 18);
            Lights();
            Country(25, 35);
        }

        Town(20, 30);
        Lights();
        Town(10, 20);
        Park();
        _byMotorway = !_byMotorway;
    }

    void Town(double shortest, double longest) => Drive(30, 50, shortest, longest);

    void Country(double shortest, double longest) => Drive(70, 90, shortest, longest);

    void Motorway(double shortest, double longest) => Drive(110, 130, shortest, longest);

    void Drive(double slowest, double fastest, double shortest, double longest) =>
        _ahead.Enqueue(new(Between(slowest, fastest) / 3.6, Between(shortest, longest)));

    void Lights() => _ahead.Enqueue(new(0, Between(3, 8)));

    void Park()
    {
        // The engine idles for a moment first, so that the last speed that anyone hears of is 0.
        _ahead.Enqueue(new(0, 1.5));
        _ahead.Enqueue(new(0, Between(12, 20), Ignition: false));
    }

    double Between(double low, double high) => low + _random.NextDouble() * (high - low);
}
