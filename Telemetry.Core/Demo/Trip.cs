namespace Telemetry.Core.Demo;

/// <summary>One stretch of a trip.</summary>
/// <param name="Kmh">Target speed in km/h; 0 is a stop.</param>
/// <param name="Seconds">Duration; a stop counts from standstill.</param>
/// <param name="Grade">Gradient.</param>
public readonly record struct Stretch(double Kmh, double Seconds, double Grade = 0);

/// <summary>A trip of a simulated car.</summary>
/// <param name="Start">Local time at which the ignition is turned on.</param>
/// <param name="Stretches">Its stretches, in order.</param>
public sealed record Trip(DateTime Start, IReadOnlyList<Stretch> Stretches)
{
    /// <summary>Share of the radiator's cooling that is left; 1: healthy.</summary>
    public double Cooling { get; init; } = 1;

    /// <summary>False if the alternator does not charge.</summary>
    public bool IsCharging { get; init; } = true;

    /// <summary>Fuel or charge before the trip, if the driver has filled up, 0 to 1.</summary>
    public double? Filled { get; init; }

    /// <summary>Charge of the 12 V battery before the trip, 0 to 1, if something has changed it.</summary>
    public double? Battery { get; init; }
}
