using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Presence;

/// <summary>Notices that a vehicle has gone quiet.</summary>
public static class DetectSilenceOperator
{
    /// <summary>
    /// Passes every event on and adds a <see cref="Silence"/>, once, when a vehicle's last <see cref="Arrival"/> lies the timeout
    /// back. The next arrival starts the wait again. Events that are no sign of life do neither.
    /// </summary>
    /// <param name="source">What happens to any number of vehicles.</param>
    /// <param name="timeout">How long a vehicle may be silent; asked anew for each wait.</param>
    /// <param name="scheduler">Measures and waits.</param>
    /// <returns>The events in their order. The silence of a source that has ended is not told.</returns>
    public static IObservable<VehicleEvent> DetectSilence(
        this IObservable<VehicleEvent> source, Func<Vehicle, TimeSpan> timeout, IScheduler scheduler) =>
        Observable.Create<VehicleEvent>(observer =>
        {
            var gate = new Lock();
            var heard = new Dictionary<Vehicle, Heard>();
            Deadlines<Heard> deadlines = null!;
            deadlines = new Deadlines<Heard>(scheduler, gate, Check);
            var subscription = source.Subscribe(Next, Fail, Complete);
            return new CompositeDisposable(subscription, deadlines);

            void Next(VehicleEvent happening)
            {
                lock (gate)
                {
                    if (happening is Arrival) Hear(happening.Vehicle);
                    observer.OnNext(happening);
                }
            }

            void Hear(Vehicle vehicle)
            {
                if (!heard.TryGetValue(vehicle, out var last)) heard[vehicle] = last = new Heard(vehicle);
                last.At = deadlines.Now;
                if (last.IsAwaited) return;
                last.IsAwaited = true;
                deadlines.Add(last, last.At + timeout(vehicle));
            }

            // One deadline a running vehicle, moved on only when it passes: a reading costs no timer.
            void Check(Heard last)
            {
                var silentAt = last.At + timeout(last.Vehicle);
                if (deadlines.Now < silentAt)
                {
                    deadlines.Add(last, silentAt);
                    return;
                }

                last.IsAwaited = false;
                observer.OnNext(new Silence(last.Vehicle));
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

    sealed class Heard(Vehicle vehicle)
    {
        public Vehicle Vehicle { get; } = vehicle;

        public TimeSpan At { get; set; }

        public bool IsAwaited { get; set; }
    }
}
