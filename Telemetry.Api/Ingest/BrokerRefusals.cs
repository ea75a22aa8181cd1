namespace Telemetry.Api.Ingest;

/// <summary>What the embedded broker refuses.</summary>
enum BrokerRefusal
{
    /// <summary>A wrong user or password.</summary>
    Password,

    /// <summary>A connection of an address that gave too many of these.</summary>
    Throttled,

    /// <summary>A message whose topic has a wildcard, or none.</summary>
    Topic,

    /// <summary>A message is passed on, but not retained: its topic is not one of the server's, or too much is.</summary>
    Retained,

    /// <summary>A subscription beyond the limit.</summary>
    Subscription,

    /// <summary>A message to a subscriber for whom too many wait.</summary>
    SlowSubscriber,

    /// <summary>A subscriber that acknowledges nothing.</summary>
    NoAcknowledgement,

    /// <summary>A client that was silent for longer than its keep-alive.</summary>
    KeepAlive,

    /// <summary>A connection beyond the limit.</summary>
    Connections,
}

/// <summary>Refusals of the embedded broker by reason. Thread-safe.</summary>
sealed class BrokerRefusals
{
    readonly long[] _counts = new long[Enum.GetValues<BrokerRefusal>().Length];

    public void Count(BrokerRefusal refusal) => Interlocked.Increment(ref _counts[(int)refusal]);

    public long Of(BrokerRefusal refusal) => Interlocked.Read(ref _counts[(int)refusal]);
}
