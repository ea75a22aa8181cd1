using System.Buffers;
using MQTTnet;
using Telemetry.Api.History;
using Telemetry.Api.Hosting;
using Telemetry.Api.Ingest;
using Telemetry.Api.Store;
using Telemetry.Core.Ingest;

namespace Telemetry.Cluster;

/// <summary>Sends the messages of the broker to the owners of their vehicles, and acknowledges them once the owners have stored them. One of each receiver.</summary>
sealed class Router : MessageDispatcher, IAsyncDisposable
{
    readonly LiveInput _live;
    readonly ShardQueue[] _queues;
    readonly CancellationTokenSource _stopping = new();
    readonly Task _sending;
    long _last;

    public Router(
        LiveInput live, HistoryQueue history, RecentMessages recent, ILogger<MessageDispatcher> log, IGrainFactory grains, Members members, LoopWatch loops, ILogger<ShardQueue> queueLog, long epoch, DateTime newest)
        : base(live, history, recent, log)
    {
        _live = live;
        _last = newest.Ticks;
        _queues = [.. Enumerable.Range(0, Shards.Count).Select(shard => new ShardQueue(grains.GetGrain<IVehicleShard>(shard), epoch, members.Self, queueLog))];
        _sending = Task.WhenAll(_queues.Select((queue, shard) => loops.RunAsync($"the messages of shard {shard}", () => queue.SendUntilStoppedAsync(_stopping.Token), _stopping.Token)));
    }

    public int Waiting => _queues.Sum(queue => queue.Count);

    public TimeSpan Age => _queues.Max(queue => queue.Age);

    public override void Take(MqttApplicationMessage message, bool retained, InFlight? inFlight, HistorySource? source = null) => Route(message, retained, null, inFlight, () => base.Take(message, retained, inFlight, source));

    public override void TakeAgain(MqttApplicationMessage message, DateTime arrived, bool isTaken, InFlight inFlight) => Route(message, message.Retain, arrived, inFlight, () => base.TakeAgain(message, arrived, isTaken, inFlight));

    public override void TakeDated(MqttApplicationMessage message, DateTime at, InFlight? inFlight) => Route(message, retained: false, at, inFlight, () => base.TakeDated(message, at, inFlight), isDated: true);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _sending;
        _stopping.Dispose();
    }

    void Route(MqttApplicationMessage message, bool retained, DateTime? arrived, InFlight? inFlight, Action takeHere, bool isDated = false)
    {
        if (_live.KeyHashOf(message.Topic) is not { } hash)
        {
            takeHere(); // No vehicle's: it is counted here.
            return;
        }

        var at = arrived ?? Next();
        if (arrived is null || isDated) inFlight?.OnArrival(at);
        var packet = (inFlight as BrokerMessage)?.PacketId ?? -1;
        _queues[Shards.ShardOf(hash)].Add(new RoutedMessage(message.Topic, message.Payload.ToArray(), retained, packet, DeliveryLog.Hash(message), at.Ticks, IsAgain: arrived is not null && !isDated, isDated), inFlight);
    }

    // Whole microseconds, as the store has them; no two messages have the same.
    DateTime Next()
    {
        var now = DateTime.UtcNow.Ticks;
        _last = Math.Max(now - (now % TimeSpan.TicksPerMicrosecond), _last + TimeSpan.TicksPerMicrosecond);
        return new DateTime(_last, DateTimeKind.Utc);
    }
}
