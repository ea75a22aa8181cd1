using System.Reactive.Concurrency;
using Telemetry.Core.Alerts;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Alerts;

/// <summary>Alerts of an earlier run and of other servers on the same store: shown here, and continued when this server takes over. Thread-safe.</summary>
sealed class AlertHandover(OpenAlerts alerts, HeldTransitions held, AlertLog log, AlertsSettings settings, AlertOwner owner, IScheduler clock)
{
    // Between the timestamp of a message and the time of the alert that it fired.
    static readonly TimeSpan MaxJitter = TimeSpan.FromSeconds(1);

    /// <summary>Continues with a stored alert. <paramref name="rule"/> is null if the rule is gone or has changed since: then an own alert ends.</summary>
    public void Restore(Alert alert, AlertRule? rule)
    {
        lock (alerts.Gate)
        {
            if (alert.ClearedAt is not null || alerts.HasEnded(alert.Id)) return;
            if (alerts.Find(AlertKey.Of(alert)) is { } known)
            {
                if (known.Alert.Id == alert.Id)
                {
                    Update(known, alert);
                    return;
                }

                alerts.Drop(known.Alert);
            }

            alerts.Put(alert, rule);
            if (owner.Owns(alert) && rule is null && (alert.RuleId > 0 || settings.IsOfRemovedChannel(alert.RuleId))) alerts.End(alert, clock.Now.UtcDateTime, "rule");
            else alerts.Publish(alert, alert.FiredAt, isAdopted: true);
        }
    }

    /// <summary>Takes over a change that this or another server made in the store. <paramref name="rule"/> is as in <see cref="Restore"/>.</summary>
    public void Sync(Alert stored, AlertRule? rule)
    {
        lock (alerts.Gate)
        {
            // The vehicle of an ended alert may have been merged since, and then its key is another one.
            var known = alerts.Find(AlertKey.Of(stored)) ?? (stored.ClearedAt is null ? null : alerts.All.FirstOrDefault(open => open.Alert.Id == stored.Id));
            if (known?.Alert.Id == stored.Id)
            {
                if (stored.ClearedAt is null) Update(known, stored);
                else alerts.Remove(known.Alert, stored);
            }
            else if (stored.ClearedAt is null && !owner.Owns(stored))
            {
                Restore(stored, rule); // An own one that is not known here is on its way to the store with its end.
            }
        }
    }

    /// <summary>Takes over the vehicles of a stopped server after its open alerts were restored. The notifications of the <paramref name="over"/> ones may not have been sent.</summary>
    public void TakeOver(IEnumerable<Alert> over)
    {
        lock (alerts.Gate)
        {
            owner.Activate();
            foreach (var alert in alerts.All.Select(open => open.Alert).Concat(over).Where(owner.Owns).ToList()) alerts.Publish(alert, alert.ClearedAt ?? alert.FiredAt, isAdopted: true);
            foreach (var transition in held.TakeAll(clock.Now.UtcDateTime)) log.Apply(transition);
        }
    }

    /// <summary>Takes over a vehicle that was not heard before, or from another source, and returns its open alerts. Alerts fired since <paramref name="heardAt"/> (UTC) are this server's.</summary>
    public IReadOnlyList<Alert> Claim(Vehicle vehicle, DateTime heardAt)
    {
        lock (alerts.Gate)
        {
            if (!owner.IsActive) return [];
            List<Alert> open = [.. alerts.All.Select(open => open.Alert).Where(alert => alert.Vehicle == vehicle)];
            foreach (var alert in open) alerts.Publish(alert, alert.FiredAt, isAdopted: true);
            foreach (var transition in held.TakeFired(vehicle, heardAt - MaxJitter)) log.Apply(transition);
            return open;
        }
    }

    /// <summary>Another server owns the alerts now: those that it has not stored are dropped.</summary>
    public void StandBy(IReadOnlySet<Guid> stored)
    {
        lock (alerts.Gate)
        {
            foreach (var open in alerts.All.Where(open => open.Alert.Vehicle is not null && !stored.Contains(open.Alert.Id)).ToList()) alerts.Drop(open.Alert);
        }
    }

    public void DropGone()
    {
        lock (alerts.Gate)
        {
            foreach (var open in alerts.All.Where(open => open.Alert.Vehicle is { IsDeleted: true }).ToList()) alerts.Drop(open.Alert);
        }
    }

    // Other servers change only the acknowledgement and the snooze of an own alert.
    void Update(OpenAlert known, Alert stored)
    {
        var alert = known.Alert;
        var newest = stored.Answers > alert.Answers ? stored : alert;
        var updated = (owner.Owns(alert) ? alert : stored) with
        {
            AckedAt = newest.AckedAt,
            AckedBy = newest.AckedBy,
            Note = newest.Note,
            SnoozedUntil = newest.SnoozedUntil,
            Answers = newest.Answers,
        };
        if (updated == alert) return;
        alerts.Put(updated, known.Rule);
        alerts.Publish(updated, clock.Now.UtcDateTime);
    }
}
