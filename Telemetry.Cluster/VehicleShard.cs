using System.Buffers;
using MQTTnet;
using Telemetry.Api.Ingest;

namespace Telemetry.Cluster;

[RendezvousPlacement]
sealed class VehicleShard(Shards shards, Handover handover, LocalGrains local, Members members, OpenMessages open, MessageDispatcher dispatcher) : Grain, IVehicleShard
{
    static readonly TimeSpan StoringTimeout = TimeSpan.FromSeconds(3);

    readonly Queue<TakenMessage> _pending = [];
    long _epoch;
    long _receiver;
    long _next;

    int Shard => (int)this.GetPrimaryKeyLong();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        members.MustOwn(this.GetPrimaryKeyLong());
        _epoch = await handover.TakeAsync(Shard);
        local.Add(GrainContext);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // The next owner loads what is stored.
        await open.StoredAsync(Shard).WaitAsync(StoringTimeout, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        handover.Leave(Shard, _epoch);
        local.Remove(GrainContext);
    }

    public Task TouchAsync()
    {
        MustBeCurrent();
        return Task.CompletedTask;
    }

    public Task TakeAsync(MessageBatch batch)
    {
        // A process that wakes after it was declared dead must not bring what another one has received since.
        MustBeCurrent();
        if (!members.IsActive(batch.Silo) || batch.Receiver < shards.NewestReceiver) throw new ShardMovedException();
        shards.NewestReceiver = batch.Receiver;
        if (batch.Receiver > _receiver) Follow(batch);
        for (var i = (int)Math.Max(0, _next - batch.First); i < batch.Messages.Length; i++) Take(batch.First + i, batch.Messages[i]);
        _next = Math.Max(_next, batch.First + batch.Messages.Length);
        return Task.CompletedTask;
    }

    public async Task DurableAsync(long receiver, long number)
    {
        if (receiver != _receiver || number >= _next) throw new ShardMovedException();
        foreach (var message in _pending.TakeWhile(message => message.Number <= number).ToList())
            if (!await message.Durable) throw new ShardMovedException();
        while (_pending.TryPeek(out var oldest) && oldest.Number <= number) _pending.Dequeue();
    }

    // A second activation in this process, or another instance, has taken over: this one must not remain as the one that calls reach.
    void MustBeCurrent()
    {
        if (shards.EpochOf(Shard) == _epoch) return;
        DeactivateOnIdle();
        throw new ShardMovedException();
    }

    // A new receiver has its own numbers. What an earlier owner has taken and not stored is not to be taken for stored.
    void Follow(MessageBatch batch)
    {
        if (batch.Oldest > 0 && batch.Oldest < batch.First) throw new ShardMovedException();
        (_receiver, _next) = (batch.Receiver, batch.First);
        _pending.Clear();
    }

    void Take(long number, RoutedMessage routed)
    {
        var taken = new TakenMessage(Shard, _epoch, number, routed);
        _pending.Enqueue(taken);
        open.Add(taken);
        var message = new MqttApplicationMessage { Topic = routed.Topic, Payload = new ReadOnlySequence<byte>(routed.Payload), Retain = routed.IsRetained };
        var arrived = new DateTime(routed.Arrived, DateTimeKind.Utc);
        if (routed.IsDated) dispatcher.TakeDated(message, arrived, taken);
        else if (routed.IsAgain && !routed.IsRetained) dispatcher.TakeAgain(message, arrived, isTaken: false, taken);
        else dispatcher.TakeArrived(message, routed.IsRetained, taken, source: null, arrived);
    }
}
