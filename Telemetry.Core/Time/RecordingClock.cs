using System.Reactive.Concurrency;

namespace Telemetry.Core.Time;

/// <summary>Virtual clock of a recording, advanced by its replay.</summary>
sealed class RecordingClock(DateTime start) : HistoricalScheduler(new DateTimeOffset(start))
{
    /// <summary>Next timer; null if none is set.</summary>
    public DateTime? NextDue => GetNext()?.DueTime.UtcDateTime;
}
