using System.Globalization;
using Telemetry.Core.Broadcast;

namespace Telemetry.Api.Http;

/// <summary>Times as answers tell them.</summary>
static class Timestamps
{
    /// <summary>ISO 8601, UTC.</summary>
    public static string Text(DateTime time) => time.ToString(TelemetryMessage.TimestampFormat + "'Z'", CultureInfo.InvariantCulture);

    /// <summary>Seconds; never below zero, where a clock was set back meanwhile.</summary>
    public static double Age(DateTime time, DateTime now) => Math.Max(0, Math.Round((now - time).TotalSeconds, 3));
}
