using Telemetry.Core.Time;

namespace Telemetry.Api.History;

/// <summary>Readings in the store of a time to come: the clock was ahead when they came, or is behind now. Thread-safe.</summary>
sealed partial class FutureReadings(ILogger<FutureReadings> log)
{
    readonly Lock _gate = new();
    DateTime _newest;
    bool _logged;

    /// <summary>Notes the time of a reading that is in the store; null: none.</summary>
    public void Note(DateTime? newest, DateTime now)
    {
        lock (_gate)
        {
            if (newest > _newest) _newest = newest.Value;
            var isAhead = _newest > ReadingTime.LatestOf(now);
            if (isAhead && !_logged) Log.Ahead(log, _newest, now);
            _logged = isAhead;
        }
    }

    /// <summary>The time of the newest reading where that is still to come; otherwise null.</summary>
    public DateTime? NewestAfter(DateTime now)
    {
        Note(null, now);
        lock (_gate) return _logged ? _newest : null;
    }

    static partial class Log
    {
        [LoggerMessage(414, LogLevel.Warning, "The store has readings up to {Newest:u}, and the clock says {Now:u}: it was ahead when they came, or is behind now")]
        public static partial void Ahead(ILogger log, DateTime newest, DateTime now);
    }
}
