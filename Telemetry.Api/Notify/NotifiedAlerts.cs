using Telemetry.Api.Alerts;
using Telemetry.Api.History;
using Telemetry.Api.Http;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;
using Telemetry.Core.Live;
using Telemetry.Core.Notifications;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Notify;

/// <summary>Current alerts of the channels, and each channel's delivery progress. Thread-safe.</summary>
sealed class NotifiedAlerts(Channels channels, AlertRules rules, AlertOwner owner, HeardVehicles heard, Pacing pacing, LiveGraphs graphs, DeliveryStore store, SharedDeliveries shared)
{
    // Ended alerts are kept so that their end can be sent, for rules with a cooldown, and for GET /alerts.
    static readonly TimeSpan MaxAge = TimeSpan.FromDays(31);
    const int MaxOver = 10_000;

    // Sleeping vehicles send seldom; rules are judged in between.
    static readonly TimeSpan JudgedAge = TimeSpan.FromMinutes(1);

    static readonly NotifyStep[] AtOnce = [new([], TimeSpan.Zero, TimeSpan.Zero)];

    readonly Lock _gate = new();
    readonly Dictionary<Guid, Alert> _alerts = [];
    readonly Dictionary<(Guid Alert, string Channel), DeliveryRow> _deliveries = [];
    readonly HashSet<Guid> _muted = [];

    public void Restore()
    {
        var alerts = store.ReadAlerts();
        var deliveries = store.ReadDeliveries();
        foreach (var alert in alerts)
            if (alert.Vehicle is { } vehicle) heard.Assume(vehicle, alert.JudgedAt, pacing.Presence.OfflineAfterOf(vehicle));
        lock (_gate)
        {
            foreach (var alert in alerts) _alerts.TryAdd(alert.Id, alert);
            foreach (var delivery in deliveries) _deliveries.TryAdd((delivery.AlertId, delivery.Channel), delivery);
        }
    }

    public IReadOnlyList<Alert> Open
    {
        get
        {
            lock (_gate) return [.. _alerts.Values.Where(alert => alert.ClearedAt is null)];
        }
    }

    public bool IsNew(Guid id)
    {
        lock (_gate) return !_alerts.ContainsKey(id) && !_muted.Contains(id);
    }

    public void Mute(Guid id)
    {
        lock (_gate) _muted.Add(id);
        shared.AddMuted(id);
    }

    /// <summary>The alert of the same rule and vehicle before this one, apart from muted ones; null: none.</summary>
    public Alert? Before(Alert alert)
    {
        lock (_gate) return _alerts.Values.Where(other => other.RuleId == alert.RuleId && other.Vehicle?.Current == alert.Vehicle?.Current && other.FiredAt < alert.FiredAt).MaxBy(other => other.FiredAt);
    }

    /// <summary>Adds alerts or changes; they are in the spool on return.</summary>
    public void Take(IReadOnlyList<Alert> changed)
    {
        if (channels.All.Count == 0) return;
        var (alerts, deliveries) = (new List<Alert>(), new List<DeliveryRow>());
        lock (_gate)
        {
            foreach (var newest in changed.Where(alert => !_muted.Contains(alert.Id)))
            {
                // Alerts lose a snooze that is over, but messages are still to mention it.
                var alert = newest.SnoozedUntil is null && _alerts.GetValueOrDefault(newest.Id)?.SnoozedUntil is { } until ? newest with { SnoozedUntil = until } : newest;
                // It ended before this server loaded it: the server that raised it has sent its end.
                if (!_alerts.ContainsKey(alert.Id) && alert.ClearedAt is not null && alert.RuleId > 0) continue;
                _alerts[alert.Id] = alert;
                alerts.Add(alert);
                foreach (var channel in channels.All.Where(channel => StepsOf(alert, RuleOf(alert), channel.Name).Length > 0 && !_deliveries.ContainsKey((alert.Id, channel.Name))))
                    deliveries.Add(_deliveries[(alert.Id, channel.Name)] = new DeliveryRow(alert.Id, channel.Name, DeliveryCursor.None, IsGivenUp: false, Error: null));
            }
        }

        store.Save(alerts, deliveries);
        foreach (var delivery in deliveries) shared.Add(delivery);
    }

    /// <summary>Adds alerts of another server or an earlier run, with the delivery progress known in the store.</summary>
    public void Adopt(IReadOnlyList<Alert> adopted, ILookup<Guid, ToldAlert> told)
    {
        if (channels.All.Count == 0) return;
        var (alerts, deliveries) = (new List<Alert>(), new List<DeliveryRow>());
        lock (_gate)
        {
            foreach (var alert in adopted.Where(alert => !_muted.Contains(alert.Id)))
            {
                if (told[alert.Id].Any(row => row.Channel == ""))
                {
                    _muted.Add(alert.Id);
                    continue;
                }

                if (!(_alerts.GetValueOrDefault(alert.Id)?.Version > alert.Version)) _alerts[alert.Id] = alert;
                alerts.Add(_alerts[alert.Id]);
                foreach (var channel in channels.All) Adopt(alert, channel, told[alert.Id].FirstOrDefault(row => row.Channel == channel.Name), deliveries);
            }
        }

        store.Save(alerts, []);
        store.SaveAll(deliveries);
    }

