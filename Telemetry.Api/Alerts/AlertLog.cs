using System.Reactive.Concurrency;
using System.Reactive.Subjects;
using Telemetry.Api.History;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Alerts;

/// <summary>A change of an alert that clients are told.</summary>
/// <param name="Alert">The alert after it.</param>
/// <param name="At">When, UTC.</param>
sealed record AlertNews(Alert Alert, DateTime At);

/// <summary>Alerts that are not over, and those that the store has not got yet. Everything goes to the store through the history. Thread-safe.</summary>
sealed class AlertLog(HistoryQueue history, HistoryStatus status, AlertsSettings settings, IScheduler clock) : IDisposable
{
    /// <summary>Alerts that are over, kept while the store is away.</summary>
    const int MaxRecent = 1000;

    readonly Lock _gate = new();
    readonly Dictionary<(int RuleId, Vehicle? Vehicle), OpenAlert> _open = [];
    readonly Dictionary<Guid, Kept> _recent = [];
    readonly Subject<AlertNews> _news = new();
    long _fired;
    long _cleared;

    /// <summary>Each change. Observers are called one at a time and must neither block nor throw.</summary>
    public IObservable<AlertNews> News => _news;

    /// <summary>Alerts that have fired since the start.</summary>
    public long Fired => Interlocked.Read(ref _fired);

    /// <summary>Alerts that have ended since the start.</summary>
    public long Cleared => Interlocked.Read(ref _cleared);

    /// <summary>Alerts that are not over.</summary>
    public IReadOnlyList<Alert> Open
    {
        get
        {
            lock (_gate) return [.. _open.Values.Select(open => open.Alert)];
        }
    }

    /// <summary>Alerts that are not over, and those that ended lately, which the store may not have yet.</summary>
    public IReadOnlyList<Alert> Newest
    {
        get
        {
            lock (_gate) return [.. _open.Values.Select(open => open.Alert).Concat(_recent.Values.Select(kept => kept.Alert))];
        }
    }

    /// <summary>Takes in what a live graph has found.</summary>
    public void Record(AlertTransition transition)
    {
        lock (_gate)
        {
            switch (transition.Change)
            {
                case AlertChange.Fired when !_open.ContainsKey((transition.Rule.Id, transition.Vehicle)):
                    Begin(Alert.Of(transition, transition.Rule), transition.Rule);
                    break;
                case AlertChange.Cleared or AlertChange.RuleChanged or AlertChange.VehicleMerged when _open.TryGetValue((transition.Rule.Id, transition.Vehicle), out var open):
                    End(open.Alert with { Peak = transition.Peak ?? open.Alert.Peak }, transition.At, transition.Change switch
                    {
                        AlertChange.RuleChanged => "rule",
                        AlertChange.VehicleMerged => "vehicle",
                        _ => null,
                    });
                    break;
            }
        }
    }

    /// <summary>Takes in an alert of the server itself.</summary>
    public void Add(Alert alert)
    {
        lock (_gate)
        {
            if (alert.ClearedAt is null && !_open.ContainsKey((alert.RuleId, alert.Vehicle))) Begin(alert, null);
            if (alert.ClearedAt is null) return;
            Interlocked.Increment(ref _fired);
            Interlocked.Increment(ref _cleared);
            Keep(alert);
            _news.OnNext(new AlertNews(alert, alert.FiredAt));
        }
    }

    /// <summary>Ends an alert of the server itself, where there is one.</summary>
    public void EndOwn(int ruleId, DateTime at)
    {
        lock (_gate)
        {
            if (_open.TryGetValue((ruleId, null), out var open)) End(open.Alert, at, null);
        }
    }

    /// <summary>Goes on with an alert of an earlier run. One whose rule or channel is gone, or is another one now, ends.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="rule">Its rule, as it was when it fired; null: there is none.</param>
    public void Restore(Alert alert, AlertRule? rule)
    {
        lock (_gate)
        {
            if (!_open.TryAdd((alert.RuleId, alert.Vehicle), new OpenAlert(alert, rule))) return;
            if (rule is null && (alert.RuleId > 0 || settings.IsOfRemovedChannel(alert.RuleId))) End(alert, clock.Now.UtcDateTime, "rule");
            else _news.OnNext(new AlertNews(alert, alert.FiredAt));
        }
    }

    /// <summary>The rules are others now: alerts of those that are gone, or judge otherwise, end; the others have the rule's new name.</summary>
    public void Follow(IReadOnlyList<AlertRule> rules)
    {
        lock (_gate)
        {
            foreach (var (alert, before) in _open.Values.Where(open => open.Rule is not null).ToList())
            {
                var rule = rules.FirstOrDefault(rule => rule.Id == alert.RuleId);
                if (rule == before) continue;
                if (rule is null || !rule.IsEnabled || !rule.JudgesAs(before!) || !rule.AppliesTo(alert.Vehicle!.Id))
                {
                    End(alert, clock.Now.UtcDateTime, "rule");
                    continue;
                }

                Set(alert with { Rule = rule.Name, RuleVersion = rule.Version, Severity = rule.Severity }, rule);
            }
        }
    }

