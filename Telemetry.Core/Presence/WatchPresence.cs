using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Telemetry.Core.Time;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Presence;

/// <summary>An event, and how its vehicle stands after it.</summary>
/// <param name="Event">What happened.</param>
/// <param name="Presence">The same instance as before where it changed nothing.</param>
public readonly record struct Observation(VehicleEvent Event, VehiclePresence Presence)
{
    /// <summary>Time since the start when it happened, by a clock that is never set.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The wall clock at that moment, UTC; given for <see cref="RestoredValues"/> alone.</summary>
    public DateTime Now { get; init; }
}

/// <summary>Notices whether vehicles are there.</summary>
public static class WatchPresenceOperator
{
    /// <summary>
    /// Passes every event on with its vehicle's presence, and adds a <see cref="Silence"/>, once, when a running vehicle's last
    /// <see cref="Arrival"/> lies as far back as it may. Readings make it running, unless they do nothing but repeat themselves; a
    /// <see cref="Will"/> makes it offline, a <see cref="WillRevoked"/> running again. Other events are no sign of life.
    /// </summary>
    /// <param name="source">What happens to any number of vehicles.</param>
    /// <param name="limits">How long silence and repetition may be; a vehicle's own time is asked for anew at each event of it.</param>
    /// <param name="scheduler">Measures and waits.</param>
    /// <returns>The events in their order. The silence of a source that has ended is not told.</returns>
    public static IObservable<Observation> WatchPresence(this IObservable<VehicleEvent> source, PresenceLimits limits, IScheduler scheduler) =>
        Observable.Create<Observation>(observer =>
        {
            var gate = new Lock();
            var watches = new Dictionary<Vehicle, PresenceWatch>();
            Deadlines<PresenceWatch> deadlines = null!;
            deadlines = new Deadlines<PresenceWatch>(scheduler, gate, Check);
            var subscription = source.Subscribe(Next, Fail, Complete);
            return new CompositeDisposable(subscription, deadlines);

            void Next(VehicleEvent vehicleEvent)
            {
                lock (gate)
                {
                    if (!watches.TryGetValue(vehicleEvent.Vehicle, out var watch))
                        watches[vehicleEvent.Vehicle] = watch = new PresenceWatch(vehicleEvent.Vehicle, limits, scheduler.Now.UtcDateTime);
                    Pass(watch, vehicleEvent);
                }
            }

            void Pass(PresenceWatch watch, VehicleEvent vehicleEvent)
            {
                if (vehicleEvent is Arrival arrival) watch.Record(arrival.Readings, deadlines.Now);
                else watch.UpdateTimeout();
                if (vehicleEvent is Silence) watch.MarkOffline(StateReason.Silence, scheduler.Now.UtcDateTime);
                if (vehicleEvent is Will) watch.TakeWill(deadlines.Now, scheduler.Now.UtcDateTime);
                if (vehicleEvent is WillRevoked) watch.RevokeWill(deadlines.Now);
                Await(watch);
                observer.OnNext(new Observation(vehicleEvent, watch.Presence) { Elapsed = deadlines.Now, Now = vehicleEvent is RestoredValues ? scheduler.Now.UtcDateTime : default });
            }

            // One deadline a running vehicle, moved on only when it passes: a reading costs no timer.
            void Await(PresenceWatch watch)
            {
                if (watch.OfflineAt is not { } at || watch.AwaitedAt <= at) return;
                watch.AwaitedAt = at;
                deadlines.Add(watch, at);
            }

            void Check(PresenceWatch watch)
            {
                // An earlier deadline may have taken this one's place since.
                if (watch.AwaitedAt is null || deadlines.Now < watch.AwaitedAt) return;
                watch.AwaitedAt = null;
                if (watch.OfflineAt <= deadlines.Now) Pass(watch, new Silence(watch.Vehicle));
                else Await(watch);
            }

            void Fail(Exception error)
            {
                lock (gate) observer.OnError(error);
            }

            void Complete()
            {
                lock (gate)
                {
                    deadlines.Dispose();
                    observer.OnCompleted();
                }
            }
        });
}
