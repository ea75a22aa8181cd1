using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Telemetry.Core.Time;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Presence;

/// <summary>An event, and its vehicle's presence after it.</summary>
/// <param name="Event">The event.</param>
/// <param name="Presence">The same instance as before if nothing changed.</param>
public readonly record struct Observation(VehicleEvent Event, VehiclePresence Presence)
{
    /// <summary>Time since the start, on the monotonic clock.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Wall clock at that moment, UTC; set only for <see cref="RestoredValues"/>.</summary>
    public DateTime Now { get; init; }
}

/// <summary>Operator that tracks presence.</summary>
public static class WatchPresenceOperator
{
    /// <summary>
    /// Passes every event on with its vehicle's presence. Adds one <see cref="Silence"/> when a running vehicle's timeout has passed since
    /// its last <see cref="Arrival"/>. Readings make a vehicle running, unless they only repeat values; a <see cref="Will"/> makes it
    /// offline, a <see cref="WillRevoked"/> running again. A <see cref="TakenOver"/> goes on as another server had it. Other events are no sign of life.
    /// </summary>
    /// <param name="source">Events of any number of vehicles.</param>
    /// <param name="limits">Timeouts; a vehicle's own timeout is read again at each of its events.</param>
    /// <param name="scheduler">Clock and timers.</param>
    /// <returns>The events in their order. After the source has completed there is no <see cref="Silence"/>.</returns>
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
                if (vehicleEvent is Released)
                {
                    watch.Release();
                    watches.Remove(watch.Vehicle);
                }

                if (vehicleEvent is Arrival arrival) watch.Record(arrival.Readings, deadlines.Now);
                else watch.UpdateTimeout();
                if (vehicleEvent is RestoredValues restored) watch.RestoreTimeout(restored.HeardWith);
                if (vehicleEvent is TakenOver taken) watch.TakeOver(taken, deadlines.Now, scheduler.Now.UtcDateTime);
                if (vehicleEvent is Silence) watch.MarkOffline(StateReason.Silence, scheduler.Now.UtcDateTime);
                if (vehicleEvent is Will) watch.TakeWill(deadlines.Now, scheduler.Now.UtcDateTime);
                if (vehicleEvent is WillRevoked) watch.RevokeWill(deadlines.Now);
                ArmTimer(watch);
                observer.OnNext(new Observation(vehicleEvent, watch.Presence) { Elapsed = deadlines.Now, Now = vehicleEvent is RestoredValues ? scheduler.Now.UtcDateTime : default });
            }

            // One timer per running vehicle, moved only when it fires: a reading costs no timer.
            void ArmTimer(PresenceWatch watch)
            {
                if (watch.OfflineAt is not { } at || watch.TimerAt <= at) return;
                watch.TimerAt = at;
                deadlines.Add(watch, at);
            }

            void Check(PresenceWatch watch)
            {
                // An earlier deadline may have replaced this one.
                if (watch.TimerAt is null || deadlines.Now < watch.TimerAt) return;
                watch.TimerAt = null;
                if (watch.OfflineAt <= deadlines.Now) Pass(watch, new Silence(watch.Vehicle));
                else ArmTimer(watch);
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
