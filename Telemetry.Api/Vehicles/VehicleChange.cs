using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Telemetry.Api.Vehicles;

/// <summary>The shape of a <see cref="VehiclePatch"/>, for the OpenAPI document: in JSON a key that is null is not one that is missing.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
sealed class VehicleChange
{
    [StringLength(VehiclePatch.MaxNameLength, MinimumLength = 1)]
    public string? Name { get; init; }

    [Range(1, VehiclePatch.MaxSeconds)]
    public double? OfflineAfterSeconds { get; init; }

    public string? Device { get; init; }

    [Range(1, int.MaxValue)]
    public int MergeInto { get; init; }
}
