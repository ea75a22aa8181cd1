using System.Diagnostics.Metrics;
using Telemetry.Api.Diagnostics;

namespace Telemetry.Cluster;

/// <summary>Metrics of this instance's part, read on demand.</summary>
sealed class ClusterMeasurements : IHostedService
{
    public ClusterMeasurements(IMeterFactory meters, Shards shards, Members members, ReceiverState receiver, OpenMessages open)
    {
        var meter = meters.Create(Latencies.Meter);
        meter.CreateObservableUpDownCounter("telemetry.cluster.instances", () => members.Active.Count, "{instance}", "Instances of the cluster, as this one sees them.");
        meter.CreateObservableUpDownCounter("telemetry.cluster.shards", () => shards.Own.Count(), "{shard}", "Shards that this instance owns.");
        meter.CreateObservableCounter("telemetry.cluster.takeovers", () => shards.Takeovers, "{shard}", "Shards that this instance has taken over.");
        meter.CreateObservableUpDownCounter("telemetry.cluster.receiving", () => receiver.Router is null ? 0 : 1, "1", "1 on the instance that receives from the broker, otherwise 0.");
        meter.CreateObservableUpDownCounter("telemetry.cluster.waiting", () => receiver.Router?.Waiting ?? 0, "{message}", "Messages that this instance has received and their owners have not stored yet.");
        meter.CreateObservableGauge("telemetry.cluster.oldest", () => receiver.Router?.Age.TotalSeconds ?? 0, "s", "Age of the oldest of them.");
        meter.CreateObservableUpDownCounter("telemetry.cluster.unstored", () => open.Count, "{message}", "Messages that this instance has taken as an owner and not stored yet.");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
