using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Telemetry.Cluster;

/// <summary>Places a grain on the instance with the highest hash of both: when an instance comes or goes, only the grains of that one move.</summary>
/// <remarks>By the membership, as <see cref="Balancer"/> does it: the silos that the context names may lack a new one for a while, and shards would go to and fro.</remarks>
sealed class ByRendezvous(Members members) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        Task.FromResult(Owner(target.GrainIdentity.GetIntegerKey(), members.Active is { Count: > 0 } active ? active : context.GetCompatibleSilos(target)));

    /// <summary>The instance that a shard belongs to.</summary>
    public static SiloAddress Owner(long shard, IEnumerable<SiloAddress> silos) => silos.MaxBy(silo => (Hash(shard, silo), silo))!;

    // By address and port: an instance has its shards again after a restart.
    static ulong Hash(long shard, SiloAddress silo)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, shard);
        var hash = new XxHash3();
        hash.Append(number);
        hash.Append(Encoding.UTF8.GetBytes(silo.Endpoint.ToString()));
        return hash.GetCurrentHashAsUInt64();
    }
}

[GenerateSerializer, Immutable]
sealed class RendezvousPlacement : PlacementStrategy;

/// <summary>Marks grains that <see cref="ByRendezvous"/> places.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class RendezvousPlacementAttribute() : PlacementAttribute(new RendezvousPlacement());
