namespace Telemetry.Core.Vehicles;

/// <summary>Something that happened to a vehicle.</summary>
public abstract class VehicleEvent(Vehicle vehicle)
{
    /// <summary>Whom it happened to.</summary>
    public Vehicle Vehicle { get; } = vehicle;
}

/// <summary>The readings of one message that has just arrived.</summary>
public sealed class Arrival(Vehicle vehicle, Reading[] readings) : VehicleEvent(vehicle)
{
    /// <summary>At least one; times rise strictly per signal.</summary>
    public Reading[] Readings { get; } = readings;
}

/// <summary>Values of an earlier time: from the store, or retained by a broker. They are no sign of life.</summary>
public sealed class RestoredValues(Vehicle vehicle, Reading[] readings) : VehicleEvent(vehicle)
{
    /// <summary>None for a vehicle that is only known by name. A retained value has no time.</summary>
    public Reading[] Readings { get; } = readings;
}

/// <summary>No reading has come for as long as the vehicle may be silent.</summary>
public sealed class Silence(Vehicle vehicle) : VehicleEvent(vehicle);

/// <summary>The vehicle's dongle is gone, by its own word or the broker's.</summary>
public sealed class Will(Vehicle vehicle) : VehicleEvent(vehicle);

/// <summary>The dongle is online again (status message): a will shortly before was that of its earlier connection.</summary>
public sealed class WillRevoked(Vehicle vehicle) : VehicleEvent(vehicle);

/// <summary>What people say of the vehicle is another thing now: its name, or how long it may be silent.</summary>
public sealed class MetadataChanged(Vehicle vehicle) : VehicleEvent(vehicle);

/// <summary>The vehicle has become part of another one, and is none any more.</summary>
public sealed class Merged(Vehicle vehicle) : VehicleEvent(vehicle);
