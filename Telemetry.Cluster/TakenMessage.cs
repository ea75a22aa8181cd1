using System.Collections.Concurrent;
using Telemetry.Api.Store;

namespace Telemetry.Cluster;

/// <summary>Messages that are not durable yet. Thread-safe.</summary>
sealed class OpenMessages
{
    readonly ConcurrentDictionary<TakenMessage, bool> _open = new();

    public int Count => _open.Count;

    public void Add(TakenMessage message)
    {
        _open[message] = true;
        _ = RemoveAsync(message);
    }

    /// <summary>Completes when those of a shard, or of all, are durable or lost.</summary>
    public Task StoredAsync(int? shard = null) => Task.WhenAll(_open.Keys.Where(message => shard is null || message.Shard == shard).Select(message => message.Durable));

    async Task RemoveAsync(TakenMessage message)
    {
        await message.Durable;
        _open.TryRemove(message, out _);
    }
}

/// <summary>A message that another instance, or this one, has received for a shard.</summary>
/// <param name="number">Its number, of this receiver and shard.</param>
sealed class TakenMessage(int shard, long epoch, long number, RoutedMessage message) : InFlight
{
    readonly TaskCompletionSource<bool> _durable = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Shard => shard;

    public long Epoch => epoch;

    public long Number => number;

    /// <summary>-1: none.</summary>
    public int PacketId => message.PacketId;

    public ulong Hash => message.Hash;

    /// <summary>Time of its readings in the store; <c>default</c> if it has none.</summary>
    public DateTime Arrived { get; private set; } = message.IsAgain || message.IsDated ? new DateTime(message.Arrived, DateTimeKind.Utc) : default;

    /// <summary>True: its readings are stored. False: another instance has taken over the shard.</summary>
    public Task<bool> Durable => _durable.Task;

    public bool IsLost => _durable.Task is { IsCompletedSuccessfully: true, Result: false };

    public override void OnArrival(DateTime at) => Arrived = at;

    public void Lose() => _durable.TrySetResult(false);

    public override Task AcknowledgeAsync()
    {
        _durable.TrySetResult(true);
        return Task.CompletedTask;
    }
}
