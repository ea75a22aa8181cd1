namespace Telemetry.Core.Presence;

/// <summary>Presence state of a vehicle.</summary>
/// <param name="State">Running or offline.</param>
/// <param name="Reason">Reason of the state.</param>
/// <param name="Since">Start of the state, UTC.</param>
/// <param name="OfflineAfter">Timeout of silence.</param>
public sealed record VehiclePresence(VehicleState State, StateReason Reason, DateTime Since, TimeSpan OfflineAfter);