    /// <summary>Takes over how far open alerts have got, where that has changed.</summary>
    /// <param name="states">The watches.</param>
    /// <param name="progress">A later time of judgement alone counts from this difference on: each change is a row to write.</param>
    public void Refresh(IReadOnlyList<WatchState> states, TimeSpan progress)
    {
        lock (_gate)
        {
            foreach (var state in states)
            {
                if (!_open.TryGetValue((state.Rule.Id, state.Vehicle), out var open)) continue;
                var alert = Seen(open.Alert, state);
                if (alert.Peak != open.Alert.Peak || (alert.JudgedAt > open.Alert.JudgedAt && alert.JudgedAt - open.Alert.JudgedAt >= progress)) Set(alert, open.Rule);
            }
        }
    }

    /// <summary>An alert as it is now.</summary>
    public static Alert Seen(Alert alert, WatchState state) => alert with { Peak = state.Peak ?? alert.Peak, JudgedAt = state.JudgedAt > alert.JudgedAt ? Alert.Whole(state.JudgedAt.Value) : alert.JudgedAt };

    /// <summary>Changes an open alert.</summary>
    /// <param name="id">The alert.</param>
    /// <param name="change">Gives it as it is to be.</param>
    /// <returns>Done when that is durable; null where no such alert is open.</returns>
    public Task<Alert>? Change(Guid id, Func<Alert, Alert> change)
    {
        lock (_gate)
        {
            if (_open.Values.FirstOrDefault(open => open.Alert.Id == id) is not { } open) return null;
            var alert = change(open.Alert);
            var durable = Set(alert, open.Rule);
            _news.OnNext(new AlertNews(alert, clock.Now.UtcDateTime));
            return WaitAsync(durable, alert);
        }
    }

    /// <summary>Ends the silence of alerts whose time for it is over.</summary>
    public void EndSnoozes(DateTime now)
    {
        lock (_gate)
        {
            foreach (var (alert, rule) in _open.Values.Where(open => open.Alert.SnoozedUntil <= now).ToList())
            {
                var awake = alert with { SnoozedUntil = null };
                Set(awake, rule);
                _news.OnNext(new AlertNews(awake, now));
            }
        }
    }

    /// <summary>The id of a vehicle is another one: its alerts are told anew.</summary>
    public void Renumber(Vehicle vehicle)
    {
        lock (_gate)
        {
            foreach (var open in _open.Values.Where(open => open.Alert.Vehicle == vehicle)) _news.OnNext(new AlertNews(open.Alert, open.Alert.FiredAt));
        }
    }

    public void Dispose() => _news.Dispose();

    static async Task<Alert> WaitAsync(Task durable, Alert alert)
    {
        await durable;
        return alert;
    }

    void Begin(Alert alert, AlertRule? rule)
    {
        Interlocked.Increment(ref _fired);
        Set(alert, rule);
        _news.OnNext(new AlertNews(alert, alert.FiredAt));
    }

    void End(Alert alert, DateTime at, string? by)
    {
        Interlocked.Increment(ref _cleared);
        _open.Remove((alert.RuleId, alert.Vehicle));
        var over = alert with { ClearedAt = Alert.Whole(at < alert.FiredAt ? alert.FiredAt : at), EndedBy = by, Version = alert.Version + 1 };
        Keep(over);
        _news.OnNext(new AlertNews(over, over.ClearedAt!.Value));
    }

    Task Set(Alert alert, AlertRule? rule)
    {
        _open[(alert.RuleId, alert.Vehicle)] = new OpenAlert(alert, rule);
        var saved = new AlertDelivery();
        history.AddAlert(alert, saved);
        return saved.Durable;
    }

    // The store may not have it for some time: until then it is shown from here.
    void Keep(Alert alert)
    {
        if (_recent.Count >= MaxRecent || status.IsDirect)
            foreach (var (id, kept) in _recent.Where(pair => pair.Value.Delivery.Durable.IsCompleted && (status.IsDirect || pair.Value.Alert.FiredAt < alert.FiredAt)).ToList()) _recent.Remove(id);
        var delivery = new AlertDelivery();
        _recent[alert.Id] = new Kept(alert, delivery);
        history.AddAlert(alert, delivery);
    }

    sealed record OpenAlert(Alert Alert, AlertRule? Rule);

    sealed record Kept(Alert Alert, AlertDelivery Delivery);
}

/// <summary>Tells when an alert is durable.</summary>
sealed class AlertDelivery : Delivery
{
    readonly TaskCompletionSource _durable = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when the alert is durable.</summary>
    public Task Durable => _durable.Task;

    public override Task AcknowledgeAsync()
    {
        _durable.TrySetResult();
        return Task.CompletedTask;
    }
}
