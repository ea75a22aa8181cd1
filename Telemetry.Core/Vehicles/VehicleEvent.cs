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

    /// <summary>Timeout of silence that the vehicle had when it was heard live in an earlier run; null: as far as is known it never was.</summary>
    public TimeSpan? HeardWith { get; init; }
}

/// <summary>A vehicle that another server has heard until now, and this one goes on with. No sign of life.</summary>
public sealed class TakenOver(Vehicle vehicle, TimeSpan silentFor) : VehicleEvent(vehicle)
{
    /// <summary>Time since its last reading, without the time in which no server listened.</summary>
    public TimeSpan SilentFor { get; } = silentFor;

    /// <summary>True if the vehicle is offline because it only repeats its values, which are in <see cref="Readings"/>.</summary>
    public bool IsStale { get; init; }

    /// <summary>Its last values, to compare its next readings with; empty: any reading counts as a change.</summary>
    public Reading[] Readings { get; init; } = [];
}

/// <summary>A vehicle that another server hears from now on. Nothing of it is kept, and nothing is published.</summary>
public sealed class Released(Vehicle vehicle) : VehicleEvent(vehicle);

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