    // A channel that mirrors states gets them again: it only knows those of this server.
    void Adopt(Alert alert, Channel channel, ToldAlert? told, List<DeliveryRow> deliveries)
    {
        var known = _deliveries.GetValueOrDefault((alert.Id, channel.Name));
        var cursor = told is null || channel.Timing.IsMirror ? DeliveryCursor.None : new DeliveryCursor(told.SentVersion, told.SentAt, told.Reminders);
        if (known is not null && (known.Cursor.SentVersion > cursor.SentVersion || known.Cursor == cursor)) return;
        if (known is null && told is null && StepsOf(alert, RuleOf(alert), channel.Name).Length == 0) return;
        deliveries.Add(_deliveries[(alert.Id, channel.Name)] = new DeliveryRow(alert.Id, channel.Name, cursor, told?.IsGivenUp == true, told?.Error));
    }

    public IReadOnlyList<ChannelAlert> Of(string channel, DateTime now)
    {
        List<ChannelAlert> found = [];
        lock (_gate)
        {
            foreach (var alert in _alerts.Values.Where(owner.Owns))
            {
                var delivery = _deliveries.GetValueOrDefault((alert.Id, channel));
                if (alert.ClearedAt is not null && (delivery is null || delivery.Cursor.SentVersion >= alert.Version)) continue;
                var rule = RuleOf(alert);
                var steps = StepsOf(alert, rule, channel);
                if (steps.Length == 0 && delivery is null) continue;
                found.Add(new ChannelAlert(alert, rule, steps, IsJudged: true, delivery?.Cursor ?? DeliveryCursor.None));
            }
        }

        return found.Exists(alert => alert.Alert.ClearedAt is null && alert.Rule is not null) ? WithStates(found, now) : found;
    }

    public DateTime? SentAt(string channel)
    {
        lock (_gate) return _deliveries.Values.Where(delivery => delivery.Channel == channel).Max(delivery => delivery.Cursor.SentAt);
    }

    public IReadOnlyList<DeliveryView> Deliveries(Guid alert)
    {
        lock (_gate)
        {
            return [.. channels.All.Select(channel => _deliveries.GetValueOrDefault((alert, channel.Name))).OfType<DeliveryRow>().Select(row =>
                new DeliveryView(row.Channel, row.Cursor.SentVersion, row.Cursor.SentAt is { } at ? Timestamps.Text(at) : null, row.Cursor.Reminders, row.IsGivenUp, row.Error))];
        }
    }

    public void Finish(string channel, IReadOnlyList<OutgoingPart> parts, DateTime at, string? error)
    {
        List<DeliveryRow> changed = [];
        lock (_gate)
        {
            foreach (var part in parts)
            {
                var before = _deliveries.GetValueOrDefault((part.AlertId, channel))?.Cursor ?? DeliveryCursor.None;
                var cursor = new DeliveryCursor(Math.Max(before.SentVersion, part.Version), at, Math.Max(before.Reminders, part.Reminder));
                changed.Add(_deliveries[(part.AlertId, channel)] = new DeliveryRow(part.AlertId, channel, cursor, error is not null, error));
            }
        }

        store.Finish(channel, changed);
        foreach (var delivery in changed) shared.Add(delivery);
    }

    public void Prune(DateTime now)
    {
        List<Guid> old, deleted;
        lock (_gate)
        {
            old = [.. _alerts.Values.Where(alert => alert.ClearedAt is not null).OrderByDescending(alert => alert.Id).SkipWhile((alert, place) => place < MaxOver && now - alert.ClearedAt < MaxAge).Select(alert => alert.Id)];
            foreach (var id in old) _alerts.Remove(id);
            // One may have been saved while its vehicle was being deleted.
            deleted = [.. _alerts.Values.Where(alert => alert.Vehicle?.Current.IsDeleted == true).Select(alert => alert.Id)];
            foreach (var id in _muted.OrderDescending().Skip(MaxOver).ToList()) _muted.Remove(id);
            foreach (var key in _deliveries.Keys.Where(key => !_alerts.ContainsKey(key.Alert)).ToList()) _deliveries.Remove(key);
        }

        if (old.Count + deleted.Count > 0) store.Remove(old.Concat(deleted));
    }

    // A reminder waits until the alert was judged, and a message shows the worst value until now.
    List<ChannelAlert> WithStates(List<ChannelAlert> alerts, DateTime now)
    {
        var states = new Dictionary<(int, Vehicle), WatchState>();
        foreach (var state in graphs.All.SelectMany(graph => graph.AlertStates.Watches())) states[(state.Rule.Id, state.Vehicle)] = state;
        return alerts.ConvertAll(of =>
        {
            if (of.Rule is null || of.Alert.Vehicle is null || of.Alert.ClearedAt is not null) return of;
            if (!states.TryGetValue((of.Rule.Id, of.Alert.Vehicle), out var state)) return of with { IsJudged = of.Rule.IsAboutState };
            return of with { Alert = AlertLog.Seen(of.Alert, state), IsJudged = of.Rule.IsAboutState || now - state.JudgedAt < JudgedAge };
        });
    }

    AlertRule? RuleOf(Alert alert) => alert.RuleId > 0 ? rules.Find(alert.RuleId)?.Rule : null;

    // Alerts of the server itself go to every channel except the one that they are about.
    static NotifyStep[] StepsOf(Alert alert, AlertRule? rule, string channel) => alert.RuleId <= 0
        ? alert.RuleId == ServerRules.OfChannel(channel) ? [] : AtOnce
        : rule is null ? [] : [.. rule.Notify.Where(step => step.To.Contains(channel))];
}
