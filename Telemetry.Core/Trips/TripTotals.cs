namespace Telemetry.Core.Trips;

/// <summary>Totals of drives. A quantity is null if no drive has it; consumption is that of the drives that have it, over their distance.</summary>
public sealed class TripTotals
{
    double? _speedSeconds;
    double? _fuelKilometres;
    double? _fuelLitresOverDistance;
    double? _energyKilometres;
    double? _energyOverDistance;

    /// <summary>Number of drives.</summary>
    public int Drives { get; private set; }

    /// <summary>From the first to the last reading of each.</summary>
    public double DurationSeconds { get; private set; }

    /// <summary>Time in which the vehicles moved.</summary>
    public double? MovingSeconds { get; private set; }

    /// <summary>Time in which they stood with a running engine.</summary>
    public double? IdlingSeconds { get; private set; }

    /// <summary>Distance.</summary>
    public double? Kilometres { get; private set; }

    /// <summary>Highest speed, km/h.</summary>
    public double? MaxSpeed { get; private set; }

    /// <summary>Starts of engines.</summary>
    public int? EngineStarts { get; private set; }

    /// <summary>Fuel of the drives that have it.</summary>
    public double? FuelLitres { get; private set; }

    /// <summary>Energy of the drives that have it.</summary>
    public double? EnergyKwh { get; private set; }

    /// <summary>Cost of the drives that have one.</summary>
    public double? Cost { get; private set; }

    /// <summary>Distance over the time with a known speed, stops included, km/h.</summary>
    public double? AverageSpeed => Kilometres / (_speedSeconds > 0 ? _speedSeconds : null) * 3600;

    /// <summary>Litres per 100 km.</summary>
    public double? FuelPer100Km => _fuelLitresOverDistance / (_fuelKilometres > 0 ? _fuelKilometres : null) * 100;

    /// <summary>Kilowatt hours per 100 km.</summary>
    public double? EnergyPer100Km => _energyOverDistance / (_energyKilometres > 0 ? _energyKilometres : null) * 100;

    /// <summary>Adds a drive.</summary>
    public void Add(TimeSpan duration, TripSums sums, TripUse use)
    {
        Drives++;
        DurationSeconds += duration.TotalSeconds;
        MovingSeconds = Sum(MovingSeconds, sums.MovingSeconds);
        IdlingSeconds = Sum(IdlingSeconds, sums.IdlingSeconds);
        Kilometres = Sum(Kilometres, sums.Kilometres);
        _speedSeconds = Sum(_speedSeconds, sums.MovingSeconds + sums.StandingSeconds);
        if (sums.MaxSpeed is { } speed && !(MaxSpeed >= speed)) MaxSpeed = speed;
        if (sums.EngineStarts is { } starts) EngineStarts = (EngineStarts ?? 0) + starts;
        FuelLitres = Sum(FuelLitres, use.FuelLitres);
        EnergyKwh = Sum(EnergyKwh, use.EnergyKwh);
        Cost = Sum(Cost, use.Cost);
        if (sums.Kilometres is not { } kilometres) return;
        if (use.FuelLitres is { } litres) (_fuelKilometres, _fuelLitresOverDistance) = (Sum(_fuelKilometres, kilometres), Sum(_fuelLitresOverDistance, litres));
        if (use.EnergyKwh is { } energy) (_energyKilometres, _energyOverDistance) = (Sum(_energyKilometres, kilometres), Sum(_energyOverDistance, energy));
    }

    static double? Sum(double? one, double? other) => other is null ? one : (one ?? 0) + other;
}
