using System.Data.Common;
using System.Threading.RateLimiting;

namespace Telemetry.Api.Store;

/// <summary>Limit of concurrent reads from the store. Further ones wait in order of arrival. Thread-safe.</summary>
class ReadLimit(StoreDialect dialect) : IDisposable
{
    static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);

    readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions { PermitLimit = dialect.ReadsAtOnce, QueueLimit = int.MaxValue });

    /// <exception cref="DbException">While the database is unavailable; a <see cref="TimeoutException"/> if there was no turn in time.</exception>
    public async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancelled)
    {
        using var lease = await AcquireAsync(cancelled);
        return await dialect.ReadAsync(async () =>
        {
            await using var connection = dialect.Connect();
            await connection.OpenAsync(cancelled);
            return await read(connection);
        });
    }

    /// <summary>The lease ends the turn. Throws <see cref="TimeoutException"/> if there was no turn in time.</summary>
    public async Task<RateLimitLease> AcquireAsync(CancellationToken cancelled)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        patience.CancelAfter(MaxWait);
        try
        {
            return await _limiter.AcquireAsync(1, patience.Token);
        }
        catch (OperationCanceledException) when (!cancelled.IsCancellationRequested)
        {
            throw new TimeoutException($"{dialect.ReadsAtOnce} reads are already in progress");
        }
    }

    public void Dispose()
    {
        _limiter.Dispose();
        GC.SuppressFinalize(this);
    }
}

sealed class LongReads(StoreDialect dialect) : ReadLimit(dialect);
