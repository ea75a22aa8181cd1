using System.Reactive.Concurrency;
using Telemetry.Core.Alerts;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Alerts;

/// <summary>Alerts of this server. Thread-safe.</summary>
sealed class AlertLog(OpenAlerts alerts, HeldTransitions held, AlertOwner owner, IScheduler clock)
{
    /// <summary>Observers are called one at a time and must neither block nor throw.</summary>
    public IObservable<AlertNews> News => alerts.News;

    public long Fired => alerts.Fired;

    public long Cleared => alerts.Cleared;

    public IReadOnlyList<Alert> Open
    {
        get
        {
            lock (alerts.Gate) return [.. alerts.All.Select(open => open.Alert)];
        }
    }

    public IReadOnlyList<Alert> Newest
    {
        get
        {
            lock (alerts.Gate) return [.. alerts.All.Select(open => open.Alert).Concat(alerts.Ended)];
        }
    }

    public void Record(AlertTransition transition)
    {
        lock (alerts.Gate)
        {
            if (owner.Owns(transition.Vehicle)) Apply(transition);
            else held.Add(transition, clock.Now.UtcDateTime);
        }
    }

    public void Add(Alert given)
    {
        var alert = given with { Server = owner.Server };
        lock (alerts.Gate)
        {
            if (alert.ClearedAt is not null) alerts.AddEnded(alert);
            else if (alerts.Find(AlertKey.Of(alert)) is null) alerts.Begin(alert, null);
        }
    }

    public void EndOwn(int ruleId, DateTime at)
    {
        lock (alerts.Gate)
        {
            if (alerts.Find(new AlertKey(ruleId, null, owner.Server)) is { } open) alerts.End(open.Alert, at, null);
        }
    }

    /// <summary>Applies changed rules: own alerts end if their rule is gone or judges differently; the others take its new name.</summary>
    public void Follow(IReadOnlyList<AlertRule> rules)
    {
        lock (alerts.Gate)
        {
            foreach (var (alert, before) in alerts.All.Where(open => open.Rule is not null && owner.Owns(open.Alert)).ToList())
            {
                var rule = rules.FirstOrDefault(rule => rule.Id == alert.RuleId);
                if (rule == before) continue;
                if (rule is null || !rule.IsEnabled || !rule.JudgesAs(before!) || !rule.AppliesTo(alert.Vehicle!.Id))
                {
                    alerts.End(alert, clock.Now.UtcDateTime, "rule");
                    continue;
                }

                var followed = alert with { Rule = rule.Name, RuleVersion = rule.Version, Severity = rule.Severity };
                var written = alerts.Set(followed, rule);
                if (followed.Rule != alert.Rule || followed.Severity != alert.Severity) alerts.Publish(followed, clock.Now.UtcDateTime, written);
            }
        }
    }

    /// <summary>Updates own alerts to the state of their watches. A later judged time alone is a change only from <paramref name="progress"/> on, because each change is a row to write.</summary>
    public void Refresh(IReadOnlyList<WatchState> states, TimeSpan progress)
    {
        lock (alerts.Gate)
        {
            foreach (var state in states)
            {
                if (alerts.Find(new AlertKey(state.Rule.Id, state.Vehicle, null)) is not { } open || !owner.Owns(open.Alert)) continue;
                var alert = Seen(open.Alert, state);
                if (alert.Peak != open.Alert.Peak || (alert.JudgedAt > open.Alert.JudgedAt && alert.JudgedAt - open.Alert.JudgedAt >= progress)) alerts.Set(alert, open.Rule);
            }
        }
    }

    public static Alert Seen(Alert alert, WatchState state) => alert with { Peak = state.Peak ?? alert.Peak, JudgedAt = state.JudgedAt > alert.JudgedAt ? Alert.Whole(state.JudgedAt.Value) : alert.JudgedAt };

    /// <summary>Changes acknowledgement or snooze; null if no such alert is open.</summary>
    public AlertAnswer? Answer(Guid id, Func<Alert, Alert> change)
    {
        lock (alerts.Gate)
        {
            if (alerts.All.FirstOrDefault(open => open.Alert.Id == id) is not { } open) return null;
            var alert = change(open.Alert) with { Answers = open.Alert.Answers + 1 };
            if (!owner.Owns(alert)) return new AlertAnswer(alert, null);
            var written = alerts.Set(alert, open.Rule);
            alerts.Publish(alert, clock.Now.UtcDateTime, written);
            return new AlertAnswer(alert, written.Durable);
        }
    }

    public void EndSnoozes(DateTime now)
    {
        lock (alerts.Gate)
        {
            foreach (var (alert, rule) in alerts.All.Where(open => open.Alert.SnoozedUntil <= now && owner.Owns(open.Alert)).ToList())
            {
                var awake = alert with { SnoozedUntil = null, Answers = alert.Answers + 1 };
                alerts.Publish(awake, now, alerts.Set(awake, rule));
            }
        }
    }

    public void Renumber(Vehicle vehicle)
    {
        lock (alerts.Gate)
        {
            foreach (var open in alerts.All.Where(open => open.Alert.Vehicle == vehicle)) alerts.Publish(open.Alert, open.Alert.FiredAt);
        }
    }

    /// <summary>Raises or ends an own alert. Called with the lock held.</summary>
    public void Apply(AlertTransition transition)
    {
        var known = alerts.Find(new AlertKey(transition.Rule.Id, transition.Vehicle, null));
        switch (transition.Change)
        {
            case AlertChange.Fired when known is null:
                alerts.Begin(Alert.Of(transition, transition.Rule), transition.Rule);
                break;
            case AlertChange.Cleared or AlertChange.RuleChanged or AlertChange.VehicleMerged when known is not null && Alert.Whole(transition.At) >= known.Alert.FiredAt:
                alerts.End(known.Alert with { Peak = transition.Peak ?? known.Alert.Peak }, transition.At, transition.Change switch
                {
                    AlertChange.RuleChanged => "rule",
                    AlertChange.VehicleMerged => "vehicle",
                    _ => null,
                });
                break;
        }
    }
}
