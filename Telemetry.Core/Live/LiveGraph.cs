using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Telemetry.Core.Alerts;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Live;

/// <summary>Rate limit and presence timeouts of the live path.</summary>
/// <param name="UpdateInterval">Shortest time between two updates of a vehicle.</param>
/// <param name="Presence">Timeouts after which a vehicle is offline.</param>
public sealed record Pacing(TimeSpan UpdateInterval, PresenceLimits Presence);

/// <summary>The rules that a graph judges its vehicles by.</summary>
/// <param name="Rules">The rules in force, whenever they change.</param>
/// <param name="Listening">Broker link; null: always up, as in a recording.</param>
/// <param name="Saved">Waits and open alerts of an earlier run; null: none.</param>
/// <param name="Forecasts">Forecasts of vehicles that rules are on; null: none.</param>
public sealed record AlertInput(
    IObservable<IReadOnlyList<AlertRule>> Rules, AlertListening? Listening = null, IObservable<SavedWatch>? Saved = null, IObservable<ForecastReadings>? Forecasts = null);

/// <summary>The live path of a partition: events of its vehicles in; snapshots, updates, transitions and alerts out.</summary>
/// <remarks>Observers are called one at a time, on whichever thread brought the event, and must neither block nor throw.</remarks>
public sealed class LiveGraph : IDisposable
{
    readonly Subject<VehicleEvent> _events = new();
    readonly CompositeDisposable _connections;
    readonly IStopwatch _stopwatch;

    /// <param name="pacing">Intervals and timeouts.</param>
    /// <param name="scheduler">Every timer of the graph runs on it.</param>
    /// <param name="startedAt">Dates the snapshots of vehicles not heard yet, UTC; null: now.</param>
    /// <param name="alerts">The rules; null: none.</param>
    /// <param name="follows">True for the signals that snapshots have to follow; null: all.</param>
    public LiveGraph(Pacing pacing, IScheduler scheduler, DateTime? startedAt = null, AlertInput? alerts = null, Func<Signal, bool>? follows = null)
    {
        StartedAt = startedAt ?? scheduler.Now.UtcDateTime;
        _stopwatch = scheduler.StartStopwatch();
        var events = _events
            .WatchPresence(pacing.Presence, scheduler)
            .MergeByVehicle(StartedAt, follows)
            .Publish();

        var snapshots = events.Changes().Publish();

        var watched = (alerts is null ? Observable.Never<AlertTransition>() : events.WatchAlerts(alerts.Rules, alerts.Listening, scheduler, alerts.Saved, AlertStates, alerts.Forecasts))
            .Publish();

        var updates = snapshots
            .LimitRate(snapshot => snapshot.Vehicle, pacing.UpdateInterval, VehicleSnapshot.IsStateChange, scheduler)
            .Publish();

        Snapshots = snapshots;
        Updates = updates;
        Transitions = snapshots.Where(snapshot => snapshot.IsTransition);
        Alerts = watched;
        _connections = [updates.Connect(), watched.Connect(), snapshots.Connect(), events.Connect()];
    }

    /// <summary>Dates the snapshots of vehicles not heard yet. UTC.</summary>
    public DateTime StartedAt { get; }

    /// <summary>Time since the start, by a clock that is never set. Ages are counted on it.</summary>
    public TimeSpan Elapsed => _stopwatch.Elapsed;

    /// <summary>A vehicle's snapshot after each event that changed it. For queries.</summary>
    public IObservable<VehicleSnapshot> Snapshots { get; }

    /// <summary>The same, rate-limited; changes of state have a limit of their own, so that a change goes out at once. For the clients.</summary>
    public IObservable<VehicleSnapshot> Updates { get; }

    /// <summary>The first snapshot after each change of state. For the log.</summary>
    public IObservable<VehicleSnapshot> Transitions { get; }

    /// <summary>Each change of an alert. For the store, the clients and the channels.</summary>
    public IObservable<AlertTransition> Alerts { get; }

    /// <summary>The rules on the vehicles as they are now. For queries.</summary>
    public AlertStates AlertStates { get; } = new();

    /// <summary>Feeds the graph. One caller at a time.</summary>
    public void Publish(VehicleEvent vehicleEvent) => _events.OnNext(vehicleEvent);

    /// <summary>Stops every timer; no observer is called any more.</summary>
    public void Dispose() => _connections.Dispose();
}
