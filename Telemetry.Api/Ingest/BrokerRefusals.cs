namespace Telemetry.Api.Ingest;

/// <summary>Reasons of the embedded broker's refusals.</summary>
enum BrokerRefusal
{
    Password,

    /// <summary>Connection from an address with too many wrong passwords.</summary>
    Throttled,

    /// <summary>Message with an empty topic or a wildcard in it.</summary>
    Topic,

    /// <summary>Message passed on but not retained: its topic is not one of the server's, or too much is retained.</summary>
    Retained,

    Subscription,

    /// <summary>Message to a subscriber for whom too many already wait.</summary>
    SlowSubscriber,

    NoAcknowledgement,

    /// <summary>Client that exceeded its keep-alive.</summary>
    KeepAlive,

    Connections,
}

/// <summary>Number of refusals by reason. Thread-safe.</summary>
sealed class BrokerRefusals
{
    readonly long[] _counts = new long[Enum.GetValues<BrokerRefusal>().Length];

    public void Count(BrokerRefusal refusal) => Interlocked.Increment(ref _counts[(int)refusal]);

    public long Of(BrokerRefusal refusal) => Interlocked.Read(ref _counts[(int)refusal]);
}
