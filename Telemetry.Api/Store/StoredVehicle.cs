using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Store;

sealed class StoredVehicle
{
    public const string Select = "SELECT vehicle_id AS VehicleId, device AS Device, name AS Name, offline_after_seconds AS OfflineAfterSeconds FROM vehicles";

    public int VehicleId { get; set; }

    public string Device { get; set; } = "";

    public string? Name { get; set; }

    public double? OfflineAfterSeconds { get; set; }

    public TimeSpan? OfflineAfter => OfflineAfterSeconds is >= 1 and <= 86_400 ? TimeSpan.FromSeconds(OfflineAfterSeconds.Value) : null;
}

sealed class LastValueRow
{
    public int VehicleId { get; set; }

    public string Signal { get; set; } = "";

    public long Microseconds { get; set; }

    public double Value { get; set; }
}

sealed record VehicleValues(Vehicle Vehicle, Reading[] LastValues);
