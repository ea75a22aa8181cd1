using System.Data.Common;
using System.Diagnostics;
using Telemetry.Api.Store;

namespace Telemetry.Api.History;

/// <summary>Decides which of several servers that read the same source keeps its readings in the store they share; otherwise each would be there twice. Thread-safe.</summary>
/// <remarks>
/// The others stand by: a message is acknowledged once the holder has shown that it lived when the message had come. When the holder
/// is gone they keep what has come since it was last seen. While the store is away nothing changes.
/// </remarks>
sealed partial class WriterLease(StoreDialect dialect, ReadingsSource source, Spool spool, ILogger<WriterLease> log) : IDisposable
{
    // Each renewal is a commit in an idle database, too.
    static readonly TimeSpan HoldersInterval = TimeSpan.FromSeconds(2);
    static readonly TimeSpan StandbyInterval = TimeSpan.FromSeconds(1);
    static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(2);

    readonly SourceLease _lease = dialect.Lease(source, new ServerIdentity(IdOf(spool), Environment.MachineName));
    readonly SemaphoreSlim _turn = new(1);
    readonly Lock _gate = new();
    TaskCompletionSource _renewed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    LeaseState? _state; // Null: the store has not been asked yet.

    /// <summary>Why readings are not kept by this server; null where they are.</summary>
    public string? Problem => State?.Holder is { } holder
        ? $"another server ({holder}) keeps the readings of {source.Name} in this store: this one does not, as long as that one lives. Give it a store, a broker or a shared subscription ($share/…) of its own"
        : null;

    /// <summary>Other servers that keep readings of other sources in the same store.</summary>
    public IReadOnlyList<string> Others => State?.Others ?? [];

    LeaseState? State
    {
        get
        {
            lock (_gate) return _state;
        }
    }

    /// <summary>True if readings that have come until now are this server's to keep. Waits for the answer where another server holds the lease.</summary>
    public async Task<bool> OwnsAsync(CancellationToken stopping)
    {
        var now = Stopwatch.GetTimestamp();
        while (true)
        {
            Task renewed;
            lock (_gate)
            {
                if (_state?.Holder is null) return true;
                if (_state.AliveAt >= now) return false;
                renewed = _renewed.Task;
            }

            await renewed.WaitAsync(stopping);
        }
    }

    /// <summary>Takes or keeps the lease.</summary>
    /// <exception cref="DbException">The store cannot be asked; nothing has changed.</exception>
    public async Task RenewAsync()
    {
        await _turn.WaitAsync();
        LeaseState state;
        try
        {
            state = await _lease.RenewAsync();
        }
        finally
        {
            _turn.Release();
        }

        LeaseState? before;
        TaskCompletionSource renewed;
        lock (_gate)
        {
            (before, _state) = (_state, state);
            (renewed, _renewed) = (_renewed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        renewed.SetResult();
        if (state.Holder is { } holder && holder != before?.Holder) Log.StandsBy(log, holder, source.Name);
        else if (state.Holder is null && before?.Holder is not null) Log.Keeps(log, source.Name);

        foreach (var other in state.Others.Except(before?.Others ?? [])) Log.Shared(log, other);
    }

    /// <summary>Keeps the lease until the server begins to stop: what comes from then on is the next holder's.</summary>
    public async Task RenewUntilStoppedAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(State?.Holder is null ? HoldersInterval : StandbyInterval, stopping);
            try
            {
                await RenewAsync();
            }
            catch (DbException error)
            {
                Log.NotRenewed(log, DbErrorText.Summarize(error));
            }
        }
    }

    /// <summary>Gives the lease up, so that the next server need not wait until it has expired.</summary>
    public async Task ReleaseAsync()
    {
        if (State is not { Holder: null }) return;
        // What a store that is away does not hear of expires.
        await _lease.ReleaseAsync().WaitAsync(ReleaseTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _turn.Dispose();

    static string IdOf(Spool spool)
    {
        try
        {
            return spool.ServerId();
        }
        catch (DbException)
        {
            // On a full disk there is no spool: after a restart it is another server.
            return Guid.NewGuid().ToString("N");
        }
    }

    static partial class Log
    {
        [LoggerMessage(430, LogLevel.Warning, "Another server ({Holder}) keeps the readings of {Source} in this store: this one stands by, and keeps none as long as that one lives")]
        public static partial void StandsBy(ILogger log, string holder, string? source);

        [LoggerMessage(431, LogLevel.Information, "The other server is gone: this one keeps the readings of {Source}")]
        public static partial void Keeps(ILogger log, string? source);

        [LoggerMessage(432, LogLevel.Information, "Another server ({Other}) keeps readings of another source in the same store")]
        public static partial void Shared(ILogger log, string other);

        [LoggerMessage(433, LogLevel.Debug, "The lease could not be renewed ({Problem})")]
        public static partial void NotRenewed(ILogger log, string problem);
    }
}
