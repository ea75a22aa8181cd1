namespace Telemetry.Api.Ingest;

enum BrokerRefusal
{
    Password,

    Throttled,

    Topic,

    /// <summary>Passed on but not retained: the topic is not one of the server's, or too much is retained.</summary>
    Retained,

    Subscription,

    SlowSubscriber,

    NoAcknowledgement,

    KeepAlive,

    Connections,
}

sealed class BrokerRefusals
{
    readonly long[] _counts = new long[Enum.GetValues<BrokerRefusal>().Length];

    public void Count(BrokerRefusal refusal) => Interlocked.Increment(ref _counts[(int)refusal]);

    public long Of(BrokerRefusal refusal) => Interlocked.Read(ref _counts[(int)refusal]);
}
