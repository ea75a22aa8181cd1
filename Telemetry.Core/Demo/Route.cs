namespace Telemetry.Core.Demo;

/// <summary>One stretch of a drive.</summary>
/// <param name="Speed">Target speed in m/s; 0 is a stop.</param>
/// <param name="Seconds">Duration; a stop counts from standstill.</param>
/// <param name="Ignition">False while parked.</param>
readonly record struct Leg(double Speed, double Seconds, bool Ignition = true);

/// <summary>
/// An endless random route: trips of about two and a half to four minutes through town, over country roads or motorway and back into town,
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

    void Town(double minSeconds, double maxSeconds) => Drive(30, 50, minSeconds, maxSeconds);

    void Country(double minSeconds, double maxSeconds) => Drive(70, 90, minSeconds, maxSeconds);

    void Motorway(double minSeconds, double maxSeconds) => Drive(110, 130, minSeconds, maxSeconds);

    void Drive(double minSpeed, double maxSpeed, double minSeconds, double maxSeconds) =>
        _ahead.Enqueue(new(Between(minSpeed, maxSpeed) / 3.6, Between(minSeconds, maxSeconds)));

    void Lights() => _ahead.Enqueue(new(0, Between(3, 8)));

    void Park()
    {
        // The engine idles for a moment first, so that the last speed sent is 0.
        _ahead.Enqueue(new(0, 1.5));
        _ahead.Enqueue(new(0, Between(12, 20), Ignition: false));
    }

    double Between(double low, double high) => low + _random.NextDouble() * (high - low);
}
