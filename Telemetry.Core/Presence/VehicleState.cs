namespace Telemetry.Core.Presence;

/// <summary>True if a vehicle is being heard.</summary>
public enum VehicleState
{
    /// <summary>Silent for longer than it may be, or not heard since the server's start.</summary>
    Offline,

    /// <summary>A reading came within the time that it may be silent.</summary>
    Running,
}
