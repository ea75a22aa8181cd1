using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Telemetry.Core.Time;

namespace Telemetry.Core.Stream;

/// <summary>Rate limit of the live pipeline.</summary>
public static class LimitRateOperator
{
    // For a key whose state changes all the time; longer intervals delay ordinary values only.
    static readonly TimeSpan MaxUrgentInterval = TimeSpan.FromSeconds(1);

    // A dongle that reconnects changes its state a few times in a row. A publisher that does so all the time is limited.
    const int UrgentBurst = 8;

    /// <summary>
    /// Passes at most one value per key and interval: the first at once, then, after the interval, the newest that came meanwhile. The last
    /// value of a burst is never lost, and a single value never waits. Urgent values have a limit of their own: a few at once, then the newest
    /// each interval, or each second if the interval is longer.
    /// </summary>
    /// <param name="source">Values of any number of keys.</param>
    /// <param name="key">Key of a value; keys do not affect each other.</param>
    /// <param name="interval">Minimum time between two values of a key; zero: no limit.</param>
    /// <param name="isUrgent">True if the second value, coming after the first one that passed, waits only for other urgent values.</param>
    /// <param name="scheduler">Clock and timers.</param>
    /// <returns>The limited stream. When the source completes, waiting values are passed first; when it fails, they are dropped.</returns>
    public static IObservable<T> LimitRate<T, TKey>(
        this IObservable<T> source, Func<T, TKey> key, TimeSpan interval, Func<T, T, bool> isUrgent, IScheduler scheduler)
        where T : class
        where TKey : notnull =>
        Observable.Create<T>(observer =>
        {
            var gate = new Lock();
            var urgentInterval = interval < MaxUrgentInterval ? interval : MaxUrgentInterval;
            var keys = new Dictionary<TKey, KeyState<T>>();
            Deadlines<KeyState<T>> deadlines = null!;
            deadlines = new Deadlines<KeyState<T>>(scheduler, gate, PassWaiting);
            var subscription = source.Subscribe(Next, Fail, Complete);
            return new CompositeDisposable(subscription, deadlines);

            void Next(T value)
            {
                lock (gate)
                {
                    if (!keys.TryGetValue(key(value), out var state)) keys[key(value)] = state = new KeyState<T>();
                    state.Waiting = value;
                    PassWaiting(state);
                }
            }

            void PassWaiting(KeyState<T> state)
            {
                // Another value may have passed since, which replaced the waiting one.
                if (state.Waiting is not { } waiting) return;
                var isUrgentNow = state.Last is not null && isUrgent(state.Last, waiting);
                var opensForUrgent = state.UrgentUntil - UrgentBurst * urgentInterval;
                var opens = isUrgentNow && opensForUrgent < state.OpensAt ? opensForUrgent : state.OpensAt;
                var now = deadlines.Now;
                if (state.Last is null || now >= opens)
                {
                    Pass(state, waiting, isUrgentNow);
                    return;
                }

                if (now < state.TimerAt && state.TimerAt <= opens) return;
                state.TimerAt = opens;
                deadlines.Add(state, opens);
            }

            void Pass(KeyState<T> state, T value, bool urgent)
            {
                state.Last = value;
                state.Waiting = null;
                state.OpensAt = deadlines.Now + interval;
                if (urgent) state.UrgentUntil = (state.UrgentUntil > deadlines.Now ? state.UrgentUntil : deadlines.Now) + urgentInterval;
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
                    foreach (var state in keys.Values)
                        if (state.Waiting is { } waiting) Pass(state, waiting, urgent: false);
                    observer.OnCompleted();
                }
            }
        });

    sealed class KeyState<T>
    {
        public T? Last { get; set; }

        public T? Waiting { get; set; }

        public TimeSpan OpensAt { get; set; }

        /// <summary>End of the intervals used up by urgent values so far, one each.</summary>
        public TimeSpan UrgentUntil { get; set; }

        public TimeSpan TimerAt { get; set; }
    }
}
