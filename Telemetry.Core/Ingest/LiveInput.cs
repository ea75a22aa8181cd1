using System.Buffers;
using System.Reactive.Concurrency;
using Telemetry.Core.Live;
using Telemetry.Core.TroubleCodes;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Ingest;

/// <summary>Single entry point of the live pipeline: passes each message to the partition of its vehicle. Thread-safe.</summary>
public sealed class LiveInput
{
    readonly TopicRules _topics;
    readonly VehicleRegistry _vehicles;
    readonly TroubleCodeRegistry _codes;
    readonly IngestCounters _counters;
    readonly LivePartition[] _partitions;

    /// <param name="topics">Parsers of topics.</param>
    /// <param name="vehicles">All vehicles.</param>
    /// <param name="codes">Their trouble codes.</param>
    /// <param name="counters">Counters of messages and rejections.</param>
    /// <param name="graphs">One graph per partition.</param>
    /// <param name="reader">Factory of a partition's reader.</param>
    /// <param name="scheduler">Clock of arrivals.</param>
    public LiveInput(TopicRules topics, VehicleRegistry vehicles, TroubleCodeRegistry codes, IngestCounters counters, LiveGraphs graphs, Func<Partition, MessageReader> reader, IScheduler scheduler)
    {
        (_topics, _vehicles, _codes, _counters) = (topics, vehicles, codes, counters);
        _partitions = [.. graphs.All.Select((graph, i) => new LivePartition(reader(new Partition(i, graphs.All.Count)), graph, scheduler))];
    }

    /// <summary>Handles an MQTT message that has just arrived.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="payload">Its payload; not kept.</param>
    /// <param name="retained">True if the broker had retained it from before.</param>
    /// <param name="mayBeReplay">True if its publisher set the retain flag: a bridge sends such a message again when it reconnects.</param>
    /// <param name="arrived">Arrival at the server that received it, UTC; null: now.</param>
    /// <returns>The event, for the history; null if the message contains no reading.</returns>
    public VehicleEvent? Take(string topic, ReadOnlySequence<byte> payload, bool retained, bool mayBeReplay = false, DateTime? arrived = null)
    {
        if (!TryMatch(topic, out var match)) return null;
        var octets = payload.IsSingleSegment ? payload.FirstSpan : payload.ToArray();
        var vehicleEvent = PartitionOf(match).Take(match, octets, retained, mayBeReplay, arrived, out var other);
        return other is null ? vehicleEvent : PartitionOf(other).Take(match, octets, retained, mayBeReplay, arrived, out _);
    }

    /// <summary>Hash of the key of the vehicle that a message is about, as far as its topic shows.</summary>
    /// <returns>Null if it is no topic of a vehicle.</returns>
    public uint? KeyHashOf(string topic) => _topics.TryRead(topic, out var match) ? KeyHashOf(match) : null;

    /// <summary>Handles a message that the broker redelivers, because its acknowledgement may have been lost.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="payload">Its payload; not kept.</param>
    /// <param name="arrived">First arrival, UTC. Its readings get the same timestamps, so that no row is written twice.</param>
    /// <param name="isTaken">True if that was in this process: the live pipeline has it already, whatever the clock says.</param>
    /// <param name="isDated">True if the broker has given that time, and this may be the first delivery.</param>
    /// <returns>The event. It is published live only if the live pipeline cannot have it.</returns>
    public VehicleEvent? TakeAgain(string topic, ReadOnlySequence<byte> payload, DateTime arrived, bool isTaken = false, bool isDated = false)
    {
        if (!TryMatch(topic, out var match)) return null;
        var octets = payload.IsSingleSegment ? payload.FirstSpan : payload.ToArray();
        var vehicleEvent = PartitionOf(match).TakeAgain(match, octets, arrived, isTaken, isDated, out var other);
        return other is null ? vehicleEvent : PartitionOf(other).TakeAgain(match, octets, arrived, isTaken, isDated, out _);
    }

    /// <summary>The index of a vehicle's partition.</summary>
    public int PartitionIndexOf(Vehicle vehicle) => Partition.IndexOf(vehicle.KeyHash, _partitions.Length);

