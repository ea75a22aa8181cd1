using System.Data.Common;
using System.Reactive.Linq;
using System.Threading.Channels;
using Telemetry.Api.Alerts;
using Telemetry.Api.History;
using Telemetry.Api.Hosting;
using Telemetry.Core.Alerts;

namespace Telemetry.Api.Notify;

/// <summary>Hands changes of alerts to the channels and runs the channels.</summary>
sealed class AlertNotifier(
    AlertLog log, AlertHistory history, AlertNotes notes, HeardVehicles heard, AlertRules rules, AlertOwner owner, AlertLoader loader, NotifiedAlerts notified, SharedDeliveries shared, ChannelWorkers workers, AlertMuting muting, TimeProvider clock, LoopWatch loops)
    : BackgroundService, IHostedLifecycleService
{
    static readonly TimeSpan UpkeepInterval = TimeSpan.FromMinutes(1);

    // A slow store delays alerts by no more than this.
    static readonly TimeSpan DecisionTimeout = TimeSpan.FromSeconds(1);

    // A server notes each minute that it listens.
    static readonly TimeSpan ListenedAge = TimeSpan.FromMinutes(2);

    // As old as a message that is given up.
    static readonly TimeSpan MaxUnsent = TimeSpan.FromDays(1);

    readonly Channel<AlertNews> _news = System.Threading.Channels.Channel.CreateUnbounded<AlertNews>(new UnboundedChannelOptions { SingleReader = true });
    readonly UndecidedAlerts _undecided = new();
    IDisposable? _subscription;
    (DateTime Ended, DateTime Fired)? _unsent; // Alerts of an earlier run that ended since the first time and fired before the second; null: none are left to find.

    /// <summary>Subscribes before anything starts: a message retained by the broker may fire an alert and end it at once.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var listened = (notes.ReadListened() ?? now) - ListenedAge;
        if (workers.All.Count > 0) _unsent = (listened > now - MaxUnsent ? listened : now - MaxUnsent, now);
        _subscription = log.News.Where(news => news.IsOwn).Subscribe(news => _news.Writer.TryWrite(news));
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
            List<AlertNews> batch = [];
            while (_news.Reader.TryRead(out var news)) batch.Add(news);
            // Wait until the change is stored: then a server that takes over knows what was sent, and if two servers raise the same alert, one of them sends it.
            await Task.WhenAll(batch.Select(news => news.Written?.Durable ?? Task.CompletedTask)).WaitAsync(DecisionTimeout, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stopping.ThrowIfCancellationRequested();
            await AdoptAsync([.. batch.Where(news => news.IsAdopted).Select(news => news.Alert)], stopping);
            Take(batch.Where(news => news.Written is not { IsReplaced: true }).Select(news => news.Alert));
            workers.WakeAll();
        }
    }

    async Task AdoptAsync(List<Alert> adopted, CancellationToken stopping)
    {
        if (adopted.Count == 0) return;
        var told = await shared.ReadAsync([.. adopted.Select(alert => alert.Id)], stopping);
        // An open alert that is new to this server and was not sent by another one passes the usual checks below. An ended one is sent.
        notified.Adopt([.. adopted.Where(alert => told.Contains(alert.Id) || !notified.IsNew(alert.Id) || alert.ClearedAt is not null)], told);
    }

    // In one transaction: the first state of each alert, which may still be open, and the newest.
    void Take(IEnumerable<Alert> alerts)
    {
        var (first, newest) = (new Dictionary<Guid, Alert>(), new Dictionary<Guid, Alert>());
        foreach (var alert in alerts)
        {
            // The decision may need the store. Alerts that do not depend on it do not wait.
            if (_undecided.TryAdd(alert, isNew: !first.ContainsKey(alert.Id) && notified.IsNew(alert.Id) && muting.DependsOnOthers(alert))) continue;
            first.TryAdd(alert.Id, alert);
            newest[alert.Id] = alert;
        }

        notified.Take([.. first.Values, .. newest.Values]);
    }

    async Task DecideUntilStoppedAsync(CancellationToken stopping)
    {
        while (await _undecided.WaitAsync(stopping))
        {
            // One timeout for all alerts of the batch: they do not wait for the store again and again.
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
            return await muting.IsMutedAsync(alert, patience);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return false; // Better told twice than late.
        }
    }

    async Task KeepUpAsync(CancellationToken stopping)
    {
        using var poll = new PeriodicTimer(UpkeepInterval, clock);
        do
        {
            notified.Prune(clock.GetUtcNow().UtcDateTime);
            await FindLostAsync(stopping);
            if (_unsent is { } unsent && await TryFindUnsentAsync(unsent.Ended, unsent.Fired, stopping)) _unsent = null;
        }
        while (await poll.WaitForNextTickAsync(stopping));
    }

    // A server that was killed may have sent a change that it had not stored: continue with what was sent.
    async Task FindLostAsync(CancellationToken stopping)
    {
        var open = log.Open.Select(alert => alert.Id).ToHashSet();
        foreach (var alert in notified.Open.Where(alert => owner.Owns(alert) && !open.Contains(alert.Id)))
        {
            try
            {
                if (await history.FindAsync(alert.Id, stopping) is { } known) _news.Writer.TryWrite(new AlertNews(known, known.ClearedAt ?? known.FiredAt));
                else Restore(alert);
            }
            catch (Exception error) when (error is DbException or TimeoutException)
            {
                return; // The store is away: later.
            }
        }
    }

    // A server that was killed may have stored an alert and its end before the channels took them.
    async Task<bool> TryFindUnsentAsync(DateTime ended, DateTime fired, CancellationToken stopping)
    {
        if (!rules.IsLoaded || !owner.IsActive) return false;
        try
        {
            var found = (await history.EndedSinceAsync(ended, stopping)).Where(alert => alert.FiredAt < fired && notified.IsNew(alert.Id)).OrderBy(alert => alert.Id).ToList();
            foreach (var alert in found.Where(owner.Owns))
            {
                if (await muting.IsMutedAsync(alert, stopping)) notified.Mute(alert.Id);
                else await AdoptAsync([alert], stopping); // The next one may be silent because of it.
            }

            workers.WakeAll();
            return found.TrueForAll(alert => alert.Vehicle is null || heard.Of(alert.Vehicle.Current) is not null); // Otherwise it is not known whose vehicle it is.
        }
        catch (Exception error) when (error is DbException or TimeoutException)
        {
            return false;
        }
    }

    void Restore(Alert alert)
    {
        if (alert.RuleId <= 0 || rules.Find(alert.RuleId)?.Rule is { IsEnabled: true }) loader.Restore(alert);
    }
}
