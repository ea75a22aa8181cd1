namespace Telemetry.Cluster;

/// <summary>Instances of the cluster, as this one sees them. Thread-safe.</summary>
sealed class Members(IClusterMembershipService membership, ILocalSiloDetails local)
{
    public SiloAddress Self => local.SiloAddress;

    public IReadOnlyList<SiloAddress> Active => [.. membership.CurrentSnapshot.Members.Values.Where(member => member.Status == SiloStatus.Active).Select(member => member.SiloAddress)];

    public IEnumerable<SiloAddress> Others => Active.Where(silo => !silo.Equals(Self));

    /// <exception cref="ShardMovedException">It belongs to another instance. A call may come here because its caller remembers where the shard was.</exception>
    public void MustOwn(long shard)
    {
        if (Active is not { Count: > 0 } active || !ByRendezvous.Owner(shard, active).Equals(Self)) throw new ShardMovedException();
    }

    public bool IsActive(SiloAddress silo) => membership.CurrentSnapshot.GetSiloStatus(silo) == SiloStatus.Active;
}
