using System.Reactive.Concurrency;
using System.Reactive.Subjects;
using Telemetry.Api.History;
using Telemetry.Core.Alerts;

namespace Telemetry.Api.Alerts;

/// <summary>An open alert, and its rule as it judges the alert; null: none.</summary>
sealed record OpenAlert(Alert Alert, AlertRule? Rule);

/// <summary>Open alerts of this server and of others on the store, and ended ones that are not stored yet. Callers hold <see cref="Gate"/>.</summary>
/// <remarks>Own alerts are stored through the history. If two servers see the same transition, the store keeps one alert, and the other server continues with that one.</remarks>
sealed class OpenAlerts(HistoryQueue history, HistoryStatus status, AlertOwner owner, IScheduler clock) : IDisposable
{
    readonly Dictionary<AlertKey, OpenAlert> _open = [];
    readonly EndedAlerts _ended = new(status);
    readonly Subject<AlertNews> _news = new();
    long _fired;
    long _cleared;

    public Lock Gate { get; } = new();

    public IObservable<AlertNews> News => _news;

    public long Fired => Interlocked.Read(ref _fired);

    public long Cleared => Interlocked.Read(ref _cleared);

    public IReadOnlyCollection<OpenAlert> All => _open.Values;

    public IEnumerable<Alert> Ended => _ended.All;

    public OpenAlert? Find(AlertKey key) => _open.GetValueOrDefault(key);

    public bool HasEnded(Guid id) => _ended.Contains(id);

    public void Begin(Alert alert, AlertRule? rule)
    {
        Interlocked.Increment(ref _fired);
        Publish(alert, alert.FiredAt, Set(alert, rule));
    }

    public void End(Alert alert, DateTime at, string? by)
    {
        Interlocked.Increment(ref _cleared);
        _open.Remove(AlertKey.Of(alert));
        var over = alert with { ClearedAt = Alert.Whole(at < alert.FiredAt ? alert.FiredAt : at), EndedBy = by, Version = alert.Version + 1 };
        Publish(over, over.ClearedAt!.Value, Keep(over));
    }

    public void AddEnded(Alert alert)
    {
        Interlocked.Increment(ref _fired);
        Interlocked.Increment(ref _cleared);
        Publish(alert, alert.FiredAt, Keep(alert));
    }

    /// <summary>Adds or changes an alert that the store has.</summary>
    public void Put(Alert alert, AlertRule? rule) => _open[AlertKey.Of(alert)] = new OpenAlert(alert, rule);

    /// <summary>Adds or changes an own alert.</summary>
    public AlertWrite Set(Alert alert, AlertRule? rule)
    {
        _open[AlertKey.Of(alert)] = new OpenAlert(alert, rule);
        return Store(alert);
    }

    public void Remove(Alert known, Alert over)
    {
        _open.Remove(AlertKey.Of(known));
        Publish(over, over.ClearedAt!.Value);
    }

    public void Drop(Alert alert) => Remove(alert, alert with { ClearedAt = Alert.Whole(clock.Now.UtcDateTime), Version = alert.Version + 1 });

    public void Publish(Alert alert, DateTime at, AlertWrite? written = null, bool isAdopted = false) =>
        _news.OnNext(new AlertNews(alert, at, written) { IsOwn = owner.Owns(alert), IsAdopted = isAdopted });

    public void Dispose() => _news.Dispose();

    // The store kept another alert instead of the written one.
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
    AlertWrite Keep(Alert alert)
    {
        var written = Store(alert);
        _ended.Add(alert, written);
        return written;
    }

    AlertWrite Store(Alert alert)
    {
        var written = new AlertWrite(stored => Replace(alert, stored));
        history.AddAlert(alert, written);
        return written;
    }
}
