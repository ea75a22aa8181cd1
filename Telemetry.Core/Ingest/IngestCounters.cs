namespace Telemetry.Core.Ingest;

/// <summary>Number of messages, of accepted readings, and of rejections by reason. Thread-safe.</summary>
public sealed class IngestCounters
{
    static readonly int Reasons = Enum.GetValues<Rejection>().Length;

    [ThreadStatic]
    static Rejection? _last;

    readonly long[] _rejected = new long[Reasons];
    long _messages;
    long _readings;

    /// <summary>Messages of the topic filter, valid or not.</summary>
    public long Messages => Interlocked.Read(ref _messages);

    /// <summary>Accepted readings.</summary>
    public long Readings => Interlocked.Read(ref _readings);

    /// <summary>Messages or values rejected for a reason.</summary>
    public long Rejected(Rejection reason) => Interlocked.Read(ref _rejected[(int)reason]);

    internal void CountMessage() => Interlocked.Increment(ref _messages);

    internal void CountReadings(int count) => Interlocked.Add(ref _readings, count);

    /// <summary>The last rejection counted on this thread: a message is read on one thread from beginning to end. Taken once.</summary>
    public static Rejection? TakeLast()
    {
        var last = _last;
        _last = null;
        return last;
    }

    internal void Count(Rejection reason)
    {
        _last = reason;
        Interlocked.Increment(ref _rejected[(int)reason]);
    }
}
