using System.Data.Common;
using System.Text.Json;
using Telemetry.Api.Access;
using Telemetry.Api.History;
using Telemetry.Api.Store;

namespace Telemetry.Api.Push;

/// <summary>Browsers that alerts are sent to: those of the store, which other servers change too. The spool notes them, for the time when the store is away. Thread-safe.</summary>
sealed class PushSubscribers : IDisposable
{
    /// <summary>Subscriptions of one subject.</summary>
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

    // Not in the store yet: it may be away.
    readonly HashSet<string> _removed = [];
    IReadOnlyList<PushSubscriber> _all = [];

    public PushSubscribers(PushTable table, PushRights rights, ReadingStore store, StoreAndForward keeper, LongReads reads, Spool spool, TimeProvider clock, Logouts logouts)
    {
        (_table, _rights, _store, _keeper, _reads, _notes, _clock, _logouts) = (table, rights, store, keeper, reads, new SpoolNotes(spool), clock, logouts);
        logouts.LoggedOut += EndLogin;
    }

    /// <summary>Those that messages may be sent to.</summary>
    public IReadOnlyList<PushSubscriber> Valid
    {
        get
        {
            var now = Now;
            lock (_gate) return [.. _all.Where(subscriber => _rights.IsValid(subscriber, now) && !_removed.Contains(subscriber.Endpoint))];
        }
    }

    DateTime Now => _clock.GetUtcNow().UtcDateTime;

    /// <summary>Takes over what the spool has noted.</summary>
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
            // The store has them.
        }
    }

    /// <summary>Takes over what the store has, and removes from it what has ended.</summary>
    /// <returns>False while the store is away.</returns>
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

    /// <summary>Adds a browser, or replaces what is known of it.</summary>
    /// <returns>The result, and true if the browser was not known.</returns>
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

    /// <summary>Removes browsers. They are sent nothing from now on, even if the store is away.</summary>
    public async Task RemoveAsync(IReadOnlyCollection<string> endpoints)
    {
        // Others are removed below while the store can be used; without it, there is nothing to remember of them.
        lock (_gate) _removed.UnionWith(_all.Select(subscriber => subscriber.Endpoint).Where(endpoints.Contains));
        NoteRemoved();
        await ChangeAsync(transaction => PushTable.RemoveAsync(transaction, endpoints), endpoints);
    }

    public void Dispose() => _logouts.LoggedOut -= EndLogin;

    // The store is told by the next refresh.
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

    // A restart before the store has removed them must not bring them back.
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
            // They are removed unless the server ends before the next refresh.
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
            // Without it, only a start while the store is away sends nothing.
        }
    }
}

/// <summary>End of an attempt to subscribe.</summary>
enum SubscribeResult
{
    Saved,

    /// <summary>The subject has as many as it may have.</summary>
    TooMany,

    /// <summary>The store is away: nothing has changed.</summary>
    StoreAway,
}
