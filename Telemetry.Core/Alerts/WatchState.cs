using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Alerts;

/// <summary>Phase of a rule on a vehicle.</summary>
public enum WatchPhase
{
    /// <summary>The rule is not true.</summary>
    Idle,

    /// <summary>It is true, and not for long enough yet.</summary>
    Waiting,

    /// <summary>Its alert has fired.</summary>
    Firing,

    /// <summary>The alert has fired, and waits to be clear for long enough.</summary>
    Clearing,
}

/// <summary>A rule on a vehicle.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Vehicle">The vehicle.</param>
/// <param name="Phase">Its phase.</param>
/// <param name="JudgedAt">The last instant at which it was judged, UTC; of a fired one, at which it was seen to be true. Null: never in this run.</param>
/// <param name="Since">Start of the wait, UTC; null where it is idle.</param>
/// <param name="Waited">Judged time that it has waited, or had waited when it fired.</param>
/// <param name="Peak">The worst value of the rule's first signal since it fired.</param>
public sealed record WatchState(AlertRule Rule, Vehicle Vehicle, WatchPhase Phase, DateTime? JudgedAt, DateTime? Since, TimeSpan Waited, double? Peak);

/// <summary>Rules on vehicles as a running <see cref="WatchAlertsOperator"/> has them. Thread-safe.</summary>
public sealed class AlertStates
{
    AlertWatcher? _watcher;

    /// <summary>Everything that waits or has fired.</summary>
    public IReadOnlyList<WatchState> Watches() => _watcher?.Watches() ?? [];

    /// <summary>A rule on the vehicles that have been heard of, those that wait or have fired first.</summary>
    /// <param name="ruleId">The rule.</param>
    /// <param name="isShown">True for the vehicles that are asked for.</param>
    /// <param name="max">Maximum number.</param>
    public IReadOnlyList<WatchState> OfRule(int ruleId, Func<Vehicle, bool> isShown, int max) => _watcher?.OfRule(ruleId, isShown, max) ?? [];

    internal void Connect(AlertWatcher watcher) => _watcher = watcher;
}
