namespace Telemetry.Core.Time;

/// <summary>Timestamps of readings: arrivals by the wall clock, which may be set meanwhile.</summary>
public static class ReadingTime
{
    /// <summary>Maximum step back of a clock that is slewed, or between two machines. A larger step means that it was set.</summary>
    public static readonly TimeSpan MaxSlew = TimeSpan.FromSeconds(2);

    /// <summary>Latest plausible timestamp; a later one is in the future, from a wrong clock.</summary>
    public static DateTime LatestOf(DateTime now) => now + MaxSlew;

    /// <summary>Timestamp of a message: its arrival, moved after the last message only if the clock went back a little.</summary>
    /// <param name="now">Wall clock, UTC.</param>
    /// <param name="last">Timestamp of the vehicle's last message.</param>
    public static DateTime After(DateTime last, DateTime now)
    {
        var at = new DateTime(now.Ticks - now.Ticks % TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);
        return at > last || last - at > MaxSlew ? at : last.AddMicroseconds(1);
    }
}
