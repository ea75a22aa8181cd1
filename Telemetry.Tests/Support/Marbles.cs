using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace Telemetry.Tests.Support;

/// <summary>Timed inputs in, timed outputs out, on a clock that the test turns.</summary>
sealed class Marbles
{
    static readonly DateTimeOffset Start = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    public HistoricalScheduler Scheduler { get; } = new(Start);

    /// <summary>Milliseconds since the start.</summary>
    public double Now => (Scheduler.Now - Start).TotalMilliseconds;

    /// <summary>Time since the start, exact.</summary>
    public TimeSpan Elapsed => Scheduler.Now - Start;

    /// <summary>That many milliseconds after the start, UTC.</summary>
    public static DateTime Time(double milliseconds) => Start.AddMilliseconds(milliseconds).UtcDateTime;

    public void RunTo(double milliseconds) => Scheduler.AdvanceTo(Start.AddMilliseconds(milliseconds));

    public void RunTo(TimeSpan elapsed) => Scheduler.AdvanceTo(Start + elapsed);

    /// <summary>Feeds values at their times through a query and runs on to the end.</summary>
    /// <returns>What came out, and when.</returns>
    public List<(double At, TOut Value)> Run<TIn, TOut>(
        Func<IObservable<TIn>, IObservable<TOut>> query, double end, params IReadOnlyList<(double At, TIn Value)> inputs)
    {
        var source = new Subject<TIn>();
        var outputs = new List<(double, TOut)>();
        using var subscription = query(source).Subscribe(value => outputs.Add((Now, value)));
        foreach (var (at, value) in inputs)
        {
            RunTo(at);
            source.OnNext(value);
        }

        RunTo(end);
        return outputs;
    }
}
