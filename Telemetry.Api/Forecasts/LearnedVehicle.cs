using Telemetry.Core.Forecasts;

namespace Telemetry.Api.Forecasts;

/// <summary>Models of a vehicle, learned from its drives up to a time.</summary>
/// <param name="Models">Its models.</param>
/// <param name="Until">End of the last drive that was learned, UTC; <c>default</c>: none.</param>
/// <param name="Drives">Drives that were learned.</param>
/// <param name="Readings">Stored readings up to there: if there are more, something was stored later, and all is learned anew.</param>
sealed record LearnedVehicle(VehicleModels Models, DateTime Until, int Drives, long Readings)
{
    public static LearnedVehicle Nothing => new(new VehicleModels(), default, 0, 0);
}
