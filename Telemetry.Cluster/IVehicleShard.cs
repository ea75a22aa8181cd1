namespace Telemetry.Cluster;

/// <summary>A part of the vehicles, heard by one instance at a time. Its key is the number of the part.</summary>
interface IVehicleShard : IGrainWithIntegerKey
{
    /// <summary>Starts the shard on its instance.</summary>
    Task TouchAsync();

    /// <summary>Takes messages in their order. Those that were taken before are passed over. On return they are live, not durable.</summary>
    Task TakeAsync(MessageBatch batch);

    /// <summary>Waits until all messages up to a number are durable.</summary>
    /// <exception cref="ShardMovedException">They are not, and are to be sent again.</exception>
    [Orleans.Concurrency.AlwaysInterleave]
    Task DurableAsync(long receiver, long number);
}

/// <summary>Messages for a shard from the instance that receives.</summary>
/// <param name="Receiver">Epoch of the receiver: a later one has a higher number.</param>
/// <param name="Silo">Address of the receiving instance.</param>
/// <param name="First">Number of the first message; the others follow.</param>
/// <param name="Oldest">Number of the oldest message that is not stored yet: a new owner begins with it. 0: not given, by an older version.</param>
[GenerateSerializer, Immutable]
sealed record MessageBatch([property: Id(0)] long Receiver, [property: Id(1)] SiloAddress Silo, [property: Id(2)] long First, [property: Id(3)] RoutedMessage[] Messages, [property: Id(4)] long Oldest = 0);

/// <summary>A message of the broker.</summary>
/// <param name="PacketId">Its identifier in the session; -1 at QoS 0.</param>
/// <param name="Arrived">Ticks of its arrival, UTC; unique and ascending over all receivers.</param>
/// <param name="IsAgain">True if it may have been taken before.</param>
/// <param name="IsDated">True if <paramref name="Arrived"/> is the broker's time; then it is unique as far as the broker makes it so.</param>
[GenerateSerializer, Immutable]
sealed record RoutedMessage(
    [property: Id(0)] string Topic, [property: Id(1)] byte[] Payload, [property: Id(2)] bool IsRetained, [property: Id(3)] int PacketId, [property: Id(4)] ulong Hash, [property: Id(5)] long Arrived, [property: Id(6)] bool IsAgain,
    [property: Id(7)] bool IsDated = false);

/// <summary>The shard has another owner, or none yet.</summary>
[GenerateSerializer]
sealed class ShardMovedException() : Exception("The shard has moved.");
