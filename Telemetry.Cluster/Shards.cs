using System.Data.Common;
using System.Diagnostics;
using Telemetry.Api.Store;
using Telemetry.Core.Vehicles;

namespace Telemetry.Cluster;

/// <summary>Shards that this instance owns. Thread-safe.</summary>
/// <remarks>
/// A process that was stopped for seconds owns nothing until it has asked the store again: the others may have declared it dead meanwhile.
/// While the store cannot be reached, owners stay as they are, because no other instance can become one.
/// </remarks>
sealed class Shards(VehicleRegistry vehicles) : VehicleOwnership
{
    public const int Count = 128;

    /// <summary>Number of the broker's messages among the shards.</summary>
    public const int Receiver = -1;

    static readonly TimeSpan CheckedFor = TimeSpan.FromSeconds(3);

    readonly long[] _epochs = new long[Count];
    long _checkedAt = Stopwatch.GetTimestamp();
    long _takeovers;
    long _receiver;

    public override bool IsShared => true;

    public IEnumerable<int> Own => Enumerable.Range(0, Count).Where(shard => EpochOf(shard) > 0);

    public long Takeovers => Interlocked.Read(ref _takeovers);

    /// <summary>Epoch of the newest receiver: messages of earlier ones are refused.</summary>
    public long NewestReceiver
    {
        get => Interlocked.Read(ref _receiver);
        set
        {
            for (var known = NewestReceiver; known < value; known = NewestReceiver) Interlocked.CompareExchange(ref _receiver, value, known);
        }
    }

    public static int ShardOf(uint keyHash) => (int)(keyHash % Count);

    public static int ShardOf(Vehicle vehicle) => ShardOf(vehicle.KeyHash);

    /// <summary>0: another instance owns it, or none.</summary>
    public long EpochOf(int shard) => Volatile.Read(ref _epochs[shard]);

    public bool IsChecked => Stopwatch.GetElapsedTime(Interlocked.Read(ref _checkedAt)) < CheckedFor;

    /// <summary>Also false until the store has given the vehicle its id.</summary>
    public override bool Owns(Vehicle vehicle) => EpochOf(ShardOf(vehicle)) > 0 && IsChecked && !vehicles.IsProvisional(vehicle);

    public void Add(int shard, long epoch)
    {
        Interlocked.Increment(ref _takeovers);
        Volatile.Write(ref _epochs[shard], epoch);
    }

    public void Remove(int shard) => Volatile.Write(ref _epochs[shard], 0);

    /// <summary>The store has answered, or cannot be reached.</summary>
    public void SetChecked() => Interlocked.Exchange(ref _checkedAt, Stopwatch.GetTimestamp());

    public override IReadOnlyList<HistoryEntry> Owned(IReadOnlyList<HistoryEntry> entries) =>
        entries.Any(entry => entry.InFlight is TakenMessage { IsLost: true }) ? [.. entries.Where(entry => entry.InFlight is not TakenMessage { IsLost: true })] : entries;

    public override async Task ConfirmAsync(DbTransaction transaction, IReadOnlyList<HistoryEntry> entries)
    {
        var messages = entries.Select(entry => entry.InFlight).OfType<TakenMessage>().ToList();
        if (messages.Count == 0) return;
        var shards = messages.Select(message => (message.Shard, message.Epoch)).ToHashSet();
        var arrivals = messages.Where(message => message.PacketId >= 0 && message.Arrived != default).ToList();
        var connection = transaction.Connection!;
        if (await ShardStore.TryConfirmAsync(transaction, shards, arrivals)) return;
        await transaction.RollbackAsync();
        var own = (await ShardStore.EpochsAsync(connection, [.. shards.Select(shard => shard.Shard)])).ToHashSet();
        foreach (var message in messages.Where(message => !own.Contains((message.Shard, message.Epoch)))) message.Lose();
        throw new NotOwnerException();
    }
}
