using System.Data.Common;

namespace Telemetry.Api.Store;

/// <summary>Lets in so many at a time, in the order of their coming. Thread-safe.</summary>
/// <param name="atOnce">How many.</param>
/// <param name="patience">How long one more waits to be let in.</param>
class Turns(int atOnce, TimeSpan patience) : IDisposable
{
    readonly SemaphoreSlim _free = new(atOnce);

    /// <summary>Takes a turn; to be given back by disposing of it.</summary>
    /// <exception cref="TimeoutException">None has become free.</exception>
    public async Task<IDisposable> TakeAsync(CancellationToken cancelled) =>
        await _free.WaitAsync(patience, cancelled) ? new Turn(_free) : throw new TimeoutException($"it is being read for {atOnce} others");

    /// <summary>Reads something from a store in a turn.</summary>
    /// <exception cref="DbException">The database is not to be used.</exception>
    /// <exception cref="TimeoutException">No turn has become free.</exception>
    public async Task<T> ReadAsync<T>(StoreDialect dialect, Func<DbConnection, Task<T>> read, CancellationToken cancelled)
    {
        using var turn = await TakeAsync(cancelled);
        return await dialect.ReadAsync(async () =>
        {
            await using var connection = dialect.Connect();
            await connection.OpenAsync(cancelled);
            return await read(connection);
        });
    }

    public void Dispose()
    {
        _free.Dispose();
        GC.SuppressFinalize(this);
    }

    sealed class Turn(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}

/// <summary>Turns of those who read long times: charts and drives.</summary>
sealed class LongReads(StoreDialect dialect) : Turns(dialect.ReadsAtOnce, TimeSpan.FromSeconds(10));
