using Telemetry.Api.Ingest;

namespace Telemetry.Cluster;

/// <summary>Receives the broker's messages: one instance at a time, by the session that the one before has used.</summary>
interface IReceiver : IGrainWithIntegerKey
{
    /// <summary>Starts the receiver on its instance.</summary>
    Task TouchAsync();
}

[RendezvousPlacement]
sealed class Receiver(ShardStore store, ReceiverState state, Members members, LocalGrains local, InstanceClient instances, IServiceProvider services) : Grain, IReceiver
{
    Router? _router;
    BrokerClient? _client;
    long _epoch;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        members.MustOwn(this.GetPrimaryKeyLong());
        _epoch = await store.ClaimAsync(Shards.Receiver) ?? throw new ShardMovedException();
        // What an earlier receiver has sent is stored, or refused: the broker delivers it again.
        await Task.WhenAll(members.Storing.Select(silo => instances.Of(silo).DrainAsync(_epoch)));
        var arrivals = await store.ArrivalsAsync();
        var newest = arrivals.Select(arrival => arrival.Arrived).DefaultIfEmpty().Max();
        _router = ActivatorUtilities.CreateInstance<Router>(services, _epoch, newest);
        _client = ActivatorUtilities.CreateInstance<BrokerClient>(services, _router, new ClusterSession(store, _epoch, arrivals));
        state.Start(_epoch, _router);
        local.Add(GrainContext);
        await _client.StartAsync(CancellationToken.None);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        local.Remove(GrainContext);
        state.Stop(_epoch);
        if (_client is { } client)
        {
            await client.StopAsync(cancellationToken);
            client.Dispose();
        }

        if (_router is not null) await _router.DisposeAsync();
    }

    public Task TouchAsync() => Task.CompletedTask;
}

/// <param name="arrivals">Stored messages that may not be acknowledged yet.</param>
sealed class ClusterSession(ShardStore store, long epoch, IReadOnlyList<(ushort PacketId, ulong Hash, DateTime Arrived)> arrivals) : SharedSession
{
    bool _isRestored;

    public override async Task PrepareAsync(DeliveryLog deliveries)
    {
        if ((await store.OwnAsync()).GetValueOrDefault(Shards.Receiver) != epoch) throw new ShardMovedException();
        if (_isRestored) return;
        // The file of this instance is from the last time that it was the receiver.
        deliveries.Clear();
        foreach (var (packetId, hash, arrived) in arrivals) deliveries.Restore(packetId, hash, arrived);
        _isRestored = true;
    }

    public override Task ClearAsync() => store.ClearArrivalsAsync();
}
