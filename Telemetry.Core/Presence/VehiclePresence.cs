namespace Telemetry.Core.Presence;

/// <summary>How a vehicle stands.</summary>
/// <param name="State">Running or offline.</param>
/// <param name="Reason">Why.</param>
/// <param name="Since">Since when, UTC.</param>
/// <param name="OfflineAfter">How long it may be silent.</param>
public sealed record VehiclePresence(VehicleState State, StateReason Reason, DateTime Since, TimeSpan OfflineAfter);
