namespace Telemetry.Core.Ingest;

/// <summary>How many messages came, how many readings were in them, and what was dropped, by reason. Thread-safe.</summary>
public sealed class IngestCounters
{
    static readonly int Reasons = Enum.GetValues<Rejection>().Length;

    readonly long[] _rejected = new long[Reasons];
    long _messages;
    long _readings;

    /// <summary>Messages of the topic filter, good or bad.</summary>
    public long Messages => Interlocked.Read(ref _messages);

    /// <summary>Readings accepted.</summary>
    public long Readings => Interlocked.Read(ref _readings);

    /// <summary>Messages or values dropped for one reason.</summary>
    public long Rejected(Rejection reason) => Interlocked.Read(ref _rejected[(int)reason]);

    internal void CountMessage() => Interlocked.Increment(ref _messages);

    internal void CountReadings(int count) => Interlocked.Add(ref _readings, count);

    internal void Count(Rejection reason) => Interlocked.Increment(ref _rejected[(int)reason]);
}
