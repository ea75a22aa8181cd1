using System.ComponentModel.DataAnnotations;

namespace Telemetry.Api.Drives;

/// <summary>A drive, as <c>GET /drives</c> returns it.</summary>
/// <param name="Start">Timestamp of the first reading.</param>
/// <param name="End">Timestamp of the last reading.</param>
/// <param name="DistanceKm">Integral of the speed; null if the vehicle sent no speed.</param>
/// <param name="MaxSpeed">In km/h; null if the vehicle sent no speed.</param>
/// <param name="Readings">Number of readings of all signals.</param>
sealed record Drive(
    int VehicleId,
    [property: DataType(DataType.DateTime)] string Start,
    [property: DataType(DataType.DateTime)] string End,
    double DurationSeconds,
    double? DistanceKm,
    double? MaxSpeed,
    long Readings);
