using System.Data.Common;
using Telemetry.Api.History;
using Telemetry.Api.Store;

namespace Telemetry.Api.Push;

/// <summary>The server's key in the store, made when the first browser asks for it. The spool notes it, for the time when the store is away. Thread-safe.</summary>
sealed class PushKeys(ReadingStore store, StoreAndForward keeper, LongReads reads, Spool spool)
{
    const string Note = "push_key";

    readonly SpoolNotes _notes = new(spool);
    volatile PushKey? _key;

    /// <summary>The key; null: none yet.</summary>
    /// <exception cref="DbException">The store cannot be read, and the spool has not noted it.</exception>
    /// <exception cref="TimeoutException">As above.</exception>
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

    /// <summary>The key, made if there is none; null while the store cannot be written.</summary>
    public async Task<PushKey?> FindOrCreateAsync(CancellationToken cancelled)
    {
        if (await FindAsync(cancelled) is { } known) return known;
        string? saved = null;
        await keeper.TryChangeAsync(() => store.ChangeAsync([], async transaction =>
        {
            // Of several servers, the first one's.
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
            // Without it, only a start while the store is away sends nothing.
        }

        return _key = PushKey.Of(privateKey);
    }
}
