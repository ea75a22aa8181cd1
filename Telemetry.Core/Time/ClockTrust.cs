namespace Telemetry.Core.Time;

/// <summary>The part of the wall clock that is believed where something would be deleted for ever: no single look at it is enough.</summary>
/// <remarks>
/// What the clock says is a candidate. It counts once the server has run on for a while without the clock going back below it, in one
/// run or in several: a clock that was far ahead at a start has been set right by then.
/// </remarks>
/// <param name="Passed">A time that has certainly passed, UTC.</param>
/// <param name="Candidate">A later time that the clock has shown since.</param>
/// <param name="Ran">How long the server has run since it showed that, by a clock that is never set.</param>
public sealed record ClockTrust(DateTime Passed, DateTime Candidate, TimeSpan Ran)
{
    /// <summary>The time between two upkeeps: as much may be dropped on one look at the clock.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    static readonly TimeSpan UsualPause = TimeSpan.FromDays(7);

    /// <summary>Begins where there is no upkeep to compare with: at the newest reading.</summary>
    /// <param name="now">The wall clock, UTC.</param>
    /// <param name="newest">The newest reading that is not of a time to come; null where there is none, and so nothing to lose.</param>
    public static ClockTrust Begin(DateTime now, DateTime? newest) => new(newest ?? now, now, TimeSpan.Zero);

    /// <summary>How long the server has to run until the candidate counts: an hour, or a day where the clock has gone on by more than a week.</summary>
    public TimeSpan Needed => Candidate - Passed > UsualPause ? TimeSpan.FromDays(1) : Interval;

    /// <summary>The same after another look at the clock.</summary>
    /// <param name="now">The wall clock, UTC.</param>
    /// <param name="elapsed">Time since the look before; zero at a start.</param>
    public ClockTrust After(DateTime now, TimeSpan elapsed)
    {
        if (now < Candidate) return new ClockTrust(now < Passed ? now : Passed, now, TimeSpan.Zero);
        var ran = Ran + elapsed;
        return ran < Needed ? this with { Ran = ran } : new ClockTrust(Candidate, now, TimeSpan.Zero);
    }

    /// <summary>The latest time that may be taken for now.</summary>
    public DateTime Latest(DateTime now) => now - Passed > Interval ? Passed + Interval : now;
}
