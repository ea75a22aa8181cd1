namespace Telemetry.Core.Ingest;

/// <summary>Number of messages, of accepted readings, and of rejections by reason. Thread-safe.</summary>
public sealed class IngestCounters
{
    static readonly int Reasons = Enum.GetValues<Rejection>().Length;

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

    internal void Count(Rejection reason) => Interlocked.Increment(ref _rejected[(int)reason]);
}
