using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Telemetry.Api.Vehicles;

/// <summary>Schema of a <see cref="VehiclePatch"/> for the OpenAPI document. A separate type, because in JSON a null key differs from a missing one.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
sealed class VehicleChange
{
    [StringLength(VehiclePatch.MaxNameLength, MinimumLength = 1)]
    public string? Name { get; init; }

    [Range(1, VehiclePatch.MaxSeconds)]
    public double? OfflineAfterSeconds { get; init; }

    public string? Device { get; init; }

    [AllowedValues("car", "van", "motorcycle", "electric", null)]
    public string? Kind { get; init; }

    [RegularExpression("^#[0-9A-Fa-f]{6}$")]
    public string? Color { get; init; }

    [Range(0.001, ProfileFields.MaxTankLitres)]
    public double? TankLitres { get; init; }

    [Range(0.001, ProfileFields.MaxBatteryKwh)]
    public double? BatteryKwh { get; init; }

    [AllowedValues("petrol", "diesel", null)]
    public string? Fuel { get; init; }

    public bool? Hidden { get; init; }

    public string[]? Cards { get; init; }

    [Range(1, int.MaxValue)]
    public int MergeInto { get; init; }
}
