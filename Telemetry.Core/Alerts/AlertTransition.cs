using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Alerts;

/// <summary>Kind of an alert's transition.</summary>
public enum AlertChange
{
    /// <summary>It fired.</summary>
    Fired,

    /// <summary>It ended, because its rule is clear.</summary>
    Cleared,

    /// <summary>A wait ended before it could fire. No alert has been; a back-test shows it as a near miss.</summary>
    Waited,

    /// <summary>It ended because its rule was edited, disabled or deleted.</summary>
    RuleChanged,

    /// <summary>It ended because its vehicle has become part of another one.</summary>
    VehicleMerged,
}

/// <summary>A change of an alert.</summary>
/// <param name="Change">Kind of transition.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Vehicle">The vehicle.</param>
/// <param name="Since">Start of the wait, UTC.</param>
/// <param name="At">Time of the change, UTC: when it was due, not when a timer ran.</param>
/// <param name="Value">The value of the rule's first signal when it fired; null where it has none.</param>
/// <param name="Peak">The worst value of that signal since.</param>
/// <param name="Waited">Judged time that the rule was true before it fired, or before it was not true any more.</param>
public sealed record AlertTransition(AlertChange Change, AlertRule Rule, Vehicle Vehicle, DateTime Since, DateTime At, double? Value, double? Peak, TimeSpan Waited);
