using System.Data.Common;
using System.Diagnostics;
using Telemetry.Api.Hosting;
using Telemetry.Api.Store;

namespace Telemetry.Cluster;

/// <summary>Starts the shards that belong to this instance, leaves those that do not, and asks the store whether its shards are still its own.</summary>
sealed partial class Balancer(Shards shards, ShardStore store, Handover handover, LocalGrains local, Members members, Viewer viewer, Feed feed, ReceiverState receiver, IGrainFactory grains, LoopWatch loops, ILogger<Balancer> log) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);
    /// <summary>A hanging store is one that cannot be reached.</summary>
    static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(2);

    static readonly TimeSpan TrimInterval = TimeSpan.FromMinutes(1);

    readonly HashSet<int> _starting = [];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        loops.RunAsync("the loop that balances the shards", () => BalanceUntilStoppedAsync(stoppingToken), stoppingToken),
        loops.RunAsync("the loop that checks the shards", () => CheckUntilStoppedAsync(stoppingToken), stoppingToken),
        loops.RunAsync("the upkeep of the cluster's tables", () => TrimUntilStoppedAsync(stoppingToken), stoppingToken));

    async Task BalanceUntilStoppedAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            viewer.CheckSynced();
            var active = members.Active;
            if (!active.Contains(members.Self) || !shards.IsChecked) continue;
            for (var shard = Shards.Receiver; shard < Shards.Count; shard++)
            {
                var owner = ByRendezvous.Owner(shard, active);
                var isOwn = owner.Equals(members.Self);
                var isHere = local.Has(shard);
                if (isOwn && !isHere) _ = StartAsync(shard);
                if (!isOwn && isHere && feed.HasAll(owner)) local.Move(shard);
            }
        }
    }

    async Task StartAsync(int shard)
    {
        lock (_starting)
        {
            if (!_starting.Add(shard)) return;
        }

        try
        {
            await (shard == Shards.Receiver ? grains.GetGrain<IReceiver>(shard).TouchAsync() : grains.GetGrain<IVehicleShard>(shard).TouchAsync());
        }
        catch (Exception error)
        {
            Log.NotStarted(log, shard, error.Message); // The next round tries it again.
        }
        finally
        {
            lock (_starting) _starting.Remove(shard);
        }
    }

    async Task CheckUntilStoppedAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(CheckInterval);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            var asked = Stopwatch.GetTimestamp();
            try
            {
                var before = shards.Own.ToDictionary(shard => shard, shards.EpochOf);
                var own = await store.OwnAsync().WaitAsync(CheckTimeout, stopping);
                if (Stopwatch.GetElapsedTime(asked) > Shards.CheckedFor) continue; // The process was stopped meanwhile: the answer is old.
                foreach (var (shard, epoch) in before.Where(pair => own.GetValueOrDefault(pair.Key) != pair.Value))
                {
                    if (!handover.Leave(shard, epoch)) continue;
                    Log.Lost(log, shard);
                    local.End(shard);
                }
            }
            catch (Exception error) when (error is DbException or TimeoutException or OrleansException)
            {
                // No other instance can become an owner either.
                Log.NotChecked(log, DbErrorText.Summarize(error));
            }

            // An error of a question that the process was stopped in says nothing either.
            if (Stopwatch.GetElapsedTime(asked) >= Shards.CheckedFor) continue;
            var wasChecked = shards.IsChecked;
            shards.SetChecked(asked);
            if (!wasChecked) handover.PublishAll();
        }
    }

    async Task TrimUntilStoppedAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(TrimInterval);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                if (receiver.Epoch > 0) await store.TrimArrivalsAsync();
            }
            catch (DbException error)
            {
                Log.NotChecked(log, DbErrorText.Summarize(error));
            }
        }
    }

    static partial class Log
    {
        [LoggerMessage(1203, LogLevel.Debug, "Shard {Shard} could not be started ({Problem})")]
        public static partial void NotStarted(ILogger log, int shard, string problem);

        [LoggerMessage(1204, LogLevel.Warning, "Another instance has taken over shard {Shard}")]
        public static partial void Lost(ILogger log, int shard);

        [LoggerMessage(1205, LogLevel.Debug, "The owners of the shards could not be read ({Problem})")]
        public static partial void NotChecked(ILogger log, string problem);
    }
}
