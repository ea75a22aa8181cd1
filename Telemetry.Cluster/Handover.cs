using System.Collections.Concurrent;
using Telemetry.Api.Broadcast;
using Telemetry.Api.Forecasts;
using Telemetry.Api.History;
using Telemetry.Api.Store;
using Telemetry.Api.Stream;
using Telemetry.Core.Ingest;
using Telemetry.Core.Live;
using Telemetry.Core.Presence;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Cluster;

/// <summary>Takes over and leaves the vehicles of a shard. Thread-safe.</summary>
sealed partial class Handover : IDisposable
{
    const int LoadSize = 1000;

    // Connections to the store: a quarter of all shards may come at once.
    const int MaxTaking = 4;

    static readonly TimeSpan SyncTimeout = TimeSpan.FromSeconds(3);

    readonly Shards _shards;
    readonly ShardStore _owners;
    readonly VehicleRegistry _vehicles;
    readonly ReadingStore _store;
    readonly StoreChanges _changes;
    readonly LiveInput _live;
    readonly LiveGraphs _graphs;
    readonly HeardVehicles _heard;
    readonly LatestSnapshots _latest;
    readonly Hub _hub;
    readonly LiveForecasts _forecasts;
    readonly Feed _feed;
    readonly Viewer _viewer;
    readonly ILogger<Handover> _log;
    readonly ConcurrentDictionary<Vehicle, VehicleSnapshot> _local = new();
    readonly SemaphoreSlim _taking = new(MaxTaking);
    readonly Lock _gate = new();

    public Handover(
        Shards shards, ShardStore owners, VehicleRegistry vehicles, ReadingStore store, StoreChanges changes, LiveInput live, LiveGraphs graphs, HeardVehicles heard, LatestSnapshots latest, Hub hub, LiveForecasts forecasts, Feed feed, Viewer viewer, ILogger<Handover> log)
    {
        (_shards, _owners, _vehicles, _store, _changes, _live, _graphs, _heard) = (shards, owners, vehicles, store, changes, live, graphs, heard);
        (_latest, _hub, _forecasts, _feed, _viewer, _log) = (latest, hub, forecasts, feed, viewer, log);
        foreach (var graph in graphs.All)
        {
            graph.Snapshots.Subscribe(snapshot => _local[snapshot.Vehicle] = snapshot);
            graph.Updates.Subscribe(Send);
        }

        vehicles.Confirmed += Publish;
        vehicles.Renumbered += Publish;
        feed.Complete = SendAll;
    }

    /// <summary>Becomes the owner of a shard, and continues with its vehicles as the other instances have seen them, without a change that they could notice.</summary>
    /// <returns>Its epoch.</returns>
    /// <exception cref="ShardMovedException">This instance is no member of the cluster any more.</exception>
    /// <exception cref="TimeoutException">The other instances have not sent their vehicles yet: running ones would become offline.</exception>
    public async Task<long> TakeAsync(int shard)
    {
        await _viewer.Synced.WaitAsync(SyncTimeout);
        await _taking.WaitAsync();
        try
        {
            var epoch = await _owners.ClaimAsync(shard) ?? throw new ShardMovedException();
            // Orleans may start a shard twice in the same process. It goes on then: to load it again would make its vehicles offline for a moment.
            if (_shards.TryRenew(shard, epoch)) return epoch;
            await _changes.PollAsync(); // Vehicles, rules and alerts of the owner before.
            var taken = _vehicles.Page(int.MaxValue, after: 0).Where(vehicle => Shards.ShardOf(vehicle) == shard).ToList();
            List<VehicleValues> loaded = [];
            foreach (var part in taken.Chunk(LoadSize)) loaded.AddRange(await _store.LoadLastValuesAsync(part));
            lock (_gate)
            {
                Leave(shard, _shards.EpochOf(shard)); // Another instance has been the owner since.
                foreach (var (vehicle, lastValues) in loaded) Take(vehicle, lastValues);
                Begin(shard, epoch, taken);
            }

            return epoch;
        }
        finally
        {
            _taking.Release();
        }
    }

    public void Dispose() => _taking.Dispose();

    void Begin(int shard, long epoch, List<Vehicle> taken)
    {
        _shards.Add(shard, epoch);
        _viewer.SetEpoch(shard, epoch);
        Log.Taken(_log, shard, epoch, taken.Count, taken.Count(vehicle => _local.GetValueOrDefault(vehicle)?.State == VehicleState.Running), _viewer.Synced.IsCompleted);
        foreach (var vehicle in taken)
        {
            Publish(vehicle);
            if (_local.GetValueOrDefault(vehicle) is { IsHeard: true } snapshot) _heard.TakeOver(snapshot, snapshot.Presence.OfflineAfter, snapshot.State == VehicleState.Running);
        }
    }

    /// <returns>False if this instance does not own the shard by that epoch.</returns>
    public bool Leave(int shard, long epoch)
    {
        lock (_gate)
        {
            if (!_shards.TryRemove(shard, epoch)) return false;
            foreach (var vehicle in _local.Keys.Where(vehicle => Shards.ShardOf(vehicle) == shard).ToList())
            {
                _live.Release(vehicle);
                _local.TryRemove(vehicle, out _);
            }

            return true;
        }
    }

    void Take(Vehicle vehicle, Reading[] lastValues)
    {
        var seen = _latest.Of(vehicle);
        _live.Release(vehicle); // What the start has restored may be old.
        _live.Restore(vehicle, lastValues, seen.IsHeard ? seen.Presence.OfflineAfter : null);
        var isStale = seen.Presence.Reason == StateReason.Stale;
        if ((seen.State != VehicleState.Running && !isStale) || SilenceOf(seen) is not { } silence) return;
        // The time in which no instance listened is no silence of the vehicle.
        var silentFor = silence - _viewer.UnheardFor(Shards.ShardOf(vehicle));
        _live.TakeOver(new TakenOver(vehicle, silentFor > TimeSpan.Zero ? silentFor : TimeSpan.Zero)
        {
            IsStale = isStale,
            Readings = [.. seen.Readings.ToArray().Where(reading => reading.IsKnown)],
        });
    }

    // A vehicle that was taken over, and has sent nothing since, is running since its last reading.
    TimeSpan? SilenceOf(VehicleSnapshot seen) =>
        seen.HeardAt is { } heardAt ? _graphs.Elapsed - heardAt : seen.State == VehicleState.Running ? DateTime.UtcNow - seen.Presence.Since : null;

    void Publish(Vehicle vehicle)
    {
        if (!_shards.Owns(vehicle) || !_local.TryGetValue(vehicle, out var snapshot)) return;
        Send(snapshot);
        if (Viewer.IsOlder(snapshot, _latest.Of(vehicle))) return;
        _latest.Set(snapshot);
        _hub.Publish(snapshot);
        _forecasts.Observe(snapshot);
    }

    void Send(VehicleSnapshot snapshot)
    {
        if (_shards.Owns(snapshot.Vehicle)) _feed.Send(snapshot);
    }

    IEnumerable<VehicleSnapshot> SendAll() => _local.Values.Where(snapshot => _shards.Owns(snapshot.Vehicle));

    static partial class Log
    {
        [LoggerMessage(1206, LogLevel.Information, "Shard {Shard} is here now, epoch {Epoch}: {Vehicles} vehicles, {Running} running (all instances heard: {IsSynced})")]
        public static partial void Taken(ILogger log, int shard, long epoch, int vehicles, int running, bool isSynced);
    }
}
