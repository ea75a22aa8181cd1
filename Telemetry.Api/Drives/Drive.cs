namespace Telemetry.Api.Drives;

/// <summary>A drive as it is told.</summary>
/// <param name="VehicleId">Whose.</param>
/// <param name="Start">Its first reading.</param>
/// <param name="End">Its last one.</param>
/// <param name="DurationSeconds">From one to the other.</param>
/// <param name="DistanceKm">Speed over time; null where the vehicle sent no speed.</param>
/// <param name="MaxSpeed">In km/h; null likewise.</param>
/// <param name="Readings">Of all signals.</param>
sealed record Drive(int VehicleId, string Start, string End, double DurationSeconds, double? DistanceKm, double? MaxSpeed, long Readings);
