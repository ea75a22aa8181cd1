using System.Collections.Concurrent;
using Telemetry.Api.Alerts;
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
    readonly AlertLoader _alerts;
    readonly Feed _feed;
    readonly Viewer _viewer;
    readonly ILogger<Handover> _log;
    readonly ConcurrentDictionary<Vehicle, VehicleSnapshot> _local = new();
    readonly SemaphoreSlim _taking = new(1);
    readonly List<Claim> _claims = [];
    readonly Lock _gate = new();

    public Handover(
        Shards shards, ShardStore owners, VehicleRegistry vehicles, ReadingStore store, StoreChanges changes, LiveInput live, LiveGraphs graphs, HeardVehicles heard, LatestSnapshots latest, Hub hub, LiveForecasts forecasts, AlertLoader alerts, Feed feed, Viewer viewer, ILogger<Handover> log)
    {
        (_shards, _owners, _vehicles, _store, _changes, _live, _graphs, _heard) = (shards, owners, vehicles, store, changes, live, graphs, heard);
        (_latest, _hub, _forecasts, _alerts, _feed, _viewer, _log) = (latest, hub, forecasts, alerts, feed, viewer, log);
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
        var claim = new Claim(shard);
        lock (_gate) _claims.Add(claim);
        await _taking.WaitAsync();
        try
        {
            // Many shards come at once: those that came while others were taken go together.
            if (!claim.Epoch.IsCompleted) await TakeClaimedAsync();
        }
        finally
        {
            _taking.Release();
        }

        return await claim.Epoch;
    }

    public void Dispose() => _taking.Dispose();

    async Task TakeClaimedAsync()
    {
        List<Claim> claims;
        lock (_gate)
        {
            claims = [.. _claims.DistinctBy(claim => claim.Shard)];
            _claims.RemoveAll(claims.Contains);
        }

        try
        {
            var epochs = await _owners.ClaimAsync([.. claims.Select(claim => claim.Shard)]);
            // Orleans may start a shard twice in the same process. It goes on then: to load it again would make its vehicles offline for a moment.
            var renewed = epochs.Where(pair => _shards.TryRenew(pair.Key, pair.Value)).Select(pair => pair.Key).ToHashSet();
            if (renewed.Count < epochs.Count) await LoadAsync(epochs.Where(pair => !renewed.Contains(pair.Key)).ToDictionary());
            foreach (var claim in claims) claim.Set(epochs);
        }
        catch (Exception error)
        {
            foreach (var claim in claims) claim.Fail(error);
        }
    }

    async Task LoadAsync(Dictionary<int, long> epochs)
    {
        await _changes.PollAsync(); // Vehicles, rules and alerts of the owners before.
        var taken = _vehicles.Page(int.MaxValue, after: 0).Where(vehicle => epochs.ContainsKey(Shards.ShardOf(vehicle))).ToList();
        List<VehicleValues> loaded = [];
        foreach (var part in taken.Chunk(LoadSize)) loaded.AddRange(await _store.LoadLastValuesAsync(part));
        var (values, vehicles) = (loaded.ToLookup(each => Shards.ShardOf(each.Vehicle)), taken.ToLookup(Shards.ShardOf));
        foreach (var (shard, epoch) in epochs)
        {
            lock (_gate)
            {
                Leave(shard, _shards.EpochOf(shard)); // Another instance has been the owner since.
                foreach (var (vehicle, lastValues) in values[shard]) Take(vehicle, lastValues);
                Begin(shard, epoch, [.. vehicles[shard]]);
            }
        }

        await _alerts.TakeOverWaitsAsync(taken); // Before the first message begins new ones.
    }

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

    /// <summary>Shows what has come while this instance could not say whether its shards were its own.</summary>
    public void PublishAll()
    {
        foreach (var vehicle in _local.Keys) Publish(vehicle);
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

    sealed class Claim(int shard)
    {
        readonly TaskCompletionSource<long> _epoch = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Shard => shard;

        public Task<long> Epoch => _epoch.Task;

        public void Set(IReadOnlyDictionary<int, long> epochs)
        {
            if (epochs.TryGetValue(shard, out var epoch)) _epoch.TrySetResult(epoch);
            else Fail(new ShardMovedException());
        }

        public void Fail(Exception error) => _epoch.TrySetException(error);
    }

    static partial class Log
    {
        [LoggerMessage(1206, LogLevel.Information, "Shard {Shard} is here now, epoch {Epoch}: {Vehicles} vehicles, {Running} running (all instances heard: {IsSynced})")]
        public static partial void Taken(ILogger log, int shard, long epoch, int vehicles, int running, bool isSynced);
    }
}
