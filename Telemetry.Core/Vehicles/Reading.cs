using Telemetry.Core.Signals;

namespace Telemetry.Core.Vehicles;

/// <summary>One value of one signal.</summary>
/// <param name="Signal">The measured quantity.</param>
/// <param name="Value">In the signal's unit.</param>
/// <param name="At">Arrival in UTC, whole microseconds; <c>default</c> if unknown.</param>
public readonly record struct Reading(Signal Signal, double Value, DateTime At)
{
    /// <summary>False for a place without a value: the six have one before their first value.</summary>
    public bool IsKnown => Signal is not null;
}
