using System.Data.Common;
using System.Threading.Channels;
using Telemetry.Api.Alerts;
using Telemetry.Api.History;
using Telemetry.Api.Hosting;
using Telemetry.Core.Alerts;

namespace Telemetry.Api.Notify;

/// <summary>Hands changes of alerts to the channels, and runs those.</summary>
sealed class AlertNotifier(
    AlertLog log, AlertHistory history, AlertRules rules, AlertSources sources, NotifiedAlerts notified, ChannelWorkers workers, AlertMuting muting, WriterLease lease, TimeProvider clock, LoopWatch loops)
    : BackgroundService, IHostedLifecycleService
{
    static readonly TimeSpan UpkeepInterval = TimeSpan.FromMinutes(1);

    // A store that is slow delays no alert for longer.
    static readonly TimeSpan DecisionTimeout = TimeSpan.FromSeconds(1);

    readonly Channel<Alert> _news = System.Threading.Channels.Channel.CreateUnbounded<Alert>(new UnboundedChannelOptions { SingleReader = true });
    readonly UndecidedAlerts _undecided = new();
    IDisposable? _subscription;

    /// <summary>Before anything starts: what a broker has kept may fire an alert and end it at once.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _subscription = log.News.Subscribe(news => _news.Writer.TryWrite(news.Alert));
        return Task.CompletedTask;
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        notified.Restore();
        rules.Changes.Subscribe(_ => workers.WakeAll());
        return base.StartAsync(cancellationToken);
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Dispose()
    {
        _subscription?.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
    [
        loops.RunAsync("the loop that takes alerts to channels", () => TakeUntilStoppedAsync(stoppingToken), stoppingToken),
        loops.RunAsync("the loop that decides on alerts", () => DecideUntilStoppedAsync(stoppingToken), stoppingToken),
        loops.RunAsync("the upkeep of deliveries", () => KeepUpAsync(stoppingToken), stoppingToken),
        .. workers.All.Select(worker => loops.RunAsync($"channel {worker.Channel.Name}", () => worker.RunAsync(stoppingToken), stoppingToken)),
        .. workers.All.Where(worker => worker.Channel.Sender is MqttSender).Select(worker =>
            loops.RunAsync($"the broker of channel {worker.Channel.Name}", () => ((MqttSender)worker.Channel.Sender).RunAsync(stoppingToken), stoppingToken)),
    ]);

    async Task TakeUntilStoppedAsync(CancellationToken stopping)
    {
        while (await _news.Reader.WaitToReadAsync(stopping))
        {
            // All that have come, in one transaction; of each the first, which may be open still, and the newest.
            var (first, newest) = (new Dictionary<Guid, Alert>(), new Dictionary<Guid, Alert>());
            while (_news.Reader.TryRead(out var alert))
            {
                // The store may have to be asked: what does not depend on it does not wait for it.
                if (_undecided.TryAdd(alert, isNew: !first.ContainsKey(alert.Id) && notified.IsNew(alert.Id) && muting.DependsOnOthers(alert))) continue;
                first.TryAdd(alert.Id, alert);
                newest[alert.Id] = alert;
            }

            foreach (var id in first.Values.Where(alert => notified.IsNew(alert.Id) && IsOfAnotherServer(alert)).Select(alert => alert.Id).ToList()) notified.Mute(id);
            notified.Take([.. first.Values, .. newest.Values]);
            workers.WakeAll();
        }
    }

    async Task DecideUntilStoppedAsync(CancellationToken stopping)
    {
        while (await _undecided.WaitAsync(stopping))
        {
            // Where the store has not answered in time once, what has come until then does not wait for it again.
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            foreach (var alert in _undecided.Read())
            {
                if (notified.IsNew(alert.Id))
                {
                    if (!patience.IsCancellationRequested) patience.CancelAfter(DecisionTimeout);
                    if (await IsMutedAsync(alert, patience.Token, stopping)) notified.Mute(alert.Id);
                }

                notified.Take([alert]); // The next one may be silent because of it.
                _undecided.Remove(alert);
                workers.WakeAll();
            }
        }
    }

    async Task<bool> IsMutedAsync(Alert alert, CancellationToken patience, CancellationToken stopping)
    {
        try
        {
            return IsOfAnotherServer(alert) || await muting.IsMutedAsync(alert, patience);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return false; // Better told twice than late.
        }
    }

    // Another server that stores the same readings tells of them as well.
    bool IsOfAnotherServer(Alert alert) => alert.RuleId > 0 && lease.Problem is not null;

    async Task KeepUpAsync(CancellationToken stopping)
    {
        using var poll = new PeriodicTimer(UpkeepInterval, clock);
        do
        {
            notified.Prune(clock.GetUtcNow().UtcDateTime);
            await FindLostAsync(stopping);
        }
        while (await poll.WaitForNextTickAsync(stopping));
    }

    // A server that was killed may have told of a change that it had not stored: it goes on with what it has told.
    async Task FindLostAsync(CancellationToken stopping)
    {
        var open = log.Open.Select(alert => alert.Id).ToHashSet();
        foreach (var alert in notified.Open.Where(alert => !open.Contains(alert.Id)))
        {
            try
            {
                if (await history.FindAsync(alert.Id, stopping) is { } known) _news.Writer.TryWrite(known);
                else Restore(alert);
            }
            catch (Exception error) when (error is DbException or TimeoutException)
            {
                return; // The store is away: later.
            }
        }
    }

    void Restore(Alert alert)
    {
        var rule = rules.Find(alert.RuleId)?.Rule;
        if (alert.RuleId > 0 && (rule is null || !rule.IsEnabled)) return;
        log.Restore(alert, rule);
        if (rule is not null && alert.Vehicle is not null) sources.Restore(new SavedWatch(rule.Id, alert.Vehicle, alert.Since, rule.For, IsFired: true, alert.Value, alert.Peak));
    }
}