    /// <summary>Adds earlier readings that were imported into the history.</summary>
    /// <param name="vehicle">The vehicle.</param>
    /// <param name="readings">The readings, with timestamps.</param>
    public void Import(Vehicle vehicle, Reading[] readings) => PartitionOf(vehicle).Publish(new RestoredValues(vehicle, readings));

    /// <summary>Restores a vehicle's last values from the store.</summary>
    /// <param name="vehicle">The vehicle.</param>
    /// <param name="readings">The last value of each of its signals; empty if it has none.</param>
    /// <param name="heardWith">Its timeout of silence when it was heard live in an earlier run; null: it was not.</param>
    public void Restore(Vehicle vehicle, Reading[] readings, TimeSpan? heardWith = null) => PartitionOf(vehicle).Restore(new RestoredValues(vehicle, readings) { HeardWith = heardWith });

    /// <summary>Goes on with a vehicle that another server has heard until now.</summary>
    /// <param name="vehicle">The vehicle; its values were restored before.</param>
    /// <param name="silentFor">Time since its last reading, without the time in which no server listened.</param>
    public void TakeOver(Vehicle vehicle, TimeSpan silentFor) => TakeOver(new TakenOver(vehicle, silentFor));

    /// <summary>Goes on with a vehicle that another server has heard until now.</summary>
    /// <param name="taken">The vehicle; its values were restored before.</param>
    public void TakeOver(TakenOver taken) => PartitionOf(taken.Vehicle).Publish(taken);

    /// <summary>Leaves a vehicle to another server.</summary>
    public void Release(Vehicle vehicle) => PartitionOf(vehicle).Publish(new Released(vehicle));

    /// <summary>Changes a vehicle's name or timeout between two messages.</summary>
    /// <param name="vehicle">The vehicle.</param>
    /// <param name="change">Makes the change.</param>
    public void Update(Vehicle vehicle, Action change) => PartitionOf(vehicle).Publish(new MetadataChanged(vehicle), change);

    /// <summary>Merges a vehicle into another one, between two messages.</summary>
    /// <param name="vehicle">Vehicle that ends; it becomes offline first.</param>
    /// <param name="into">The other one.</param>
    /// <param name="readings">Last values of the first, with timestamps.</param>
    public void Merge(Vehicle vehicle, Vehicle into, Reading[] readings)
    {
        // One partition's lock after the other, never both: two concurrent merges cannot deadlock.
        if (PartitionOf(vehicle).Remove(vehicle, () => _vehicles.TryMerge(vehicle, into)) is not { } newest) return;
        _codes.Merge(vehicle, into);
        PartitionOf(into).Absorb(into, readings, newest);
    }

    /// <summary>Deletes a vehicle between two messages; it becomes offline first. Vehicle 1 begins anew.</summary>
    public void Delete(Vehicle vehicle)
    {
        if (PartitionOf(vehicle).Remove(vehicle, () => _vehicles.TryDelete(vehicle)) is null) return;
        _codes.Remove(vehicle);
        if (vehicle.Key == Vehicle.DefaultDevice) Restore(_vehicles.Default, []);
    }

    bool TryMatch(string topic, out TopicMatch match)
    {
        _counters.CountMessage();
        if (_topics.TryRead(topic, out match)) return true;
        _counters.Count(Rejection.Topic);
        return false;
    }

    // The vehicle named by the topic. A group of readings, or the first message of a new device, may turn out to be another one's.
    uint KeyHashOf(in TopicMatch topic)
    {
        var known = topic.GroupDevice.IsEmpty ? null : _vehicles.Known(topic.GroupDevice);
        known ??= _vehicles.Known(topic.Device);
        return known?.KeyHash ?? Vehicle.HashOf(topic.Device);
    }

    LivePartition PartitionOf(in TopicMatch topic) => _partitions[Partition.IndexOf(KeyHashOf(topic), _partitions.Length)];

    LivePartition PartitionOf(Vehicle vehicle) => _partitions[PartitionIndexOf(vehicle)];
}
