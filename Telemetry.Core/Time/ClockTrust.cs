namespace Telemetry.Core.Time;

/// <summary>The part of the wall clock that is trusted before data is deleted for ever: one look at the clock is not enough.</summary>
/// <remarks>
/// The present time is a candidate. It is trusted after the server has run on for a while without the clock going back below it, in one
/// run or in several: a clock that was far ahead at a start has been corrected by then.
/// </remarks>
/// <param name="Passed">A time that has certainly passed, UTC.</param>
/// <param name="Candidate">A later time that the clock has shown since.</param>
/// <param name="Ran">Running time of the server since then, on the monotonic clock.</param>
public sealed record ClockTrust(DateTime Passed, DateTime Candidate, TimeSpan Ran)
{
    /// <summary>Interval of the maintenance; this much may be deleted after one look at the clock.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    static readonly TimeSpan MaxDefaultPause = TimeSpan.FromDays(7);

    /// <summary>Start without earlier maintenance: trusts the time of the newest reading.</summary>
    /// <param name="now">Wall clock, UTC.</param>
    /// <param name="newest">The newest reading that is not in the future; null if there is none, and so nothing to lose.</param>
    public static ClockTrust Begin(DateTime now, DateTime? newest) => new(newest ?? now, now, TimeSpan.Zero);

    /// <summary>Running time after which the candidate is trusted: an hour, or a day if the clock has advanced by more than a week.</summary>
    public TimeSpan Needed => Candidate - Passed > MaxDefaultPause ? TimeSpan.FromDays(1) : Interval;

    /// <summary>State after another look at the clock.</summary>
    /// <param name="now">Wall clock, UTC.</param>
    /// <param name="elapsed">Time since the last look; zero at a start.</param>
    public ClockTrust After(DateTime now, TimeSpan elapsed)
    {
        if (now < Candidate) return new ClockTrust(now < Passed ? now : Passed, now, TimeSpan.Zero);
        var ran = Ran + elapsed;
        return ran < Needed ? this with { Ran = ran } : new ClockTrust(Candidate, now, TimeSpan.Zero);
    }

    /// <summary>Latest time that may be used as the present time.</summary>
    public DateTime Latest(DateTime now) => now - Passed > Interval ? Passed + Interval : now;
}
