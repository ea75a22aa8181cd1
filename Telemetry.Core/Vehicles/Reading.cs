using Telemetry.Core.Signals;

namespace Telemetry.Core.Vehicles;

/// <summary>One value of one signal.</summary>
/// <param name="Signal">What was measured.</param>
/// <param name="Value">In the signal's unit.</param>
/// <param name="At">Arrival in UTC, whole microseconds; <c>default</c> where it is not known.</param>
public readonly record struct Reading(Signal Signal, double Value, DateTime At)
{
    /// <summary>True if there is a value at all: the six have a place before their first one comes.</summary>
    public bool IsKnown => Signal is not null;
}
