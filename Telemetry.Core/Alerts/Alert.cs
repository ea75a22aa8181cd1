using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Alerts;

/// <summary>State of an alert.</summary>
public enum AlertState
{
    /// <summary>It has fired, and is not over.</summary>
    Firing,

    /// <summary>Acknowledged.</summary>
    Acked,

    /// <summary>Snoozed: no messages until a set time.</summary>
    Snoozed,

    /// <summary>It is over.</summary>
    Cleared,
}

/// <summary>Alert of a rule on a vehicle, or of the server itself. Immutable.</summary>
/// <param name="Id">A UUID of version 7: alerts are in the order in which they fired.</param>
/// <param name="RuleId">The rule; below 1: one that is built in.</param>
/// <param name="Vehicle">The vehicle; null: the server itself.</param>
/// <param name="Severity">Severity of the rule.</param>
/// <param name="Since">Start of the wait, UTC.</param>
/// <param name="FiredAt">The end of the wait, UTC.</param>
public sealed record Alert(Guid Id, int RuleId, Vehicle? Vehicle, Severity Severity, DateTime Since, DateTime FiredAt)
{
    /// <summary>Severity when it fired; that of the rule may have changed since.</summary>
    public Severity FiredSeverity { get; init; } = Severity;

    /// <summary>The rule's version that judges it.</summary>
    public int RuleVersion { get; init; }

    /// <summary>The rule's name.</summary>
    public string Rule { get; init; } = "";

    /// <summary>The rule's first signal; null where it has none.</summary>
    public Signal? Signal { get; init; }

    /// <summary>The threshold for that signal; null where it has none.</summary>
    public double? Threshold { get; init; }

    /// <summary>The value of that signal when it fired.</summary>
    public double? Value { get; init; }

    /// <summary>The worst value since.</summary>
    public double? Peak { get; init; }

    /// <summary>End, UTC; null while it lasts.</summary>
    public DateTime? ClearedAt { get; init; }

    /// <summary>Cause of an end other than its condition: <c>rule</c> or <c>vehicle</c>.</summary>
    public string? EndedBy { get; init; }

    /// <summary>The last instant at which it was seen to be true, UTC.</summary>
    public DateTime JudgedAt { get; init; } = FiredAt;

    /// <summary>Time of the acknowledgement, UTC.</summary>
    public DateTime? AckedAt { get; init; }

    /// <summary>User who acknowledged it.</summary>
    public string? AckedBy { get; init; }

    /// <summary>Note of the acknowledgement.</summary>
    public string? Note { get; init; }

    /// <summary>End of the snooze, UTC; no messages are sent before.</summary>
    public DateTime? SnoozedUntil { get; init; }

    /// <summary>Number of changes of acknowledgement and snooze.</summary>
    public int Answers { get; init; }

    /// <summary>Of an alert about a server itself: which server; otherwise null.</summary>
    public string? Server { get; init; }

    /// <summary>Raised by each change that is worth a message: 1 when it fires, 2 when it is over.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The id of its vehicle; null: the server itself.</summary>
    public int? VehicleId => Vehicle?.Current.Id;

    /// <summary>Its state at a time.</summary>
    public AlertState StateAt(DateTime now) =>
        ClearedAt is not null ? AlertState.Cleared : AckedAt is not null ? AlertState.Acked : SnoozedUntil > now ? AlertState.Snoozed : AlertState.Firing;

    /// <summary>The alert of a rule that has fired.</summary>
    /// <param name="fired">The transition.</param>
    /// <param name="rule">The rule as it is now: one that was renamed since goes on.</param>
    /// <remarks>The time of a reading may be microseconds ahead of the clock: no alert fires before its wait begins.</remarks>
    public static Alert Of(AlertTransition fired, AlertRule rule) => new(AlertIds.New(fired.At), rule.Id, fired.Vehicle, rule.Severity, Whole(fired.Since), Whole(fired.At > fired.Since ? fired.At : fired.Since))
    {
        RuleVersion = rule.Version,
        Rule = rule.Name,
        Signal = rule.Shown?.Signal,
        Threshold = rule.Shown?.Limit,
        Value = fired.Value,
        Peak = fired.Peak,
    };

    /// <summary>A time in whole microseconds, which is what stores and messages know.</summary>
    public static DateTime Whole(DateTime time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
}
