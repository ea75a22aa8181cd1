namespace Telemetry.Core.Presence;

/// <summary>Why a vehicle is running or offline.</summary>
public enum StateReason
{
    /// <summary>Not heard since the server's start: what is known of it is from the store, or was retained by a broker.</summary>
    Restored,

    /// <summary>A reading came.</summary>
    Reading,

    /// <summary>No reading has come for as long as it may be silent.</summary>
    Silence,

    /// <summary>Its dongle said so, or the broker in the dongle's name: <c>{"status":"offline"}</c>.</summary>
    Will,

    /// <summary>Its readings keep coming and repeat the same values.</summary>
    Stale,
}
