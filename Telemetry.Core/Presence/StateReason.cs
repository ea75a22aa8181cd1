namespace Telemetry.Core.Presence;

/// <summary>Reason of a vehicle's state.</summary>
public enum StateReason
{
    /// <summary>Not heard since the server's start: its values are from the store, or were retained by a broker.</summary>
    Restored,

    /// <summary>A reading arrived.</summary>
    Reading,

    /// <summary>No reading arrived within the timeout.</summary>
    Silence,

    /// <summary>Offline message of the dongle, or its will: <c>{"status":"offline"}</c>.</summary>
    Will,

    /// <summary>Readings arrive but repeat the same values.</summary>
    Stale,
}
