using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Telemetry.Core.Trips;

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
    long Readings)
{
    [JsonIgnore]
    public DriveSpan Span { get; init; } = new(default, default, 0);

    /// <summary>Spread of the signals that were asked for, without those that did not come in the drive; missing if none were.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, Spread>? Signals { get; init; }
}
