using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Telemetry.Core.Presence;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Live;

/// <summary>How the live path paces itself.</summary>
/// <param name="UpdateInterval">Shortest time between two updates of a vehicle.</param>
/// <param name="Presence">When a vehicle is offline.</param>
public sealed record Pacing(TimeSpan UpdateInterval, PresenceLimits Presence);

/// <summary>The live path of a partition: events of its vehicles in; snapshots, updates and transitions out.</summary>
/// <remarks>Observers are called one at a time, on whichever thread brought the event, and must neither block nor throw.</remarks>
public sealed class LiveGraph : IDisposable
{
    readonly Subject<VehicleEvent> _events = new();
    readonly CompositeDisposable _connections;
    readonly IStopwatch _stopwatch;

    /// <param name="pacing">Intervals and timeouts.</param>
    /// <param name="scheduler">Every timer of the graph runs on it.</param>
    /// <param name="startedAt">Dates the snapshots of vehicles not heard yet, UTC; null: now.</param>
    public LiveGraph(Pacing pacing, IScheduler scheduler, DateTime? startedAt = null)
    {
        StartedAt = startedAt ?? scheduler.Now.UtcDateTime;
        _stopwatch = scheduler.StartStopwatch();
        var snapshots = _events
            .WatchPresence(pacing.Presence, scheduler)
            .MergeByVehicle(StartedAt)
            .Publish();

        var updates = snapshots
            .LimitRate(snapshot => snapshot.Vehicle, pacing.UpdateInterval, VehicleSnapshot.IsStateChange, scheduler)
            .Publish();

        Snapshots = snapshots;
        Updates = updates;
        Transitions = snapshots.Where(snapshot => snapshot.IsTransition);
        _connections = [updates.Connect(), snapshots.Connect()];
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

    /// <summary>Feeds the graph. One caller at a time.</summary>
    public void Publish(VehicleEvent vehicleEvent) => _events.OnNext(vehicleEvent);

    /// <summary>Stops every timer; no observer is called any more.</summary>
    public void Dispose() => _connections.Dispose();
}
