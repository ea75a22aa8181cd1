using Telemetry.Core.Time;

namespace Telemetry.Api.History;

/// <summary>Stored readings with a future timestamp: the clock was ahead when they arrived, or is behind now. Thread-safe.</summary>
sealed partial class FutureReadings(ILogger<FutureReadings> log)
{
    readonly Lock _gate = new();
    DateTime _newest;
    bool _logged;

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

    public DateTime? NewestAfter(DateTime now)
    {
        Note(null, now);
        lock (_gate) return _logged ? _newest : null;
    }

    static partial class Log
    {
        [LoggerMessage(414, LogLevel.Warning, "The store has readings up to {Newest:u}, but the clock is at {Now:u}: it was ahead when they arrived, or is behind now")]
        public static partial void Ahead(ILogger log, DateTime newest, DateTime now);
    }
}
