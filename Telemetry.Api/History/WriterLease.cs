using System.Data.Common;
using System.Diagnostics;
using Telemetry.Api.Store;

namespace Telemetry.Api.History;

/// <summary>Decides which of several servers with the same source stores its readings; otherwise each reading would be stored twice. Thread-safe.</summary>
/// <remarks>
/// The others stand by: they acknowledge a message once the holder has renewed its lease after the message's arrival. When the holder is
/// gone, a standby stores what has arrived since the last renewal. While the store is unavailable nothing changes.
/// </remarks>
sealed partial class WriterLease(StoreDialect dialect, ReadingsSource source, Spool spool, ILogger<WriterLease> log) : IDisposable
{
    // Each renewal is a commit, also in an idle database.
    static readonly TimeSpan HoldersInterval = TimeSpan.FromSeconds(2);
    static readonly TimeSpan StandbyInterval = TimeSpan.FromSeconds(1);
    static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(2);

    readonly ServerIdentity _self = new(IdOf(spool), Environment.MachineName);
    readonly SemaphoreSlim _turn = new(1);
    readonly Lock _gate = new();
    TaskCompletionSource _renewed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    SourceLease? _lease;
    LeaseState? _state; // Null before the first answer of the store.
    long _aliveAt; // Of the holder before this server.

    /// <summary>Raised on the thread that renews the lease, after its holder has changed between this server and another one.</summary>
    public event Action<bool>? Changed;

    public string ServerId => _self.Id;

    /// <summary>True if this server stores its source's readings; also before the store has answered.</summary>
    public bool IsHeld => State?.Holder is null;

    public TimeSpan UnheldFor { get; private set; }

    public string? Problem => State?.Holder is { } holder
        ? $"another server ({holder}) stores the readings of {source.Name} in this store, so this one does not while that one is running. Give this server its own store, broker or shared subscription ($share/…)"
        : null;

    public IReadOnlyList<string> Others => State?.Others ?? [];

    SourceLease Lease => _lease ??= dialect.Lease(source, _self);

    LeaseState? State
    {
        get
        {
            lock (_gate) return _state;
        }
    }

    /// <summary>True if this server stores the readings that have arrived until now. Otherwise waits for the holder's next renewal.</summary>
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

    /// <summary>Throws <see cref="DbException"/> while the store is unavailable; nothing has changed then.</summary>
    public async Task RenewAsync()
    {
        await _turn.WaitAsync();
        LeaseState state;
        try
        {
            state = await Lease.RenewAsync();
        }
        finally
        {
            _turn.Release();
        }

        Report(state, Set(state));
    }

    LeaseState? Set(LeaseState state)
    {
        LeaseState? before;
        TaskCompletionSource renewed;
        lock (_gate)
        {
            if (state.Holder is not null) _aliveAt = state.AliveAt;
            else if (_state?.Holder is not null && _aliveAt > 0) UnheldFor = Stopwatch.GetElapsedTime(_aliveAt);
            (before, _state) = (_state, state);
            (renewed, _renewed) = (_renewed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        renewed.SetResult();
        return before;
    }

    void Report(LeaseState state, LeaseState? before)
    {
        var isHeld = state.Holder is null;
        if (isHeld != (before?.Holder is null)) Changed?.Invoke(isHeld);
        if (state.Holder is { } holder && holder != before?.Holder) Log.StandsBy(log, holder, source.Name);
        else if (isHeld && before?.Holder is not null) Log.Keeps(log, source.Name);
        foreach (var other in state.Others.Except(before?.Others ?? [])) Log.Shared(log, other);
    }

    /// <summary>Ends when the server begins to stop: later readings belong to the next holder.</summary>
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

    public async Task ReleaseAsync()
    {
        if (State is not { Holder: null }) return;
        // If the store is unavailable, the lease expires.
        await Lease.ReleaseAsync().WaitAsync(ReleaseTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
            // Without a spool (full disk), the server has a new identity after a restart.
            return Guid.NewGuid().ToString("N");
        }
    }

    static partial class Log
    {
        [LoggerMessage(430, LogLevel.Warning, "Another server ({Holder}) stores the readings of {Source} in this store: this one is on standby and stores none while that one is running")]
        public static partial void StandsBy(ILogger log, string holder, string? source);

        [LoggerMessage(431, LogLevel.Information, "The other server is gone: this one stores the readings of {Source}")]
        public static partial void Keeps(ILogger log, string? source);

        [LoggerMessage(432, LogLevel.Information, "Another server ({Other}) stores readings of another source in the same store")]
        public static partial void Shared(ILogger log, string other);

        [LoggerMessage(433, LogLevel.Debug, "The lease could not be renewed ({Problem})")]
        public static partial void NotRenewed(ILogger log, string problem);
    }
}
