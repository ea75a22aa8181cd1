using System.Data.Common;
using Telemetry.Api.History;
using Telemetry.Api.Store;

namespace Telemetry.Api.Push;

/// <summary>The server's key in the store, created for the first browser. The spool has a copy for the time when the store is unavailable. Thread-safe.</summary>
sealed class PushKeys(ReadingStore store, StoreAndForward keeper, LongReads reads, Spool spool)
{
    const string Note = "push_key";

    readonly SpoolNotes _notes = new(spool);
    volatile PushKey? _key;

    /// <summary>Null: none yet. Throws <see cref="DbException"/> or <see cref="TimeoutException"/> if neither store nor spool can be read.</summary>
    public async Task<PushKey?> FindAsync(CancellationToken cancelled)
    {
        if (_key is { } known) return known;
        try
        {
            return Keep(await reads.ReadAsync(connection => PushTable.ReadKeyAsync(connection), cancelled));
        }
        catch (Exception error) when (error is DbException or TimeoutException && _notes.Find(Note) is { })
        {
            return PushKey.Of(_notes.Find(Note)!); // The store may have another one by now, so it is asked again.
        }
    }

    /// <summary>Null while the store cannot be written.</summary>
    public async Task<PushKey?> FindOrCreateAsync(CancellationToken cancelled)
    {
        if (await FindAsync(cancelled) is { } known) return known;
        string? saved = null;
        await keeper.TryChangeAsync(() => store.ChangeAsync([], async transaction =>
        {
            // If several servers create a key, the first one stays.
            await PushTable.AddKeyAsync(transaction, PushKey.Create().Private);
            saved = await PushTable.ReadKeyAsync(transaction.Connection!, transaction);
        }));
        return Keep(saved);
    }

    PushKey? Keep(string? privateKey)
    {
        if (privateKey is null) return null;
        try
        {
            _notes.Save(Note, privateKey);
        }
        catch (DbException)
        {
            // The copy is needed only for a start without the store.
        }

        return _key = PushKey.Of(privateKey);
    }
}
