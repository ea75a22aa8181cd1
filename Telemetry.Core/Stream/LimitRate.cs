using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Telemetry.Core.Time;

namespace Telemetry.Core.Stream;

/// <summary>The rate limit of the live path.</summary>
public static class LimitRateOperator
{
    // Of a key whose state changes all the time; longer intervals hold back ordinary values alone.
    static readonly TimeSpan MaxUrgentInterval = TimeSpan.FromSeconds(1);

    // A dongle that loses its connection and comes back changes its state a few times at once. A publisher that does nothing else is limited.
    const int UrgentBurst = 8;

    /// <summary>
    /// Lets at most one value a key through each interval: the first at once, then, when the interval is over, the newest that came
    /// meanwhile. The last value of a burst is never lost, a lone value never waits. Urgent values have a limit of their own: a few at
    /// once, then the newest each interval, or each second where the interval is longer.
    /// </summary>
    /// <param name="source">Values of any number of keys.</param>
    /// <param name="key">Whose value it is; keys do not affect each other.</param>
    /// <param name="interval">Shortest time between two values of a key; zero: no limit.</param>
    /// <param name="isUrgent">True if the second value, coming after the first let through, waits for other urgent ones only.</param>
    /// <param name="scheduler">Measures and waits.</param>
    /// <returns>The limited stream. When the source ends, values still waiting go out first; when it fails, they are dropped.</returns>
    public static IObservable<T> LimitRate<T, TKey>(
        this IObservable<T> source, Func<T, TKey> key, TimeSpan interval, Func<T, T, bool> isUrgent, IScheduler scheduler)
        where T : class
        where TKey : notnull =>
        Observable.Create<T>(observer =>
        {
            var gate = new Lock();
            var urgentInterval = interval < MaxUrgentInterval ? interval : MaxUrgentInterval;
            var keys = new Dictionary<TKey, Pace<T>>();
            Deadlines<Pace<T>> deadlines = null!;
            deadlines = new Deadlines<Pace<T>>(scheduler, gate, LetWaitingThrough);
            var subscription = source.Subscribe(Next, Fail, Complete);
            return new CompositeDisposable(subscription, deadlines);

            void Next(T value)
            {
                lock (gate)
                {
                    if (!keys.TryGetValue(key(value), out var pace)) keys[key(value)] = pace = new Pace<T>();
                    pace.Waiting = value;
                    LetWaitingThrough(pace);
                }
            }

            void LetWaitingThrough(Pace<T> pace)
            {
                // Another value may have gone out since, which answers for what waited.
                if (pace.Waiting is not { } waiting) return;
                var isUrgentNow = pace.Last is not null && isUrgent(pace.Last, waiting);
                var opensForUrgent = pace.UrgentUntil - UrgentBurst * urgentInterval;
                var opens = isUrgentNow && opensForUrgent < pace.Opens ? opensForUrgent : pace.Opens;
                var now = deadlines.Now;
                if (pace.Last is null || now >= opens)
                {
                    LetThrough(pace, waiting, isUrgentNow);
                    return;
                }

                if (now < pace.AwaitedAt && pace.AwaitedAt <= opens) return;
                pace.AwaitedAt = opens;
                deadlines.Add(pace, opens);
            }

            void LetThrough(Pace<T> pace, T value, bool urgent)
            {
                pace.Last = value;
                pace.Waiting = null;
                pace.Opens = deadlines.Now + interval;
                if (urgent) pace.UrgentUntil = (pace.UrgentUntil > deadlines.Now ? pace.UrgentUntil : deadlines.Now) + urgentInterval;
                observer.OnNext(value);
            }

            void Fail(Exception error)
            {
                lock (gate) observer.OnError(error);
            }

            void Complete()
            {
                lock (gate)
                {
                    foreach (var pace in keys.Values)
                        if (pace.Waiting is { } waiting) LetThrough(pace, waiting, urgent: false);
                    observer.OnCompleted();
                }
            }
        });

    sealed class Pace<T>
    {
        public T? Last { get; set; }

        public T? Waiting { get; set; }

        public TimeSpan Opens { get; set; }

        /// <summary>The urgent values so far, one each interval, reach until here.</summary>
        public TimeSpan UrgentUntil { get; set; }

        public TimeSpan AwaitedAt { get; set; }
    }
}
