using System.Reactive.Concurrency;

namespace Telemetry.Core.Live;

/// <summary>The live graphs of a server, one for each partition of its vehicles.</summary>
public sealed class LiveGraphs : IDisposable
{
    /// <param name="partitions">How many there are, from 1.</param>
    /// <param name="pacing">Intervals and timeouts.</param>
    /// <param name="scheduler">Every timer runs on it.</param>
    /// <param name="alerts">The rules; null: none.</param>
    public LiveGraphs(int partitions, Pacing pacing, IScheduler scheduler, AlertInput? alerts = null)
    {
        StartedAt = scheduler.Now.UtcDateTime;
        All = [.. Enumerable.Range(0, partitions).Select(_ => new LiveGraph(pacing, scheduler, StartedAt, alerts))];
    }

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
}
