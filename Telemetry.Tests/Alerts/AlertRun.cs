using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Telemetry.Core.Alerts;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Tests.Alerts;

/// <summary>An alert of a run, in time since its base.</summary>
sealed record RunAlert(TimeSpan Since, TimeSpan Fired, TimeSpan? Cleared, double? Value, double? Peak);

/// <summary>One vehicle's events through presence and alerts on virtual time.</summary>
sealed class AlertRun : IDisposable
{
    readonly DateTime _base;
    readonly HistoricalScheduler _scheduler;
    readonly Subject<VehicleEvent> _events = new();
    readonly Subject<bool> _link = new();
    readonly Vehicle _vehicle = new VehicleRegistry().Default;
    readonly SignalCatalog _signals;
    readonly List<AlertTransition> _transitions = [];

    /// <param name="start">The base of the times, UTC.</param>
    /// <param name="signals">The signals that the rules name.</param>
    /// <param name="rules">The rules.</param>
    /// <param name="presence">When the vehicle is offline.</param>
    /// <param name="settle">Time after the link came up in which nothing is judged; null: a recording.</param>
    public AlertRun(DateTime start, SignalCatalog signals, IReadOnlyList<AlertRule> rules, PresenceLimits presence, TimeSpan? settle = null)
    {
        (_base, _signals) = (start, signals);
        _scheduler = new HistoricalScheduler(start);
        var snapshot = VehicleSnapshot.Unheard(_vehicle, start, presence.OfflineAfterOf(_vehicle));
        _events.WatchPresence(presence, _scheduler)
            .Select(observation => new SnapshotEvent(observation.Event, snapshot = snapshot.After(observation)))
            .WatchAlerts(Observable.Return(rules).Concat(Observable.Never<IReadOnlyList<AlertRule>>()), settle is { } time ? new AlertListening(_link, time) : null, _scheduler)
            .Subscribe(_transitions.Add);
        if (settle is not null) _link.OnNext(true);
    }

    /// <summary>Lets something happen.</summary>
    /// <param name="at">When, from the base.</param>
    /// <param name="kind">message, retained, will, down or up.</param>
    /// <param name="values">Values of a message, or retained ones.</param>
    public void Feed(TimeSpan at, string kind, IEnumerable<(string Signal, double Value)> values)
    {
        AdvanceTo(at);
        Reading[] Readings(DateTime time) => [.. values.Select(value => new Reading(_signals.TryNamed(value.Signal, out var signal) ? signal! : throw new InvalidOperationException(value.Signal), value.Value, time))];
        if (kind == "message") _events.OnNext(new Arrival(_vehicle, Readings(_base + at)));
        else if (kind == "retained") _events.OnNext(new RestoredValues(_vehicle, Readings(default)));
        else if (kind == "will") _events.OnNext(new Will(_vehicle));
        else _link.OnNext(kind == "up");
    }

    /// <summary>Lets time pass.</summary>
    public void AdvanceTo(TimeSpan at)
    {
        if (_base + at > _scheduler.Now.UtcDateTime) _scheduler.AdvanceTo(new DateTimeOffset(_base + at));
    }

    /// <summary>The alerts of a rule so far.</summary>
    public IReadOnlyList<RunAlert> AlertsOf(AlertRule rule)
    {
        var alerts = new List<RunAlert>();
        foreach (var transition in _transitions.Where(transition => transition.Rule == rule))
        {
            if (transition.Change == AlertChange.Fired) alerts.Add(new RunAlert(transition.Since - _base, transition.At - _base, null, transition.Value, null));
            if (transition.Change == AlertChange.Cleared) alerts[^1] = alerts[^1] with { Cleared = transition.At - _base, Peak = transition.Peak };
        }

        return alerts;
    }

    public void Dispose()
    {
        _events.Dispose();
        _link.Dispose();
    }
}
