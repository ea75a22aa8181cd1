using System.Collections.Concurrent;
using System.Diagnostics;
using Telemetry.Api.Broadcast;
using Telemetry.Api.Forecasts;
using Telemetry.Api.Ingest;
using Telemetry.Api.Stream;
using Telemetry.Core.Live;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Cluster;

/// <summary>Vehicles of the other instances, as these have sent them. Thread-safe.</summary>
sealed class Viewer(
    Shards shards, Members members, VehicleRegistry vehicles, SignalCatalog signals, LiveGraphs graphs, LatestSnapshots latest, Hub hub, LiveForecasts forecasts, ReceiverState receiver, BrokerStatus broker)
{
    static readonly TimeSpan LinkTimeout = TimeSpan.FromSeconds(10);

    readonly Lock _gate = new();
    readonly ConcurrentDictionary<SiloAddress, (long At, bool IsComplete)> _heardFrom = new();
    readonly long[] _epochs = new long[Shards.Count];
    readonly SiloAddress?[] _owners = new SiloAddress?[Shards.Count];
    readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long _link;
    long _linkAt = Stopwatch.GetTimestamp();

    /// <summary>Completes when each other instance has sent all its vehicles.</summary>
    public Task Synced => _synced.Task;

    /// <summary>Time since the last word of the owner of a shard.</summary>
    public TimeSpan UnheardFor(int shard)
    {
        lock (_gate) return _owners[shard] is { } owner && _heardFrom.TryGetValue(owner, out var heard) ? Stopwatch.GetElapsedTime(heard.At) : TimeSpan.Zero;
    }

    /// <summary>From now on this instance is the owner: what an earlier one sends is passed over.</summary>
    public void SetEpoch(int shard, long epoch)
    {
        lock (_gate) _epochs[shard] = Math.Max(_epochs[shard], epoch);
    }

    public void See(SnapshotBatch batch)
    {
        // A process that wakes after it was declared dead sends what it had before.
        if (!members.IsActive(batch.From)) return;
        lock (_gate)
        {
            foreach (var row in batch.Rows) See(row, batch.From);
            _heardFrom[batch.From] = (Stopwatch.GetTimestamp(), batch.IsComplete);
            if (batch.Link is { } link) See(link);
        }

        CheckSynced();
    }

    /// <summary>True for what a new owner has from the store if the one before has sent a newer value.</summary>
    public static bool IsOlder(VehicleSnapshot snapshot, VehicleSnapshot known) => known.IsHeard && snapshot.Timestamp < known.Timestamp && snapshot.State == known.State;

    /// <summary>Called regularly.</summary>
    public void CheckSynced()
    {
        if (members.IsActive(members.Self) && members.Others.All(silo => _heardFrom.GetValueOrDefault(silo).IsComplete)) _synced.TrySetResult();
        lock (_gate)
        {
            if (receiver.Epoch == 0 && broker.Problem is null && Stopwatch.GetElapsedTime(_linkAt) > LinkTimeout) broker.Lost("no instance is connected to the broker");
        }
    }

    void See(BrokerLinkState link)
    {
        if (link.Receiver < _link || receiver.Epoch > 0) return;
        (_link, _linkAt, broker.Address) = (link.Receiver, Stopwatch.GetTimestamp(), link.Address);
        shards.NewestReceiver = link.Receiver;
        if (link.Problem is { } problem) broker.Lost(problem);
        else broker.Connected();
    }

    void See(SnapshotRow row, SiloAddress from)
    {
        var vehicle = vehicles.KnownByKey(row.Key) is { } known && known.Key == row.Key ? known : vehicles.Restore(row.VehicleId, row.Key, row.Name);
        vehicles.Confirm(vehicle, row.VehicleId);
        var shard = Shards.ShardOf(vehicle);
        if (row.Epoch < _epochs[shard] || row.Epoch <= shards.EpochOf(shard)) return;
        (_epochs[shard], _owners[shard]) = (row.Epoch, from);
        var (before, now) = (latest.Of(vehicle), SnapshotOf(row, vehicle));
        if (IsOlder(now, before)) return;
        latest.Set(now);
        hub.Publish(now);
        forecasts.Observe(now);
    }

    VehicleSnapshot SnapshotOf(SnapshotRow row, Vehicle vehicle)
    {
        var now = graphs.Elapsed;
        var values = new List<(Reading, TimeSpan?)>();
        for (var i = 0; i < row.Signals.Length; i++)
            if (signals.TryNamed(row.Signals[i], out var signal) && signal is not null) values.Add((new Reading(signal, row.Values[i], new DateTime(row.Times[i], DateTimeKind.Utc)), now - row.Ages[i]));
        var presence = new VehiclePresence((VehicleState)row.State, (StateReason)row.Reason, new DateTime(row.Since, DateTimeKind.Utc), row.OfflineAfter);
        return VehicleSnapshot.Received(vehicle, presence, new DateTime(row.Timestamp, DateTimeKind.Utc), row.IsHeard, now - row.HeardFor, values);
    }
}
