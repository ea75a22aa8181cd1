using System.Reactive.Concurrency;

namespace Telemetry.Core.Time;

/// <summary>The time of a recording, which whoever plays it moves on.</summary>
sealed class RecordingClock(DateTime start) : HistoricalScheduler(new DateTimeOffset(start))
{
    /// <summary>When the next timer fires; null where none is set.</summary>
    public DateTime? NextDue => GetNext()?.DueTime.UtcDateTime;
}
