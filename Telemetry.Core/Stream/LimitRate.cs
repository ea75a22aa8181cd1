using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Telemetry.Core.Time;

namespace Telemetry.Core.Stream;

/// <summary>The rate limit of the live path.</summary>
public static class LimitRateOperator
{
    /// <summary>
    /// Lets at most one value a key through each interval: the first at once, then, when the interval is over, the newest that came
    /// meanwhile. The last value of a burst is never lost, a lone value never waits.
    /// </summary>
    /// <param name="source">Values of any number of keys.</param>
    /// <param name="key">Whose value it is; keys do not affect each other.</param>
    /// <param name="interval">Shortest time between two values of a key; zero: no limit.</param>
    /// <param name="isUrgent">Whether the second value, coming after the first let through, must not wait.</param>
    /// <param name="scheduler">Measures and waits.</param>
    /// <returns>The limited stream. When the source ends, values still waiting go out first; when it fails, they are dropped.</returns>
    public static IObservable<T> LimitRate<T, TKey>(
        this IObservable<T> source, Func<T, TKey> key, TimeSpan interval, Func<T, T, bool> isUrgent, IScheduler scheduler)
        where T : class
        where TKey : notnull =>
        Observable.Create<T>(observer =>
        {
            var gate = new Lock();
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
                    if (pace.Last is null || deadlines.Now >= pace.Opens || isUrgent(pace.Last, value))
                    {
                        LetThrough(pace, value);
                        return;
                    }

                    if (pace.Waiting is null) deadlines.Add(pace, pace.Opens);
                    pace.Waiting = value;
                }
            }

            void LetWaitingThrough(Pace<T> pace)
            {
                // An urgent value may have gone out since, which answers for what waited and moves the opening.
                if (pace.Waiting is null) return;
                if (deadlines.Now < pace.Opens) deadlines.Add(pace, pace.Opens);
                else LetThrough(pace, pace.Waiting);
            }

            void LetThrough(Pace<T> pace, T value)
            {
                pace.Last = value;
                pace.Waiting = null;
                pace.Opens = deadlines.Now + interval;
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
                        if (pace.Waiting is { } waiting) LetThrough(pace, waiting);
                    observer.OnCompleted();
                }
            }
        });

    sealed class Pace<T>
    {
        public T? Last { get; set; }

        public T? Waiting { get; set; }

        public TimeSpan Opens { get; set; }
    }
}
