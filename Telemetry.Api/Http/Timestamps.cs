using System.Globalization;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Time;

namespace Telemetry.Api.Http;

static class Timestamps
{
    public static string Text(DateTime time) => time.ToString(TelemetryMessage.TimestampFormat + "'Z'", CultureInfo.InvariantCulture);

    /// <summary>In seconds; null if unknown: without a timestamp (<c>default</c>), or with one in the future, from a wrong clock. The time since the arrival in this process, if known, is independent of the wall clock.</summary>
    public static double? Age(DateTime time, TimeSpan? sinceArrival, DateTime now)
    {
        if (sinceArrival is null && (time == default || time > ReadingTime.LatestOf(now))) return null;
        return Math.Max(0, Math.Round((sinceArrival ?? now - time).TotalSeconds, 3));
    }
}
