using System.Reactive.Concurrency;
using System.Reactive.Subjects;
using Telemetry.Api.History;
using Telemetry.Core.Alerts;

namespace Telemetry.Api.Alerts;

/// <summary>An alert that is not over.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="Rule">Its rule, as it judges it; null: none.</param>
sealed record OpenAlert(Alert Alert, AlertRule? Rule);

/// <summary>Alerts that are not over, of this server and of others on the same store, and those that the store has not got yet. Callers hold the lock.</summary>
/// <remarks>Own alerts are stored through the history. Of a transition that two servers see, the store keeps one alert; the other server continues with that one.</remarks>
sealed class OpenAlerts(HistoryQueue history, HistoryStatus status, AlertOwner owner, IScheduler clock) : IDisposable
{
    readonly Dictionary<AlertKey, OpenAlert> _open = [];
    readonly EndedAlerts _ended = new(status);
    readonly Subject<AlertNews> _news = new();
    long _fired;
    long _cleared;

    /// <summary>The lock.</summary>
    public Lock Gate { get; } = new();

    /// <inheritdoc cref="AlertLog.News"/>
    public IObservable<AlertNews> News => _news;

    /// <inheritdoc cref="AlertLog.Fired"/>
    public long Fired => Interlocked.Read(ref _fired);

    /// <inheritdoc cref="AlertLog.Cleared"/>
    public long Cleared => Interlocked.Read(ref _cleared);

    /// <summary>Alerts that are not over.</summary>
    public IReadOnlyCollection<OpenAlert> All => _open.Values;

    /// <summary>Alerts that ended lately.</summary>
    public IEnumerable<Alert> Ended => _ended.All;

    /// <summary>The open alert of a rule and vehicle; null: none.</summary>
    public OpenAlert? Find(AlertKey key) => _open.GetValueOrDefault(key);

    /// <summary>True if an alert has ended here within the last minute.</summary>
    public bool HasEnded(Guid id) => _ended.Contains(id);

    /// <summary>An own alert has fired.</summary>
    public void Begin(Alert alert, AlertRule? rule)
    {
        Interlocked.Increment(ref _fired);
        Publish(alert, alert.FiredAt, Set(alert, rule));
    }

    /// <summary>An own alert is over.</summary>
    public void End(Alert alert, DateTime at, string? by)
    {
        Interlocked.Increment(ref _cleared);
        _open.Remove(AlertKey.Of(alert));
        var over = alert with { ClearedAt = Alert.Whole(at < alert.FiredAt ? alert.FiredAt : at), EndedBy = by, Version = alert.Version + 1 };
        Publish(over, over.ClearedAt!.Value, Keep(over));
    }

    /// <summary>Adds an own alert that is over when it is known.</summary>
    public void AddEnded(Alert alert)
    {
        Interlocked.Increment(ref _fired);
        Interlocked.Increment(ref _cleared);
        Publish(alert, alert.FiredAt, Keep(alert));
    }

    /// <summary>Adds or changes an alert that the store has.</summary>
    public void Put(Alert alert, AlertRule? rule) => _open[AlertKey.Of(alert)] = new OpenAlert(alert, rule);

    /// <summary>Adds or changes an own alert.</summary>
    public AlertDelivery Set(Alert alert, AlertRule? rule)
    {
        _open[AlertKey.Of(alert)] = new OpenAlert(alert, rule);
        return Store(alert);
    }

    /// <summary>An alert is over elsewhere.</summary>
    /// <param name="known">As it was known.</param>
    /// <param name="over">As it is now.</param>
    public void Remove(Alert known, Alert over)
    {
        _open.Remove(AlertKey.Of(known));
        Publish(over, over.ClearedAt!.Value);
    }

    /// <summary>An alert is not to be shown any more: the store does not have it.</summary>
    public void Drop(Alert alert) => Remove(alert, alert with { ClearedAt = Alert.Whole(clock.Now.UtcDateTime), Version = alert.Version + 1 });

    /// <summary>Publishes a change.</summary>
    public void Publish(Alert alert, DateTime at, AlertDelivery? written = null, bool isAdopted = false) =>
        _news.OnNext(new AlertNews(alert, at, written) { IsOwn = owner.Owns(alert), IsAdopted = isAdopted });

    public void Dispose() => _news.Dispose();

    // The store has another alert than the one that was written.
    void Replace(Alert written, Alert stored)
    {
        lock (Gate)
        {
            if (!_open.TryGetValue(AlertKey.Of(written), out var known) || known.Alert.Id != written.Id) return;
            if (stored.Id == written.Id)
            {
                Remove(known.Alert, stored);
                return;
            }

            Drop(known.Alert);
            if (stored.ClearedAt is not null) return;
            Put(stored, known.Rule);
            Publish(stored, stored.FiredAt, isAdopted: true);
        }
    }

    // The store may not have it for some time: until then it is shown from here.
    AlertDelivery Keep(Alert alert)
    {
        var written = Store(alert);
        _ended.Add(alert, written);
        return written;
    }

    AlertDelivery Store(Alert alert)
    {
        var written = new AlertDelivery(stored => Replace(alert, stored));
        history.AddAlert(alert, written);
        return written;
    }
}
