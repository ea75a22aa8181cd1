namespace Telemetry.Cluster;

/// <summary>Instances of the cluster, as this one sees them. Thread-safe.</summary>
sealed class Members(IClusterMembershipService membership, ILocalSiloDetails local)
{
    public SiloAddress Self => local.SiloAddress;

    public IReadOnlyList<SiloAddress> Active => Of(SiloStatus.Active);

    /// <summary>With those that stop: they store what they have taken.</summary>
    public IReadOnlyList<SiloAddress> Storing => Of(SiloStatus.Active, SiloStatus.ShuttingDown, SiloStatus.Stopping);

    public IEnumerable<SiloAddress> Others => Active.Where(silo => !silo.Equals(Self));

    /// <exception cref="ShardMovedException">It belongs to another instance. A call may come here because its caller remembers where the shard was.</exception>
    public void MustOwn(long shard)
    {
        if (Active is not { Count: > 0 } active || !ByRendezvous.Owner(shard, active).Equals(Self)) throw new ShardMovedException();
    }

    IReadOnlyList<SiloAddress> Of(params SiloStatus[] statuses) => [.. membership.CurrentSnapshot.Members.Values.Where(member => statuses.Contains(member.Status)).Select(member => member.SiloAddress)];

    public bool IsActive(SiloAddress silo) => membership.CurrentSnapshot.GetSiloStatus(silo) == SiloStatus.Active;
}
