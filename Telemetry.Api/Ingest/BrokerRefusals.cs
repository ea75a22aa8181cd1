namespace Telemetry.Api.Ingest;

enum BrokerRefusal
{
    Password,

    /// <summary>Too many wrong passwords from the address.</summary>
    Throttled,

    /// <summary>Empty topic, or a wildcard in it.</summary>
    Topic,

    /// <summary>Passed on but not retained: the topic is not one of the server's, or too much is retained.</summary>
    Retained,

    Subscription,

    /// <summary>Too many messages already wait for the subscriber.</summary>
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
