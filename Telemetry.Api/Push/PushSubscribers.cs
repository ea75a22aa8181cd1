using System.Data.Common;
using System.Text.Json;
using Telemetry.Api.Access;
using Telemetry.Api.History;
using Telemetry.Api.Store;

namespace Telemetry.Api.Push;

/// <summary>Browsers that alerts are sent to, as in the store, which other servers change too. The spool has a copy for the time when the store is unavailable. Thread-safe.</summary>
sealed class PushSubscribers : IDisposable
{
    public const int MaxOfSubject = 20;

    const string Note = "push_subscriptions";
    const string RemovedNote = "push_removed";

    readonly PushTable _table;
    readonly PushRights _rights;
    readonly ReadingStore _store;
    readonly StoreAndForward _keeper;
    readonly LongReads _reads;
    readonly SpoolNotes _notes;
    readonly TimeProvider _clock;
    readonly Logouts _logouts;
    readonly Lock _gate = new();

    // Not removed from the store yet: it may be unavailable.
    readonly HashSet<string> _removed = [];
    IReadOnlyList<PushSubscriber> _all = [];

    public PushSubscribers(PushTable table, PushRights rights, ReadingStore store, StoreAndForward keeper, LongReads reads, Spool spool, TimeProvider clock, Logouts logouts)
    {
        (_table, _rights, _store, _keeper, _reads, _notes, _clock, _logouts) = (table, rights, store, keeper, reads, new SpoolNotes(spool), clock, logouts);
        logouts.LoggedOut += EndLogin;
    }

    public IReadOnlyList<PushSubscriber> Valid
    {
        get
        {
            var now = Now;
            lock (_gate) return [.. _all.Where(subscriber => _rights.IsValid(subscriber, now) && !_removed.Contains(subscriber.Endpoint))];
        }
    }

    DateTime Now => _clock.GetUtcNow().UtcDateTime;

    public void Restore()
    {
        try
        {
            if (_notes.Find(RemovedNote) is { } removed)
                lock (_gate) _removed.UnionWith(removed.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            if (_notes.Find(Note) is { } noted) Set(JsonSerializer.Deserialize(noted, PushJson.Default.IReadOnlyListPushSubscriber)!);
        }
        catch (Exception error) when (error is DbException or JsonException)
        {
            // The spool cannot be read; the subscribers come from the store.
        }
    }

    /// <summary>Loads the subscribers and removes those that have ended; false while the store is unavailable.</summary>
    public async Task<bool> TryRefreshAsync(CancellationToken cancelled)
    {
        try
        {
            Set(await _reads.ReadAsync(connection => _table.ReadAsync(connection), cancelled));
        }
        catch (Exception error) when (error is DbException or TimeoutException)
        {
            return false;
        }

        var now = Now;
        List<string> ended;
        lock (_gate) ended = [.. _removed.Concat(_all.Where(subscriber => !_rights.IsValid(subscriber, now)).Select(subscriber => subscriber.Endpoint)).Distinct()];
        return ended.Count == 0 || await ChangeAsync(transaction => PushTable.RemoveAsync(transaction, ended), [.. ended]);
    }

    /// <summary>Adds or replaces a browser. <c>IsNew</c> is true if it was not known.</summary>
    public async Task<(SubscribeResult Result, bool IsNew)> SaveAsync(PushSubscriber subscriber)
    {
        var (result, isNew, now) = (SubscribeResult.Saved, false, Now);
        var isDone = await ChangeAsync(async transaction =>
        {
            var all = await _table.ReadAsync(transaction.Connection!, transaction);
            isNew = all.All(other => other.Endpoint != subscriber.Endpoint);
            if (all.Count(other => other.Endpoint != subscriber.Endpoint && other.Subject == subscriber.Subject && _rights.IsValid(other, now)) >= MaxOfSubject) result = SubscribeResult.TooMany;
            else await _table.SaveAsync(transaction, subscriber);
        }, [], saved: subscriber.Endpoint);
        return (isDone ? result : SubscribeResult.StoreAway, isNew);
    }

    /// <summary>They are sent nothing from now on, even if the store is unavailable.</summary>
    public async Task RemoveAsync(IReadOnlyCollection<string> endpoints)
    {
        // Only known subscribers are remembered for a later removal; the others are removed from the store at once, if it is available.
        lock (_gate) _removed.UnionWith(_all.Select(subscriber => subscriber.Endpoint).Where(endpoints.Contains));
        NoteRemoved();
        await ChangeAsync(transaction => PushTable.RemoveAsync(transaction, endpoints), endpoints);
    }

    public void Dispose() => _logouts.LoggedOut -= EndLogin;

    // The next refresh removes them from the store.
    void EndLogin(string login)
    {
        var hash = PushRights.HashOf(login);
        lock (_gate) _removed.UnionWith(_all.Where(subscriber => subscriber.Login == hash).Select(subscriber => subscriber.Endpoint));
        NoteRemoved();
    }

    async Task<bool> ChangeAsync(Func<DbTransaction, Task> change, IReadOnlyCollection<string> removed, string? saved = null)
    {
        IReadOnlyList<PushSubscriber> all = [];
        var isDone = await _keeper.TryChangeAsync(() => _store.ChangeAsync([], async transaction =>
        {
            await change(transaction);
            all = await _table.ReadAsync(transaction.Connection!, transaction);
        }));
        if (!isDone) return false;
        lock (_gate)
        {
            _removed.ExceptWith(removed);
            if (saved is not null) _removed.Remove(saved);
        }

        NoteRemoved();
        Set(all);
        return true;
    }

    // Keeps a restart from restoring them before the store has removed them.
    void NoteRemoved()
    {
        string removed;
        lock (_gate) removed = string.Join('\n', _removed);
        try
        {
            _notes.Save(RemovedNote, removed);
        }
        catch (DbException)
        {
            // They come back only if the server stops before the next refresh.
        }
    }

    void Set(IReadOnlyList<PushSubscriber> all)
    {
        lock (_gate) _all = all;
        try
        {
            _notes.Save(Note, JsonSerializer.Serialize(all, PushJson.Default.IReadOnlyListPushSubscriber));
        }
        catch (DbException)
        {
            // The copy is needed only for a start without the store.
        }
    }
}

enum SubscribeResult
{
    Saved,

    TooMany,

    StoreAway,
}
