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

    /// <summary>Validity of an answer of the store, from the question on.</summary>
    public static readonly TimeSpan CheckedFor = TimeSpan.FromSeconds(3);

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

    /// <summary>Goes on with a shard that is this instance's already, if no other one has owned it in between.</summary>
    public bool TryRenew(int shard, long epoch) => epoch > 1 && Interlocked.CompareExchange(ref _epochs[shard], epoch, epoch - 1) == epoch - 1;

    public bool TryRemove(int shard, long epoch) => epoch > 0 && Interlocked.CompareExchange(ref _epochs[shard], 0, epoch) == epoch;

    /// <summary>The store has answered, or cannot be reached. <paramref name="asked"/> is a Stopwatch timestamp.</summary>
    public void SetChecked(long asked) => Interlocked.Exchange(ref _checkedAt, asked);

    /// <summary>Messages that are left out are sent again to the owner, which may be this instance.</summary>
    public override IReadOnlyList<HistoryEntry> Owned(IReadOnlyList<HistoryEntry> entries)
    {
        var isChecked = IsChecked;
        List<HistoryEntry>? owned = null;
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].InFlight is TakenMessage message && (message.IsLost || !isChecked || EpochOf(message.Shard) != message.Epoch))
            {
                message.Lose();
                owned ??= [.. entries.Take(i)];
            }
            else
            {
                owned?.Add(entries[i]);
            }
        }

        return owned ?? entries;
    }

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
