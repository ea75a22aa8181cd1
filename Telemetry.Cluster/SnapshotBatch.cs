namespace Telemetry.Cluster;

/// <summary>Newest snapshots of an owner's vehicles, for another instance.</summary>
/// <param name="IsComplete">True from the batch on with which the receiver has a snapshot of every vehicle of the sender.</param>
/// <param name="Link">State of the link to the broker, from the instance that has it; otherwise null.</param>
[GenerateSerializer, Immutable]
sealed record SnapshotBatch([property: Id(0)] SiloAddress From, [property: Id(1)] bool IsComplete, [property: Id(2)] SnapshotRow[] Rows, [property: Id(3)] BrokerLinkState? Link);

/// <param name="Receiver">Epoch of the receiver.</param>
/// <param name="Problem">Null: the link is up.</param>
[GenerateSerializer, Immutable]
sealed record BrokerLinkState([property: Id(0)] long Receiver, [property: Id(1)] string Address, [property: Id(2)] string? Problem);

/// <summary>A vehicle's snapshot. Vehicle and signals have names, because ids may differ until the store has given them. Times are UTC ticks; ages are by the owner's monotonic clock.</summary>
/// <param name="Epoch">Epoch of the owner of its shard.</param>
/// <param name="HeardFor">Age of the newest reading; null: it is of an earlier run.</param>
/// <param name="Ages">Age of each value; null: it is of an earlier run.</param>
[GenerateSerializer, Immutable]
sealed record SnapshotRow(
    [property: Id(0)] string Key, [property: Id(1)] int VehicleId, [property: Id(2)] string? Name, [property: Id(3)] long Epoch,
    [property: Id(4)] int State, [property: Id(5)] int Reason, [property: Id(6)] long Since, [property: Id(7)] TimeSpan OfflineAfter,
    [property: Id(8)] long Timestamp, [property: Id(9)] bool IsHeard, [property: Id(10)] TimeSpan? HeardFor,
    [property: Id(11)] string[] Signals, [property: Id(12)] double[] Values, [property: Id(13)] long[] Times, [property: Id(14)] TimeSpan?[] Ages);
