namespace Telemetry.Core.Trips;

/// <summary>Sums over the readings of a drive; null where the vehicle sent too little for one.</summary>
/// <param name="Kilometres">Integral of the speed.</param>
/// <param name="MaxSpeed">In km/h.</param>
/// <param name="MovingSeconds">Time in which the vehicle moved.</param>
/// <param name="StandingSeconds">Time in which it stood.</param>
/// <param name="IdlingSeconds">Time in which it stood while the engine ran.</param>
/// <param name="EngineStarts">Changes of the engine speed from 0, or from nothing, to more.</param>
/// <param name="FuelLitres">Integral of the fuel rate.</param>
/// <param name="AirGrams">Integral of the air flow.</param>
/// <param name="ChargeUsed">Percent of the charge that the drive took; below 0 if it won some. Charging while the vehicle stands is left out.</param>
/// <param name="OdometerStart">First reading of the odometer, km.</param>
/// <param name="OdometerEnd">Last reading of the odometer, km.</param>
public sealed record TripSums(
    double? Kilometres = null,
    double? MaxSpeed = null,
    double? MovingSeconds = null,
    double? StandingSeconds = null,
    double? IdlingSeconds = null,
    int? EngineStarts = null,
    double? FuelLitres = null,
    double? AirGrams = null,
    double? ChargeUsed = null,
    double? OdometerStart = null,
    double? OdometerEnd = null)
{
    /// <summary>Distance over the time with a known speed, stops included, km/h.</summary>
    public double? AverageSpeed => Kilometres / (MovingSeconds + StandingSeconds > 0 ? MovingSeconds + StandingSeconds : null) * 3600;
}
