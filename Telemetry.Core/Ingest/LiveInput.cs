using System.Buffers;
using System.Reactive.Concurrency;
using Telemetry.Core.Live;
using Telemetry.Core.TroubleCodes;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Ingest;

/// <summary>Single entry point of the live path: it hands each message to the partition of its vehicle. Thread-safe.</summary>
public sealed class LiveInput
{
    readonly TopicRules _topics;
    readonly VehicleRegistry _vehicles;
    readonly TroubleCodeRegistry _codes;
    readonly IngestCounters _counters;
    readonly LivePartition[] _partitions;

    /// <param name="topics">Take topics apart.</param>
    /// <param name="vehicles">All vehicles.</param>
    /// <param name="codes">Their trouble codes.</param>
    /// <param name="counters">Count messages and rejections.</param>
    /// <param name="graphs">One for each partition.</param>
    /// <param name="reader">Makes the reader of a partition.</param>
    /// <param name="scheduler">Tells the time of arrival.</param>
    public LiveInput(TopicRules topics, VehicleRegistry vehicles, TroubleCodeRegistry codes, IngestCounters counters, LiveGraphs graphs, Func<Partition, MessageReader> reader, IScheduler scheduler)
    {
        (_topics, _vehicles, _codes, _counters) = (topics, vehicles, codes, counters);
        _partitions = [.. graphs.All.Select((graph, i) => new LivePartition(reader(new Partition(i, graphs.All.Count)), graph, scheduler))];
    }

    /// <summary>Takes in an MQTT message that has just arrived.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="payload">Its payload; not kept.</param>
    /// <param name="retained">True where the broker had kept it from before.</param>
    /// <param name="mayBeReplay">True where its publisher asks the broker to keep it: a bridge sends such a message once more when it connects again.</param>
    /// <returns>The event, for the history; null where nothing in it is a reading.</returns>
    public VehicleEvent? Take(string topic, ReadOnlySequence<byte> payload, bool retained, bool mayBeReplay = false)
    {
        if (!TryMatch(topic, out var match)) return null;
        var octets = payload.IsSingleSegment ? payload.FirstSpan : payload.ToArray();
        var vehicleEvent = PartitionOf(match).Take(match, octets, retained, mayBeReplay, out var other);
        return other is null ? vehicleEvent : PartitionOf(other).Take(match, octets, retained, mayBeReplay, out _);
    }

    /// <summary>Takes in a message that its broker delivers again, because it does not know whether it had arrived.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="payload">Its payload; not kept.</param>
    /// <param name="arrived">When it arrived the first time, UTC: its readings get the same times, so that no row is written twice.</param>
    /// <param name="isTaken">True where that was in this process: then the live path has it, whatever the clock says.</param>
    /// <returns>The event; the live path gets it only where it cannot have known.</returns>
    public VehicleEvent? TakeAgain(string topic, ReadOnlySequence<byte> payload, DateTime arrived, bool isTaken = false)
    {
        if (!TryMatch(topic, out var match)) return null;
        var octets = payload.IsSingleSegment ? payload.FirstSpan : payload.ToArray();
        var vehicleEvent = PartitionOf(match).TakeAgain(match, octets, arrived, isTaken, out var other);
        return other is null ? vehicleEvent : PartitionOf(other).TakeAgain(match, octets, arrived, isTaken, out _);
    }

    /// <summary>Takes in readings of an earlier time that came to the history by another way.</summary>
    /// <param name="vehicle">The vehicle.</param>
    /// <param name="readings">With their times.</param>
    public void Import(Vehicle vehicle, Reading[] readings) => PartitionOf(vehicle).Publish(new RestoredValues(vehicle, readings));

    /// <summary>Takes in what the store knows of a vehicle.</summary>
    /// <param name="vehicle">The vehicle.</param>
    /// <param name="readings">The last value of each of its signals; none where it was never heard.</param>
    public void Restore(Vehicle vehicle, Reading[] readings) => PartitionOf(vehicle).Restore(vehicle, readings);

    /// <summary>Changes a vehicle's name or timeout between two messages.</summary>
    /// <param name="vehicle">The vehicle.</param>
    /// <param name="change">Does it.</param>
    public void Update(Vehicle vehicle, Action change) => PartitionOf(vehicle).Publish(new MetadataChanged(vehicle), change);

    /// <summary>Makes a vehicle part of another one, between two messages.</summary>
    /// <param name="vehicle">It is offline for those who listen, and then it is no vehicle any more.</param>
    /// <param name="into">The other one.</param>
    /// <param name="readings">What is known of the first, with its times.</param>
    public void Merge(Vehicle vehicle, Vehicle into, Reading[] readings)
    {
        // One partition after the other: two merges at once cannot wait for each other.
        if (PartitionOf(vehicle).Remove(vehicle, () => _vehicles.TryMerge(vehicle, into)) is not { } newest) return;
        _codes.Merge(vehicle, into);
        PartitionOf(into).Absorb(into, readings, newest);
    }

    bool TryMatch(string topic, out TopicMatch match)
    {
        _counters.CountMessage();
        if (_topics.TryRead(topic, out match)) return true;
        _counters.Count(Rejection.Topic);
        return false;
    }

    // The vehicle that the topic names. A group of readings may be of another one; so may the first message of a new device.
    LivePartition PartitionOf(in TopicMatch topic)
    {
        var known = topic.GroupDevice.IsEmpty ? null : _vehicles.Known(topic.GroupDevice);
        known ??= _vehicles.Known(topic.Device);
        return _partitions[Partition.IndexOf(known?.KeyHash ?? Vehicle.HashOf(topic.Device), _partitions.Length)];
    }

    LivePartition PartitionOf(Vehicle vehicle) => _partitions[Partition.IndexOf(vehicle.KeyHash, _partitions.Length)];
}
