using System.Reactive.Linq;
using System.Threading.Channels;
using Telemetry.Api.History;
using Telemetry.Api.Hosting;
using Telemetry.Api.Store;
using Telemetry.Api.Stream;
using Telemetry.Core.Alerts;
using Telemetry.Core.Live;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Alerts;

/// <summary>Keeps rules and alerts across restarts: loads them, copies them to the spool, and saves waits every minute and at the stop.</summary>
sealed partial class AlertKeeper(
    AlertRules rules, AlertLog alerts, AlertOwner owner, AlertLoader loader, AlertTable table, ToldAlertTable told, AlertClockStore clocks, AlertNotes notes, AlertSources sources, AlertsSettings settings, LiveGraphs graphs,
    VehicleRegistry vehicles, HeardVehicles heard, LatestSnapshots latest, StoreAndForward keeper, ReadingStore store, StoreChanges changes, StoreMaintenance maintenance, LoopWatch loops, ILogger<AlertKeeper> log) : BackgroundService
{
    static readonly TimeSpan LoadTimeout = TimeSpan.FromSeconds(5);

    static readonly TimeSpan SaveInterval = TimeSpan.FromMinutes(1);

    /// <summary>Shorter waits are not saved: they restart from zero.</summary>
    static readonly TimeSpan MinSavedWait = TimeSpan.FromMinutes(1);

    static readonly TimeSpan NoteInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Minimum progress of an open alert that is saved. Each save is a row, and an offline fleet has one open alert per vehicle.</summary>
    static readonly TimeSpan JudgedInterval = TimeSpan.FromMinutes(10);

    static readonly TimeSpan RetentionInterval = TimeSpan.FromHours(1);

    readonly Channel<bool> _noteDue = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    readonly Channel<(int VehicleId, int Into)> _merges = Channel.CreateUnbounded<(int, int)>();
    readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly SemaphoreSlim _saving = new(1);
    DateTime _droppedAt;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        rules.Changes.Subscribe(all =>
        {
            sources.SetRules(all.Select(rule => rule.Rule));
            alerts.Follow([.. all.Select(rule => rule.Rule)]);
            SetNoteDue();
        });
        changes.Follow(ChangeKind.Rules, _ => rules.TryLoadAsync());
        alerts.News.Subscribe(_ => SetNoteDue());
        vehicles.Merged += (vehicle, into) => _merges.Writer.TryWrite((vehicle.Id, into.Id));
        if (!keeper.Opened.IsCompleted) RestoreNotes();
        await base.StartAsync(cancellationToken);
        if (keeper.Opened.IsCompleted) await _loaded.Task.WaitAsync(LoadTimeout, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_loaded.Task.IsCompleted && rules.All.Count == 0) RestoreNotes();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await SaveAsync(TimeSpan.Zero);
        notes.Save(rules.All, alerts.Open);
    }

    public override void Dispose()
    {
        _saving.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        loops.RunAsync("the loop that saves alerts", () => SaveUntilStoppedAsync(stoppingToken), stoppingToken),
        loops.RunAsync("the loop that notes alerts", () => NoteUntilStoppedAsync(stoppingToken), stoppingToken),
        loops.RunAsync("the loop by which rules follow merged vehicles", () => FollowUntilStoppedAsync(stoppingToken), stoppingToken));

    async Task SaveUntilStoppedAsync(CancellationToken stoppingToken)
    {
        await keeper.Opened.WaitAsync(stoppingToken);
        var backoff = new Backoff();
        while (!_loaded.Task.IsCompleted && !await TryLoadAsync()) await keeper.WaitForRetryAsync(backoff, stoppingToken);
        _loaded.TrySetResult();
        using var timer = new PeriodicTimer(SaveInterval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await SaveAsync(JudgedInterval);
            await DropOldAsync();
        }
    }

    async Task NoteUntilStoppedAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in _noteDue.Reader.ReadAllAsync(stoppingToken))
        {
            notes.Save(rules.All, alerts.Open);
            await Task.Delay(NoteInterval, stoppingToken); // Limits the rate: the changes of this time are written together.
        }
    }

    async Task FollowUntilStoppedAsync(CancellationToken stoppingToken)
    {
        await foreach (var (vehicleId, into) in _merges.Reader.ReadAllAsync(stoppingToken))
        {
            var backoff = new Backoff();
            while (!await rules.TryFollowAsync(vehicleId, into)) await keeper.WaitForRetryAsync(backoff, stoppingToken);
        }
    }

    void SetNoteDue() => _noteDue.Writer.TryWrite(true);

    void RestoreNotes()
    {
        rules.Restore(notes.ReadRules());
        foreach (var alert in notes.ReadAlerts()) loader.Restore(alert);
        foreach (var saved in notes.ReadClocks()) loader.Restore(saved);
        if (rules.All.Count > 0) Log.Noted(log, rules.All.Count);
    }

    async Task<bool> TryLoadAsync() => await rules.TryLoadAsync() && await loader.TryLoadAsync() is not null;

    async Task SaveAsync(TimeSpan progress)
    {
        await _saving.WaitAsync();
        try
        {
            var states = graphs.All.SelectMany(graph => graph.AlertStates.Watches()).ToList();
            alerts.Refresh(states, progress);
            foreach (var (vehicle, _) in heard.Own) heard.Refresh(latest.Of(vehicle));
            List<AlertClock> waits = [.. states.Where(state => state.Phase == WatchPhase.Waiting && state.Waited >= MinSavedWait && owner.Owns(state.Vehicle)).Select(ClockOf)];
            notes.Save(waits);
            if (_loaded.Task.IsCompleted && owner.IsActive && clocks.IsDue(waits) && await keeper.TryChangeAsync(() => store.ChangeAsync([], transaction => clocks.WriteAsync(transaction, waits, owner.Source)))) clocks.SetWritten(waits);
        }
        finally
        {
            _saving.Release();
        }
    }

    static AlertClock ClockOf(WatchState state) => new()
    {
        RuleId = state.Rule.Id,
        VehicleId = state.Vehicle.Id,
        Since = (state.Since!.Value.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
        Counted = state.Waited.TotalSeconds,
    };

    async Task DropOldAsync()
    {
        // A clock that was set far ahead must not delete the history.
        if (settings.Retention == TimeSpan.Zero || maintenance.TrustedNow is not { } now || now - _droppedAt < RetentionInterval) return;
        if (await keeper.TryChangeAsync(() => store.ChangeAsync([], async transaction =>
        {
            await table.DropBeforeAsync(transaction, now - settings.Retention);
            await told.DropBeforeAsync(transaction, now - settings.Retention);
        })))
        {
            _droppedAt = now;
        }
    }

    static partial class Log
    {
        [LoggerMessage(803, LogLevel.Information, "The store is unavailable: {Rules} rules from the spool are in force")]
        public static partial void Noted(ILogger log, int rules);
    }
}
