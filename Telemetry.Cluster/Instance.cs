using Orleans.Runtime.Services;
using Orleans.Services;

namespace Telemetry.Cluster;

/// <summary>An instance, for the others.</summary>
interface IInstance : IGrainService
{
    /// <summary>Takes snapshots of the sender's vehicles.</summary>
    Task SeeAsync(SnapshotBatch batch);

    /// <summary>Refuses messages of earlier receivers from now on, and waits until those taken before are durable. Otherwise a message that the broker delivers again could be stored twice.</summary>
    /// <exception cref="TimeoutException">They are not yet.</exception>
    Task DrainAsync(long receiver);
}

sealed class Instance(GrainId grainId, Silo silo, ILoggerFactory logs, Viewer viewer, Shards shards, OpenMessages open) : GrainService(grainId, silo, logs), IInstance
{
    static readonly TimeSpan StoringTimeout = TimeSpan.FromSeconds(3);

    public Task SeeAsync(SnapshotBatch batch)
    {
        viewer.See(batch);
        return Task.CompletedTask;
    }

    public async Task DrainAsync(long receiver)
    {
        shards.NewestReceiver = receiver;
        await open.StoredAsync().WaitAsync(StoringTimeout); // Fails if it takes longer: the new receiver then tries it again.
    }
}

sealed class InstanceClient(IServiceProvider services) : GrainServiceClient<IInstance>(services)
{
    public IInstance Of(SiloAddress silo) => GetGrainService(silo);
}
