namespace Telemetry.Core.Time;

/// <summary>The time of a reading: its arrival by the wall clock, which may be set meanwhile.</summary>
public static class ReadingTime
{
    /// <summary>How far a clock may go back by being slewed, or between two machines. Further than that it has been set.</summary>
    public static readonly TimeSpan MaxSlew = TimeSpan.FromSeconds(2);

    /// <summary>The latest time that a reading can have; a later one is of a time to come, from a clock that was wrong.</summary>
    public static DateTime LatestOf(DateTime now) => now + MaxSlew;

    /// <summary>The time of a message: its arrival, moved on only where the clock has gone back a little.</summary>
    /// <param name="now">The wall clock, UTC.</param>
    /// <param name="last">The time of the vehicle's message before.</param>
    public static DateTime After(DateTime last, DateTime now)
    {
        var at = new DateTime(now.Ticks - now.Ticks % TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);
        return at > last || last - at > MaxSlew ? at : last.AddMicroseconds(1);
    }
}
