namespace Telemetry.Core.Presence;

/// <summary>State of a vehicle.</summary>
public enum VehicleState
{
    /// <summary>Silent for longer than its timeout, or not heard since the server's start.</summary>
    Offline,

    /// <summary>A reading arrived within the timeout.</summary>
    Running,
}
