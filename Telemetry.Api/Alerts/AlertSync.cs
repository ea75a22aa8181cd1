using System.Data.Common;
using System.Reactive.Concurrency;
using Telemetry.Api.History;
using Telemetry.Api.Hosting;
using Telemetry.Api.Store;

namespace Telemetry.Api.Alerts;

/// <summary>Shares alerts with other servers on the store: follows what they change, and continues with theirs when they are gone.</summary>
sealed class AlertSync(
    AlertHandover handover, AlertLoader loader, AlertTable table, AlertOwner owner, HeardVehicles heard, WriterLease lease, StoreChanges changes, StoreAndForward keeper, ReadingStore store,
    IScheduler clock, LoopWatch loops) : BackgroundService
{
    // Age up to which alerts are still sent that ended while no server could send them.
    static readonly TimeSpan MaxUnsent = TimeSpan.FromMinutes(1);

    readonly SemaphoreSlim _leaseChanged = new(0);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        changes.Follow(ChangeKind.Alerts, FollowAsync);
        lease.Changed += _ => _leaseChanged.Release();
        heard.Claimed += snapshot => loader.Continue(handover.Claim(snapshot.Vehicle, snapshot.Timestamp));
        if (!owner.IsActive) _leaseChanged.Release();
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _leaseChanged.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("the loop that shares alerts", async () =>
    {
        await keeper.Opened.WaitAsync(stoppingToken);
        while (true)
        {
            await _leaseChanged.WaitAsync(stoppingToken);
            var backoff = new Backoff();
            while (owner.IsActive != lease.IsHeld && !await TryTakeOverAsync()) await keeper.WaitForRetryAsync(backoff, stoppingToken);
            if (!lease.IsHeld && await loader.TryLoadAsync() is { } open) handover.StandBy(open.Select(alert => alert.Id).ToHashSet());
        }
    }, stoppingToken);

    async Task<bool> TryTakeOverAsync()
    {
        try
        {
            await changes.PollAsync(); // Vehicles and rules first.
            if (await loader.TryLoadAsync() is null) return false;
            var over = await store.ReadAsync(connection => table.ReadAsync(connection, new AlertQuery { ClearedFrom = clock.Now.UtcDateTime - MaxUnsent }));
            handover.TakeOver(over);
            return true;
        }
        catch (DbException)
        {
            return false;
        }
    }

    async Task<bool> FollowAsync(long known)
    {
        try
        {
            foreach (var alert in await store.ReadAsync(connection => table.ReadAsync(connection, new AlertQuery { ChangedAfter = known }))) handover.Sync(alert, loader.RuleOf(alert));
            return true;
        }
        catch (DbException)
        {
            return false;
        }
    }
}
