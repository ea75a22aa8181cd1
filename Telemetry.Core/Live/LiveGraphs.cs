using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Live;

/// <summary>The live graphs of a server, one for each partition of its vehicles.</summary>
public sealed class LiveGraphs : IDisposable
{
    /// <param name="partitions">Number of partitions, from 1.</param>
    /// <param name="pacing">Intervals and timeouts.</param>
    /// <param name="scheduler">Every timer runs on it.</param>
    /// <param name="alerts">The rules; null: none.</param>
    public LiveGraphs(int partitions, Pacing pacing, IScheduler scheduler, AlertInput? alerts = null)
    {
        StartedAt = scheduler.Now.UtcDateTime;
        All = [.. Enumerable.Range(0, partitions).Select(index => new LiveGraph(pacing, scheduler, StartedAt, InputOf(index, partitions, alerts)))];
    }

    /// <summary>The index of a vehicle's graph.</summary>
    /// <param name="keyHash">Its <see cref="Vehicle.KeyHash"/>.</param>
    /// <param name="count">Number of graphs.</param>
    public static int IndexOf(uint keyHash, int count) => (int)(keyHash % (uint)count);

    /// <summary>One graph a partition.</summary>
    public IReadOnlyList<LiveGraph> All { get; }

    /// <inheritdoc cref="LiveGraph.StartedAt"/>
    public DateTime StartedAt { get; }

    /// <inheritdoc cref="LiveGraph.Elapsed"/>
    public TimeSpan Elapsed => All[0].Elapsed;

    /// <summary>Stops every timer.</summary>
    public void Dispose()
    {
        foreach (var graph in All) graph.Dispose();
    }

    // What an earlier run has left goes to the graph of its vehicle.
    static AlertInput? InputOf(int index, int count, AlertInput? alerts) => alerts is null ? null : alerts with { Saved = alerts.Saved?.Where(saved => IndexOf(saved.Vehicle.KeyHash, count) == index) };
}
