using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Telemetry.Core.Stream;

namespace Telemetry.Core.Alerts;

/// <summary>Broker link, as an input of the operator.</summary>
/// <param name="Link">True: the link to the broker is up from now on; false: it is down.</param>
/// <param name="Settle">Time after that in which nothing is judged: the broker hands over what it has kept.</param>
public sealed record AlertListening(IObservable<bool> Link, TimeSpan Settle);

/// <summary>Raises alerts.</summary>
public static class WatchAlertsOperator
{
    /// <summary>Judges every vehicle by the rules, and gives each change of an alert.</summary>
    /// <remarks>
    /// A rule is judged only while the server listens, the vehicle is heard (where the rule is about a signal) and all of its
    /// <see cref="AlertRule.While"/> hold. Outside, everything stands still. What is due at an instant happens before the message of
    /// that instant. Durations go by the scheduler's stopwatch: a clock that is set moves no deadline.
    /// </remarks>
    /// <param name="source">Events of any number of vehicles.</param>
    /// <param name="rules">The rules in force, whenever they change. One that is gone, or has another version, ends its alerts.</param>
    /// <param name="listening">Broker link; null: always up, as in a recording.</param>
    /// <param name="scheduler">Measures and waits.</param>
    /// <param name="saved">Waits and open alerts of an earlier run, to go on with; null: none.</param>
    /// <param name="forecasts">Forecasts of vehicles that rules are on; null: none.</param>
    /// <param name="states">Shows the rules on the vehicles; null: not read.</param>
    /// <returns>The changes in their order. When the source ends, what still waits is given as <see cref="AlertChange.Waited"/>.</returns>
    public static IObservable<AlertTransition> WatchAlerts(
        this IObservable<SnapshotEvent> source, IObservable<IReadOnlyList<AlertRule>> rules, AlertListening? listening, IScheduler scheduler,
        IObservable<SavedWatch>? saved = null, AlertStates? states = null, IObservable<ForecastReadings>? forecasts = null) =>
        Observable.Create<AlertTransition>(observer =>
        {
            var watcher = new AlertWatcher(observer, listening?.Settle ?? TimeSpan.Zero, isListening: listening is null, scheduler);
            states?.Connect(watcher);
            return new CompositeDisposable(
                rules.Subscribe(watcher.SetRules),
                saved?.Subscribe(watcher.Restore) ?? Disposable.Empty,
                listening?.Link.Subscribe(watcher.SetLink) ?? Disposable.Empty,
                source.Subscribe(watcher.Take, watcher.Fail, watcher.Complete),
                forecasts?.Subscribe(watcher.Take) ?? Disposable.Empty,
                watcher);
        });
}
