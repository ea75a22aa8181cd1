using System.Collections.Concurrent;

namespace Telemetry.Cluster;

/// <summary>Shards and receiver that are active in this process. Thread-safe.</summary>
/// <remarks>They are left by a local call: a call through Orleans could reach, or even start, an activation on the new owner.</remarks>
sealed class LocalGrains
{
    readonly ConcurrentDictionary<long, IGrainContext> _active = new();

    public bool Has(int shard) => _active.ContainsKey(shard);

    public void Add(IGrainContext grain) => _active[grain.GrainId.GetIntegerKey()] = grain;

    public void Remove(IGrainContext grain) => _active.TryRemove(KeyValuePair.Create(grain.GrainId.GetIntegerKey(), grain));

    /// <summary>Moves a grain to where it belongs now. If it only ended, calls of instances that have called it here would start it here again.</summary>
    public void Move(int shard)
    {
        if (_active.TryGetValue(shard, out var grain)) grain.Migrate(null);
    }

    /// <summary>Ends a grain that another instance has too.</summary>
    public void End(int shard)
    {
        if (_active.TryGetValue(shard, out var grain)) grain.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "The store names another owner."));
    }
}
