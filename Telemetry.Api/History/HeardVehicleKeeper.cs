using System.Data.Common;
using System.Reactive.Concurrency;
using Telemetry.Api.Hosting;
using Telemetry.Api.Store;
using Telemetry.Core.Ingest;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

/// <summary>Saves and shares which vehicles were heard, and takes over those of a stopped server.</summary>
sealed class HeardVehicleKeeper(
    HeardVehicles heard, HeardVehicleTable table, StoreChanges changes, StoreAndForward keeper, ReadingStore store, WriterLease lease, VehicleRegistry vehicles, LiveInput live, IScheduler clock, LoopWatch loops) : BackgroundService
{
    static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(1);

    const int LoadSize = 1000;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        changes.Follow(ChangeKind.Heard, FollowAsync);
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await SaveAsync();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("the loop that saves which vehicles were heard", async () =>
    {
        await keeper.Opened.WaitAsync(stoppingToken);
        var wasHeld = lease.IsHeld;
        if (!wasHeld) await TakeOverAsync(TimeSpan.Zero); // The holder goes on hearing them.
        using var timer = new PeriodicTimer(SaveInterval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (lease.IsHeld && !wasHeld)
            {
                // The earlier holder may not have saved everything that it heard.
                heard.ReturnUnsaved(heard.Own.Select(pair => pair.Key));
                await TakeOverAsync(lease.UnheldFor);
            }

            wasHeld = lease.IsHeld;
            await SaveAsync();
        }
    }, stoppingToken);

    // Only its own: another server of the source saves what it hears.
    async Task SaveAsync()
    {
        if (!lease.IsHeld || !keeper.Opened.IsCompleted) return;
        var unsaved = heard.TakeUnsaved().Where(vehicle => !vehicle.IsGone).ToList();
        if (unsaved.Count == 0) return;
        if (!await keeper.TryChangeAsync(() => store.ChangeAsync(unsaved, transaction => table.WriteAsync(transaction, [.. unsaved.Where(vehicle => !vehicle.IsGone).Select(heard.RowOf)])))) heard.ReturnUnsaved(unsaved);
    }

    async Task<bool> FollowAsync(long known)
    {
        try
        {
            foreach (var row in await table.ReadAsync(known))
                if (vehicles.Find(row.VehicleId) is { } vehicle && (!lease.IsHeld || row.Source != heard.Source)) heard.Restore(vehicle, row);
            return true;
        }
        catch (DbException)
        {
            return false;
        }
    }

    /// <summary>Takes over running vehicles of another server of the source that were not heard here yet. <paramref name="unheard"/> is the time without any server, which does not count as their silence.</summary>
    async Task TakeOverAsync(TimeSpan unheard)
    {
        var running = heard.Own.Where(pair => pair.Value.IsRunning).Select(pair => pair.Key).ToList();
        foreach (var part in running.Chunk(LoadSize))
        {
            try
            {
                foreach (var (vehicle, lastValues) in await store.LoadLastValuesAsync(part)) TakeOver(vehicle, lastValues, unheard);
            }
            catch (DbException)
            {
                return; // They are running again when they are heard.
            }
        }
    }

    void TakeOver(Vehicle vehicle, Reading[] lastValues, TimeSpan unheard)
    {
        if (lastValues.Length == 0) return;
        var silentFor = clock.Now.UtcDateTime - lastValues.Max(reading => reading.At) - unheard;
        live.Restore(vehicle, lastValues, heard.Of(vehicle)?.OfflineAfter);
        live.TakeOver(vehicle, silentFor > TimeSpan.Zero ? silentFor : TimeSpan.Zero);
    }
}
