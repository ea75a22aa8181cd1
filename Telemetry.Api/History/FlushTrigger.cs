using System.Diagnostics;

namespace Telemetry.Api.History;

enum FlushReason
{
    Full,

    /// <summary>Half of a usual window of messages waits for acknowledgement.</summary>
    Window,

    /// <summary>The sender has paused, probably to wait for acknowledgements.</summary>
    Pause,

    /// <summary>An alert waits: its messages go out once it is stored.</summary>
    Alert,

    Age,

    Stop,
}

/// <summary>Decides when a batch is written. Guarded by the lock of the <see cref="HistoryQueue"/>. Times are timestamps of <see cref="Stopwatch"/>.</summary>
/// <remarks>A write costs the same for one reading as for hundreds, so readings are collected. But a QoS 1 sender with a full window waits for acknowledgements: one batch per interval would limit a window of 20 messages to 20 messages a second.</remarks>
sealed class FlushTrigger(TimeSpan interval)
{
    // Half of the window of brokers that allow only 20, and of most publishers to the embedded broker: the other half is sent while these are written.
    const int WindowShare = 10;

    // A smaller window shows as a pause of several times the usual gap between messages.
    const int PauseFactor = 4;
    static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(2);
    static readonly TimeSpan MaxGap = TimeSpan.FromMilliseconds(50);

    int _awaited;
    long _firstAt;
    long _lastAt;
    long _lastAnswerAt;
    TimeSpan _gap;
    bool _isUrgent;

    /// <summary>True if the writer must check again before its wait is over.</summary>
    public bool Add(bool isAwaited, long now, bool isUrgent = false)
    {
        var isFirst = _firstAt == 0;
        if (isFirst) _firstAt = now;
        if (isUrgent)
        {
            _awaited++;
            return _isUrgent = true; // Its messages wait for the store.
        }

        if (!isAwaited) return isFirst;
        // Time in which the sender waited for acknowledgements is not part of the gap.
        var gap = Stopwatch.GetElapsedTime(Math.Max(_lastAt, _lastAnswerAt), now);
        _gap = (_gap + (gap < MaxGap ? gap : MaxGap)) / 2;
        _lastAt = now;
        return ++_awaited == WindowShare || isFirst;
    }

    public void Answered(long now) => _lastAnswerAt = now;

    public void Taken(int awaited, bool isEmpty, long now)
    {
        _awaited -= awaited;
        _isUrgent = false;
        _firstAt = isEmpty ? 0 : now;
    }

    public (TimeSpan Wait, FlushReason Reason) Next(long waiting, long now)
    {
        if (waiting >= HistoryQueue.BatchSize) return (TimeSpan.Zero, FlushReason.Full);
        if (_isUrgent) return (TimeSpan.Zero, FlushReason.Alert);
        if (_awaited >= WindowShare) return (TimeSpan.Zero, FlushReason.Window);
        var byAge = interval - Stopwatch.GetElapsedTime(_firstAt, now);
        if (_awaited == 0) return (RoundedUp(byAge), FlushReason.Age);
        var pause = PauseFactor * _gap;
        var byPause = (pause > MinPause ? pause : MinPause) - Stopwatch.GetElapsedTime(_lastAt, now);
        return byPause < byAge ? (RoundedUp(byPause), FlushReason.Pause) : (RoundedUp(byAge), FlushReason.Age);
    }

    // Timers count whole milliseconds: less than one would not wait, and the loop would spin.
    static TimeSpan RoundedUp(TimeSpan wait) => wait <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
}
