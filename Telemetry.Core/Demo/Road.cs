namespace Telemetry.Core.Demo;

/// <summary>Puts a trip together from roads of random length and speed. The same random numbers give the same trip.</summary>
sealed class Road(Random random)
{
    readonly List<Stretch> _stretches = [];

    /// <summary>Its stretches so far, and a moment before the ignition is turned off.</summary>
    public IReadOnlyList<Stretch> End()
    {
        _stretches.Add(new Stretch(0, Between(8, 25)));
        return _stretches;
    }

    /// <summary>Streets with lights.</summary>
    public Road Town(double minutes)
    {
        for (var left = Vary(minutes) * 60; left > 0;)
        {
            var drive = Between(20, 70);
            _stretches.Add(new Stretch(Between(28, 52), drive));
            left -= drive;
            if (random.NextDouble() > 0.6) continue;
            var wait = Between(6, 35);
            _stretches.Add(new Stretch(0, wait));
            left -= wait + 15;
        }

        return this;
    }

    /// <summary>Villages and country roads.</summary>
    public Road Country(double minutes, double grade = 0) => Through(minutes, 50, 150, () => random.NextDouble() < 0.2 ? 50 : Between(72, 97), grade);

    /// <summary>Motorway, with lorries now and then.</summary>
    public Road Motorway(double minutes, double kmh) => Through(minutes, 60, 200, () => random.NextDouble() < 0.25 ? Between(88, 105) : kmh * Between(0.93, 1.05), 0);

    Road Through(double minutes, double shortest, double longest, Func<double> kmh, double grade)
    {
        for (var left = Vary(minutes) * 60; left > 0; left -= _stretches[^1].Seconds)
            _stretches.Add(new Stretch(kmh(), Math.Min(left, Between(shortest, longest)), grade + Between(-0.012, 0.012)));
        return this;
    }

    double Vary(double minutes) => minutes * Between(0.88, 1.15);

    double Between(double low, double high) => low + random.NextDouble() * (high - low);
}
