using System.Diagnostics;

namespace Telemetry.Api.History;

/// <summary>Reason for which a batch is written.</summary>
enum FlushReason
{
    /// <summary>It is full.</summary>
    Full,

    /// <summary>As many messages wait for their acknowledgement as half of a usual window.</summary>
    Window,

    /// <summary>The sender has stopped, probably to wait for acknowledgements.</summary>
    Pause,

    /// <summary>Its first reading has waited for <see cref="HistorySettings.FlushInterval"/>.</summary>
    Age,

    /// <summary>The server stops.</summary>
    Stop,
}

/// <summary>Decides when waiting readings are worth a write. Guarded by the lock of the <see cref="HistoryQueue"/>. Times are timestamps of <see cref="Stopwatch"/>.</summary>
/// <remarks>
/// A write costs the same for one reading as for hundreds, so readings are collected. But at QoS 1 a sender with a full window sends nothing
/// until it has acknowledgements: if each batch waited for the interval, a window of 20 messages would be 20 messages a second.
/// </remarks>
sealed class FlushTrigger(TimeSpan interval)
{
    // Half of the window of brokers that give a client only 20, and of most publishers to the embedded broker: the other half is on its way
    // while these are written.
    const int WindowShare = 10;

    // A smaller window shows as a pause: several times the usual gap between messages without a message.
    const int PauseFactor = 4;
    static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(2);
    static readonly TimeSpan MaxGap = TimeSpan.FromMilliseconds(50);

    int _deliveries;
    long _firstAt;
    long _lastAt;
    long _lastAnswerAt;
    TimeSpan _gap;

    /// <summary>Records a message.</summary>
    /// <returns>True if the writer must look again before its wait is over.</returns>
    public bool Add(bool isAwaited, long now)
    {
        var isFirst = _firstAt == 0;
        if (isFirst) _firstAt = now;
        if (!isAwaited) return isFirst;
        // Time in which the sender itself had to wait is not part of the gap between its messages.
        var gap = Stopwatch.GetElapsedTime(Math.Max(_lastAt, _lastAnswerAt), now);
        _gap = (_gap + (gap < MaxGap ? gap : MaxGap)) / 2;
        _lastAt = now;
        return ++_deliveries == WindowShare || isFirst;
    }

    /// <summary>Records that acknowledgements were sent, so senders go on.</summary>
    public void Answered(long now) => _lastAnswerAt = now;

    /// <summary>Records that a batch was taken.</summary>
    /// <param name="deliveries">Messages in it that wait for their acknowledgement.</param>
    /// <param name="isEmpty">True if nothing is left.</param>
    public void Taken(int deliveries, bool isEmpty, long now)
    {
        _deliveries -= deliveries;
        _firstAt = isEmpty ? 0 : now;
    }

    /// <summary>Next reason to write what waits, and the time until then.</summary>
    public (TimeSpan Wait, FlushReason Reason) Next(long waiting, long now)
    {
        if (waiting >= HistoryQueue.BatchSize) return (TimeSpan.Zero, FlushReason.Full);
        if (_deliveries >= WindowShare) return (TimeSpan.Zero, FlushReason.Window);
        var byAge = interval - Stopwatch.GetElapsedTime(_firstAt, now);
        if (_deliveries == 0) return (RoundedUp(byAge), FlushReason.Age);
        var pause = PauseFactor * _gap;
        var byPause = (pause > MinPause ? pause : MinPause) - Stopwatch.GetElapsedTime(_lastAt, now);
        return byPause < byAge ? (RoundedUp(byPause), FlushReason.Pause) : (RoundedUp(byAge), FlushReason.Age);
    }

    // Timers count in whole milliseconds; less than one would not wait at all, and the loop would spin.
    static TimeSpan RoundedUp(TimeSpan wait) => wait <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
}
