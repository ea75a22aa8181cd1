using System.Data.Common;
using System.Diagnostics;
using Telemetry.Api.Hosting;
using Telemetry.Api.Store;
using Telemetry.Core.Ingest;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

/// <summary>Makes readings durable whatever the state of the store: in it, or in the spool until it is back, always in order.</summary>
/// <remarks>
/// Direct mode: batches go to the store. A batch that fails or takes too long goes to the spool, and from then on all do, while
/// <see cref="DrainAsync"/> moves them to the store, oldest first; when the spool is empty, direct mode starts again. So a batch may reach
/// the store twice, which changes nothing there. While neither accepts a byte, the waiting batch is tried in both again and again: only
/// a try shows if there is room for it.
/// </remarks>
sealed partial class StoreAndForward(
    ReadingStore store, QuarantiningWriter sieve, Spool spool, OfflineBootstrap recollection, WriterLease lease, VehicleRegistry vehicles, SignalCatalog signals, LiveInput intake, HistoryStatus status, ILogger<StoreAndForward> log) : IDisposable
{
    /// <summary>Time for the write of a batch, after which it goes to the spool: brokers keep only a few unacknowledged messages for us.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <summary>Time without a write after which the store is probed.</summary>
    static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(5);

    /// <summary>Delay before a batch that could be kept nowhere is tried again.</summary>
    static readonly TimeSpan BeforeNextTry = TimeSpan.FromSeconds(1);

    // A slow store takes the spool's readings first.
    static readonly TimeSpan ChangePatience = TimeSpan.FromSeconds(5);

    const int ExtraBatchSize = 1000;

    readonly SemaphoreSlim _turn = new(1);
    readonly SemaphoreSlim _extra = new(1);
    readonly SemaphoreSlim _work = new(1, 1); // Released when there is something to move; initially, to open the store.
    readonly Backoff _backoff = new(QuietTime);
    Task _inFlightWrite = Task.CompletedTask;
    volatile bool _isOpen;
    volatile bool _isStuck; // True if the last batch could be kept nowhere.
    volatile TaskCompletionSource _direct = Signal(); // Completed in direct mode.
    readonly TaskCompletionSource _tried = Signal();
    readonly TaskCompletionSource _open = Signal();
    long _writtenAt;
    long _storeBatches;
    long _spoolBatches;

    public long StoreBatches => Interlocked.Read(ref _storeBatches);

    public long SpoolBatches => Interlocked.Read(ref _spoolBatches);

    /// <summary>Completes when the store is open.</summary>
    public Task Opened => _open.Task;

    /// <summary>Completes when the store is open, or the first attempt has failed.</summary>
    public Task Tried => _tried.Task;

    /// <param name="stopping">Ends the wait for a disk that cannot be written.</param>
    /// <exception cref="OperationCanceledException">The batch is not durable.</exception>
    public async Task PersistAsync(IReadOnlyList<HistoryEntry> entries, CancellationToken stopping)
    {
        // The lock is free between two attempts: the store may come back while the disk is still full.
        while (!await TryPersistAsync(entries))
        {
            entries = [.. entries.Select(entry => entry with { ArrivedAt = 0 })]; // The store may have them if its answer was lost.
            await Task.Delay(BeforeNextTry, stopping);
        }
    }

    /// <summary>Makes a batch durable that can be sent again later: it never displaces or delays live readings.</summary>
    /// <returns>False while there is no room for it; a part of it may be durable.</returns>
    public async Task<bool> TryPersistLowPriorityAsync(IReadOnlyList<HistoryEntry> entries)
    {
        foreach (var part in entries.Chunk(ExtraBatchSize))
        {
            // One at a time: the lock is fair, so a live batch waits for one part at most.
            await _extra.WaitAsync();
            try
            {
                if (spool.IsHalfFull || status.IsWaiting || !await TryPersistAsync(part)) return false;
            }
            finally
            {
                _extra.Release();
            }
        }

        return true;
    }

    /// <summary>Changes the store between two writes. If it takes long, readings go to the spool meanwhile.</summary>
    /// <returns>False if the store is unavailable for more than a few seconds: nothing has changed.</returns>
    public async Task<bool> TryChangeAsync(Func<Task> change)
    {
        await _direct.Task.WaitAsync(ChangePatience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task<bool> work;
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            if (!IsDirect) return false;
            work = AttemptAsync(change);
            await IsDoneSoonAsync(work);
        }
        finally
        {
            _turn.Release();
        }

        if (!await work) return false;
        recollection.SaveVehicles();
        return true;
    }

    /// <summary>Waits until the store has what has been made durable so far. Not for longer than a while: it may be away.</summary>
    public async Task CatchUpAsync(TimeSpan patience, CancellationToken cancelled)
    {
        await _direct.Task.WaitAsync(patience, cancelled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancelled.ThrowIfCancellationRequested();
    }

    /// <summary>Opens the store, and moves the spool's readings to it, until the stop.</summary>
    public async Task DrainAsync(CancellationToken stopping)
    {
        while (true)
        {
            // Not direct here: the loop was interrupted in the middle of its work.
            var isAsked = await _work.WaitAsync(IsDirect ? QuietTime : TimeSpan.Zero, stopping);
            if (!isAsked && IsDirect && await IsThereAsync(stopping)) continue;
            await _inFlightWrite;
            for (var isDone = false; !isDone;)
            {
                var went = await AttemptAsync(async () => isDone = await DrainOnceAsync(stopping), stopping);
                if (isDone || !went) _tried.TrySetResult();
                if (went) _backoff.Reset();
                else await Task.Delay(_backoff.Next(), stopping);
            }
        }
    }

    public void Dispose()
    {
        _turn.Dispose();
        _extra.Dispose();
        _work.Dispose();
    }

    bool IsDirect => _direct.Task.IsCompleted;

    // Call with _turn held. Tasks that wait for direct mode keep waiting.
    void EnterSpooling()
    {
        if (IsDirect) _direct = Signal();
    }

    // Call with _turn held.
    void GoDirect()
    {
        _direct.TrySetResult();
        if (status.Direct()) Log.Caught(log, store.Name);
    }

    static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    async Task<bool> IsThereAsync(CancellationToken stopping)
    {
        await ProbeSpoolAsync();
        await TrimAsync();
        var isWritten = Stopwatch.GetElapsedTime(Interlocked.Read(ref _writtenAt)) < QuietTime;
        if ((isWritten || await AttemptAsync(() => store.ProbeAsync(), stopping)) && spool.Readings == 0) return true;
        await _turn.WaitAsync(stopping);
        EnterSpooling();
        _work.Wait(0, CancellationToken.None); // Consumes the request of a write that failed meanwhile.
        _turn.Release();
        return false;
    }

    async Task<bool> TryPersistAsync(IReadOnlyList<HistoryEntry> entries)
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            var isInStore = (IsDirect || (_isStuck && _isOpen && spool.Readings == 0 && _inFlightWrite.IsCompleted)) && await WriteToStoreAsync(entries);
            _isStuck = !isInStore && !await TrySpoolAsync(entries);
            if (_isStuck) return false;
            if (isInStore && !IsDirect) GoDirect();
            Interlocked.Increment(ref isInStore ? ref _storeBatches : ref _spoolBatches);
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    async Task<bool> WriteToStoreAsync(IReadOnlyList<HistoryEntry> entries)
    {
        if (!await IsDoneSoonAsync(AttemptAsync(() => sieve.WriteAsync(entries)))) return false;
        recollection.SaveVehicles();
        Interlocked.Exchange(ref _writtenAt, Stopwatch.GetTimestamp());
        return true;
    }

    // On timeout, bypass the store until this write ends and the spool is drained.
    async Task<bool> IsDoneSoonAsync(Task<bool> work)
    {
        await ((Task)work).WaitAsync(Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (work.IsCompleted && await work) return true;
        _inFlightWrite = work;
        EnterSpooling();
        if (_work.CurrentCount == 0) _work.Release();
        return false;
    }

    async Task<bool> TrySpoolAsync(IReadOnlyList<HistoryEntry> entries)
    {
        try
        {
            await spool.RunAsync(() => spool.Append(entries));
            status.Spooling();
            return true;
        }
        catch (DbException error)
        {
            if (status.SpoolLost(DbErrorText.Summarize(error))) Log.SpoolFails(log, DbErrorText.Summarize(error));
            return false;
        }
    }

    async Task TrimAsync()
    {
        try
        {
            await store.TrimAsync();
        }
        catch (DbException)
        {
            // The next probe reports it.
        }
    }

    async Task ProbeSpoolAsync()
    {
        try
        {
            await spool.RunAsync(spool.Probe);
            if (!_isStuck) status.SpoolWorks();
        }
        catch (DbException error)
        {
            if (status.SpoolFails(DbErrorText.Summarize(error))) Log.SpoolFails(log, DbErrorText.Summarize(error));
        }
    }

    // One step of draining; true if nothing is left to move and writes go to the store again.
    async Task<bool> DrainOnceAsync(CancellationToken stopping)
    {
        if (!_isOpen)
        {
            await ProbeSpoolAsync();
            await OpenAsync();
            return false;
        }

        if (spool.Readings > 0)
        {
            var (lastId, contents) = await spool.RunAsync(() => spool.Peek(HistoryQueue.BatchSize));
            await sieve.WriteAsync([.. contents.SelectMany(content => BatchFormat.Read(content, vehicles, signals))]);
            await spool.RunAsync(() => spool.Remove(lastId));
            recollection.SaveVehicles();
            return false;
        }

        await store.ProbeAsync(writes: true);
        await _turn.WaitAsync(stopping);
        try
        {
            if (spool.Readings > 0) return false;
            if (!_isStuck && !IsDirect) GoDirect();
            if (IsDirect) return true;
        }
        finally
        {
            _turn.Release();
        }

        await Task.Delay(BeforeNextTry, stopping); // The stuck batch is retried by its writer.
        return false;
    }

    async Task OpenAsync()
    {
        await store.PrepareAsync();
        foreach (var (vehicle, lastValues) in await store.LoadAsync()) intake.Restore(vehicle, lastValues);
        await lease.RenewAsync(); // Must be before the first reading.
        _isOpen = true;
        _open.TrySetResult();
        Log.Opened(log, store.Name, store.Location);
    }

    async Task<bool> AttemptAsync(Func<Task> work, CancellationToken stopping = default)
    {
        try
        {
            await work();
            return true;
        }
        catch (Exception error) when (!stopping.IsCancellationRequested)
        {
            // Any error: the readings are in the spool, and the store is tried again.
            if (error is FileGoneException) _isOpen = false;
            if (status.Lost(DbErrorText.Summarize(error))) Log.Lost(log, store.Name, DbErrorText.Summarize(error));
            return false;
        }
    }

    static partial class Log
    {
        [LoggerMessage(400, LogLevel.Information, "History is kept in {Store}: {Location}")]
        public static partial void Opened(ILogger log, string store, string location);

        [LoggerMessage(401, LogLevel.Warning, "{Store} cannot be written ({Problem}); readings go to the spool until it can. Live is not affected")]
        public static partial void Lost(ILogger log, string store, string problem);

        [LoggerMessage(402, LogLevel.Information, "{Store} has all readings of the spool")]
        public static partial void Caught(ILogger log, string store);

        [LoggerMessage(404, LogLevel.Error, "The spool cannot be written ({Problem}): readings wait in memory")]
        public static partial void SpoolFails(ILogger log, string problem);
    }
}
