using System.Globalization;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Time;

namespace Telemetry.Api.Http;

static class Timestamps
{
    /// <summary>ISO 8601, UTC.</summary>
    public static string Text(DateTime time) => time.ToString(TelemetryMessage.TimestampFormat + "'Z'", CultureInfo.InvariantCulture);

    /// <summary>Age of a reading in seconds; null if unknown: the reading has no timestamp, or one in the future, from a wrong clock.</summary>
    /// <param name="time">Its timestamp; <c>default</c> if it has none.</param>
    /// <param name="sinceArrival">Time since its arrival in this process, which is independent of the wall clock; null: not in this process.</param>
    public static double? Age(DateTime time, TimeSpan? sinceArrival, DateTime now)
    {
        if (sinceArrival is null && (time == default || time > ReadingTime.LatestOf(now))) return null;
        return Math.Max(0, Math.Round((sinceArrival ?? now - time).TotalSeconds, 3));
    }
}
