using System.Globalization;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Time;

namespace Telemetry.Api.Http;

/// <summary>Times as answers tell them.</summary>
static class Timestamps
{
    /// <summary>ISO 8601, UTC.</summary>
    public static string Text(DateTime time) => time.ToString(TelemetryMessage.TimestampFormat + "'Z'", CultureInfo.InvariantCulture);

    /// <summary>Age of a reading in seconds; null where it is not known: the reading has no time, or one to come, of a clock that was wrong.</summary>
    /// <param name="time">Its time by the wall clock; <c>default</c> where it has none.</param>
    /// <param name="sinceArrival">Time since its arrival, where that was in this process: the wall clock may have been set meanwhile.</param>
    /// <param name="now">The wall clock.</param>
    public static double? Age(DateTime time, TimeSpan? sinceArrival, DateTime now)
    {
        if (sinceArrival is null && (time == default || time > ReadingTime.LatestOf(now))) return null;
        return Math.Max(0, Math.Round((sinceArrival ?? now - time).TotalSeconds, 3));
    }
}
