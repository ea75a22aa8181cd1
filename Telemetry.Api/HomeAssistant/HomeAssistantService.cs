using System.Diagnostics;
using Telemetry.Api.Alerts;
using Telemetry.Api.History;
using Telemetry.Api.Hosting;
using Telemetry.Api.Ingest;
using Telemetry.Core.HomeAssistant;

namespace Telemetry.Api.HomeAssistant;

/// <summary>Publishes the vehicles for Home Assistant; if disabled, empties once what was published before.</summary>
sealed partial class HomeAssistantService(
    HomeAssistantSettings settings, BrokerDialer dialer, DeviceTopics topics, DeviceInbox inbox, DevicePublisher publisher, PublishedTopics store, AlertRules rules,
    StoreAndForward keeper, SpoolDrain drain, WriterLease lease, LoopWatch loops, ILogger<HomeAssistantService> log) : BackgroundService
{
    static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    // Home Assistant may restart repeatedly, and each time everything is published.
    static readonly TimeSpan BirthInterval = TimeSpan.FromSeconds(10);

    static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(2);

    volatile bool _hasOtherRules;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        rules.Changes.Subscribe(_ =>
        {
            _hasOtherRules = true;
            inbox.Wake();
        });
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!settings.Enabled && !await HasLeftoversAsync(stoppingToken)) return;
        await loops.RunAsync("the devices of Home Assistant", () => RunUntilStoppedAsync(stoppingToken), stoppingToken);
    }

    // Does not block the start: the store may open later.
    async Task<bool> HasLeftoversAsync(CancellationToken stopping)
    {
        await keeper.Opened.WaitAsync(stopping);
        var backoff = new Backoff();
        while (true)
        {
            if (await store.TryReadAsync() is { } topics) return topics.Count > 0;
            await keeper.WaitForRetryAsync(backoff, stopping);
        }
    }

    async Task RunUntilStoppedAsync(CancellationToken stopping)
    {
        await drain.Tried.WaitAsync(stopping);
        var backoff = new Backoff();
        var isTold = false;
        while (true)
        {
            // Another server publishes the same vehicles.
            while (!await lease.OwnsAsync(stopping)) ;
            try
            {
                await using var connection = await HomeAssistantConnection.OpenAsync(dialer, topics, settings.Enabled, inbox.Wake, stopping);
                isTold = false;
                backoff.Reset();
                await PublishUntilLostAsync(connection, stopping);
                Log.Ended(log);
            }
            catch (Exception error) when (HomeAssistantConnection.IsLoss(error))
            {
                if (stopping.IsCancellationRequested) return;
                if (!isTold) Log.Lost(log, (error.InnerException ?? error).Message.TrimEnd('.'));
                isTold = true;
            }

            await Task.Delay(backoff.Next(), stopping);
        }
    }

    async Task PublishUntilLostAsync(HomeAssistantConnection connection, CancellationToken stopping)
    {
        try
        {
            publisher.Forget();
            if (settings.Enabled) publisher.NoteAvailability();
            await publisher.RepeatRemovalsAsync(connection, stopping);
            await StepUntilLostAsync(connection, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && settings.Enabled && connection.IsOpen)
        {
            using var patience = new CancellationTokenSource(FarewellTimeout);
            await connection.SayOfflineAsync(patience.Token);
            throw;
        }
    }

    async Task StepUntilLostAsync(HomeAssistantConnection connection, CancellationToken stopping)
    {
        var (checkedAt, bornAt, isBorn) = (0L, 0L, false);
        while (connection.IsOpen && lease.Problem is null)
        {
            isBorn |= connection.TakeBirth();
            if (isBorn && Stopwatch.GetElapsedTime(bornAt) >= BirthInterval)
            {
                (isBorn, bornAt) = (false, Stopwatch.GetTimestamp());
                publisher.Forget();
                await publisher.RepeatRemovalsAsync(connection, stopping);
            }

            await connection.AffirmAsync(stopping);
            if (_hasOtherRules)
            {
                _hasOtherRules = false;
                publisher.FollowRules();
            }

            publisher.Take();
            if (Stopwatch.GetElapsedTime(checkedAt) >= CheckInterval)
            {
                checkedAt = Stopwatch.GetTimestamp();
                await publisher.RemoveGoneAsync(connection, stopping);
            }

            await publisher.PublishDueAsync(connection, stopping);
            await store.TrySaveAsync();
            if (!publisher.IsDue) await inbox.WaitAsync(CheckInterval, stopping);
        }
    }

    static partial class Log
    {
        [LoggerMessage(880, LogLevel.Warning, "Home Assistant: the broker cannot be reached ({Problem}); trying again")]
        public static partial void Lost(ILogger log, string problem);

        [LoggerMessage(881, LogLevel.Debug, "Home Assistant: the connection has ended, or another server publishes")]
        public static partial void Ended(ILogger log);
    }
}
