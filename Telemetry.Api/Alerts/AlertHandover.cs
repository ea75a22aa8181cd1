using System.Reactive.Concurrency;
using Telemetry.Core.Alerts;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Alerts;

/// <summary>Alerts of an earlier run and of other servers on the same store: shown here, and continued when it is this server's turn. Thread-safe.</summary>
sealed class AlertHandover(OpenAlerts alerts, HeldTransitions held, AlertLog log, AlertsSettings settings, AlertOwner owner, IScheduler clock)
{
    // Of the dates of a message and of what it has fired.
    static readonly TimeSpan MaxJitter = TimeSpan.FromSeconds(1);

    /// <summary>Continues with an alert of an earlier run, or of another server. An own one whose rule or channel is gone, or is another one now, ends.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="rule">Its rule, as it was when it fired; null: there is none.</param>
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

    /// <summary>Takes in an alert that has been changed in the store, by this server or another one.</summary>
    /// <param name="stored">The alert.</param>
    /// <param name="rule">Its rule, as it was when it fired; null: there is none.</param>
    public void Sync(Alert stored, AlertRule? rule)
    {
        lock (alerts.Gate)
        {
            // The vehicle of one that is over may have been merged since.
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

    /// <summary>Continues with the vehicles of a server that is gone, after its open alerts were restored.</summary>
    /// <param name="over">Alerts that ended recently; their notifications may not have been sent.</param>
    public void TakeOver(IEnumerable<Alert> over)
    {
        lock (alerts.Gate)
        {
            owner.Activate();
            foreach (var alert in alerts.All.Select(open => open.Alert).Concat(over).Where(owner.Owns).ToList()) alerts.Publish(alert, alert.ClearedAt ?? alert.FiredAt, isAdopted: true);
            foreach (var transition in held.TakeAll(clock.Now.UtcDateTime)) log.Apply(transition);
        }
    }

    /// <summary>Continues with a vehicle that was not heard before, or by another source.</summary>
    /// <param name="vehicle">The vehicle.</param>
    /// <param name="heardAt">Its message, UTC: what it has fired is of this server.</param>
    /// <returns>Its open alerts.</returns>
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

    /// <summary>Another server continues: what it has not stored is not open any more.</summary>
    /// <param name="stored">Ids of the open alerts in the store.</param>
    public void StandBy(IReadOnlySet<Guid> stored)
    {
        lock (alerts.Gate)
        {
            foreach (var open in alerts.All.Where(open => open.Alert.Vehicle is not null && !stored.Contains(open.Alert.Id)).ToList()) alerts.Drop(open.Alert);
        }
    }

    /// <summary>Alerts of deleted vehicles are not open any more.</summary>
    public void DropGone()
    {
        lock (alerts.Gate)
        {
            foreach (var open in alerts.All.Where(open => open.Alert.Vehicle is { IsDeleted: true }).ToList()) alerts.Drop(open.Alert);
        }
    }

    // Of an own alert, others change acknowledgement and snooze alone.
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
