using System.Reactive.Concurrency;

namespace Telemetry.Core.Time;

/// <summary>Dates of the instants of a stopwatch, by the wall clock. Not thread-safe.</summary>
/// <remarks>
/// The two clocks are never read at the same instant. So their distance is measured once, and again only when the wall clock was set:
/// the dates of two instants are exactly as far apart as the instants.
/// </remarks>
/// <param name="scheduler">The wall clock.</param>
/// <param name="elapsed">The stopwatch.</param>
sealed class StopwatchDates(IScheduler scheduler, Func<TimeSpan> elapsed)
{
    // Longer than the time between reading the two clocks, shorter than users notice.
    static readonly TimeSpan MaxJitter = TimeSpan.FromMilliseconds(1);

    DateTime _zero = scheduler.Now.UtcDateTime - elapsed();

    /// <summary>The date of an instant, UTC.</summary>
    public DateTime Of(TimeSpan at)
    {
        // Measured twice: the thread may have been interrupted between the readings.
        if (WasSet(Zero()) && Zero() is var zero && WasSet(zero)) _zero = zero;
        return _zero + at;
    }

    bool WasSet(DateTime zero) => (zero - _zero).Duration() > MaxJitter;

    DateTime Zero() => scheduler.Now.UtcDateTime - elapsed();
}
