namespace Telemetry.Core.Vehicles;

/// <summary>An event of a vehicle.</summary>
public abstract class VehicleEvent(Vehicle vehicle)
{
    /// <summary>The vehicle.</summary>
    public Vehicle Vehicle { get; } = vehicle;
}

/// <summary>The readings of one message that has just arrived.</summary>
public sealed class Arrival(Vehicle vehicle, Reading[] readings) : VehicleEvent(vehicle)
{
    /// <summary>At least one; timestamps are strictly ascending per signal.</summary>
    public Reading[] Readings { get; } = readings;
}

/// <summary>Earlier values, from the store or retained by a broker. No sign of life.</summary>
public sealed class RestoredValues(Vehicle vehicle, Reading[] readings) : VehicleEvent(vehicle)
{
    /// <summary>Empty for a vehicle known only by name. A retained value has no timestamp.</summary>
    public Reading[] Readings { get; } = readings;
}

/// <summary>No reading has arrived within the vehicle's timeout.</summary>
public sealed class Silence(Vehicle vehicle) : VehicleEvent(vehicle);

/// <summary>The dongle went offline (status message or last will).</summary>
public sealed class Will(Vehicle vehicle) : VehicleEvent(vehicle);

/// <summary>The dongle is online again (status message): a will shortly before belonged to its earlier connection.</summary>
public sealed class WillRevoked(Vehicle vehicle) : VehicleEvent(vehicle);

/// <summary>The vehicle's name or offline timeout changed.</summary>
public sealed class MetadataChanged(Vehicle vehicle) : VehicleEvent(vehicle);

/// <summary>The vehicle was merged into another, or deleted.</summary>
public sealed class Merged(Vehicle vehicle) : VehicleEvent(vehicle);
