using Telemetry.Core.Forecasts;

namespace Telemetry.Api.Forecasts;

/// <summary>Models of a vehicle, learned from its drives until a time (UTC; <c>default</c>: none). If more <paramref name="Readings"/> are stored up to there, some were stored later, and everything is learned again.</summary>
sealed record LearnedVehicle(VehicleModels Models, DateTime Until, int Drives, long Readings)
{
    public static LearnedVehicle Nothing => new(new VehicleModels(), default, 0, 0);
}
