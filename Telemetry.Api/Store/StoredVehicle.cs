using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Store;

/// <summary>A row of <c>vehicles</c>.</summary>
sealed class StoredVehicle
{
    /// <summary>SQL that reads such rows.</summary>
    public const string Select = "SELECT vehicle_id AS VehicleId, device AS Device, name AS Name, offline_after_seconds AS OfflineAfterSeconds FROM vehicles";

    public int VehicleId { get; set; }

    /// <summary>Key of the vehicle.</summary>
    public string Device { get; set; } = "";

    public string? Name { get; set; }

    public double? OfflineAfterSeconds { get; set; }

    /// <summary>Timeout of silence; null: the server's setting.</summary>
    public TimeSpan? OfflineAfter => OfflineAfterSeconds is >= 1 and <= 86_400 ? TimeSpan.FromSeconds(OfflineAfterSeconds.Value) : null;
}

/// <summary>A row of <c>last_values</c>, with the name of its signal.</summary>
sealed class LastValueRow
{
    public int VehicleId { get; set; }

    public string Signal { get; set; } = "";

    public long Microseconds { get; set; }

    public double Value { get; set; }
}

/// <summary>A vehicle with the last values of its signals.</summary>
sealed record VehicleValues(Vehicle Vehicle, Reading[] LastValues);
