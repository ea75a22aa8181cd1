using System.Data.Common;
using Telemetry.Api.Hosting;
using Telemetry.Api.Store;
using Telemetry.Core.Ingest;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

/// <summary>Opens the store and moves the spool's readings to it, oldest first. Probes both while they are idle.</summary>
sealed class SpoolDrain(
    HistoryRoute route, ReadingStore store, QuarantiningWriter writer, Spool spool, SpoolWriter spoolWriter, OfflineBootstrap bootstrap, WriterLease lease, HeardVehicles heard, HeardVehicleLoader heardBefore, VehicleRegistry vehicles, SignalCatalog signals, LiveInput intake)
{
    static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(5);

    static readonly TimeSpan StuckDelay = TimeSpan.FromSeconds(1);

    const int LoadSize = 1000;

    readonly Backoff _backoff = new(QuietTime);
    readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Tried => _tried.Task;

    public async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            // Not direct: the loop was interrupted in the middle of its work.
            var isAsked = await route.WaitForRequestAsync(route.IsDirect ? QuietTime : TimeSpan.Zero, stopping);
            if (!isAsked && route.IsDirect && await IsThereAsync(stopping)) continue;
            await route.InFlightWrite;
            for (var isDone = false; !isDone;)
            {
                var went = await route.AttemptAsync(async () => isDone = await DrainOnceAsync(stopping), stopping);
                if (isDone || !went) _tried.TrySetResult();
                if (went) _backoff.Reset();
                else await Task.Delay(_backoff.Next(), stopping);
            }
        }
    }

    async Task<bool> IsThereAsync(CancellationToken stopping)
    {
        await spoolWriter.ProbeAsync();
        await TrimAsync();
        if ((route.SinceWrite < QuietTime || await route.AttemptAsync(() => store.ProbeAsync(), stopping)) && spool.Readings == 0) return true;
        await route.Turn.WaitAsync(stopping);
        route.EnterSpooling();
        await route.WaitForRequestAsync(TimeSpan.Zero, CancellationToken.None); // Consumes the request of a write that failed meanwhile.
        route.Turn.Release();
        return false;
    }

    async Task TrimAsync()
    {
        try
        {
            await store.TrimAsync();
        }
        catch (DbException)
        {
            // The next probe reports it.
        }
    }

    // True if the spool is empty and writes go to the store again.
    async Task<bool> DrainOnceAsync(CancellationToken stopping)
    {
        if (!route.IsOpen)
        {
            await spoolWriter.ProbeAsync();
            await OpenAsync();
            return false;
        }

        if (spool.Readings > 0)
        {
            // Decoded where the spool is changed, one after the other: content of a vehicle that is deleted meanwhile would make it anew.
            var (lastId, entries) = await spool.RunAsync(() =>
            {
                var (last, contents) = spool.Peek(HistoryQueue.BatchSize);
                return (last, contents.SelectMany(content => BatchFormat.Read(content, vehicles, signals)).ToList());
            });
            await writer.WriteAsync(entries);
            await spool.RunAsync(() => spool.Remove(lastId));
            bootstrap.SaveVehicles();
            return false;
        }

        await spoolWriter.ProbeAsync(); // On a full disk, nothing else may have tried it since.
        await store.ProbeAsync(writes: true);
        await route.Turn.WaitAsync(stopping);
        try
        {
            if (spool.Readings > 0) return false;
            if (!spoolWriter.IsStuck && !route.IsDirect) route.GoDirect();
            if (route.IsDirect) return true;
        }
        finally
        {
            route.Turn.Release();
        }

        // The writer retries its stuck batch, and may reach the store itself.
        await route.Direct.WaitAsync(StuckDelay, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return false;
    }

    async Task OpenAsync()
    {
        await store.PrepareAsync();
        var stored = await store.LoadAsync();
        await heardBefore.LoadAsync();
        await RestoreAsync(stored);
        await lease.RenewAsync(); // Must be before the first reading.
        route.Open();
    }

    // In small parts: the values of a large fleet are never in memory at once.
    async Task RestoreAsync(IReadOnlyList<Vehicle> stored)
    {
        foreach (var part in stored.GroupBy(intake.PartitionIndexOf).SelectMany(partition => partition.Chunk(LoadSize)))
            foreach (var (vehicle, lastValues) in await store.LoadLastValuesAsync(part)) intake.Restore(vehicle, lastValues, heard.IsOwned(vehicle) ? heard.Of(vehicle)!.OfflineAfter : null);
    }
}
