using System.Diagnostics;
using Telemetry.Api.Hosting;
using Telemetry.Api.Store;

namespace Telemetry.Api.History;

/// <summary>Makes readings durable, always in order: in the store, or in the spool until the store is back.</summary>
/// <remarks>
/// Direct mode: batches go to the store. A batch that fails or takes too long goes to the spool, and from then on all do, while
/// <see cref="SpoolDrain"/> moves them to the store; when the spool is empty, direct mode starts again. So a batch may reach
/// the store twice, which changes nothing there. While neither accepts a byte, the waiting batch is tried in both again and again: only
/// a try shows if there is room for it.
/// </remarks>
sealed class StoreAndForward(HistoryRoute route, QuarantiningWriter writer, Spool spool, SpoolWriter spoolWriter, OfflineBootstrap bootstrap, HistoryStatus status, VehicleOwnership ownership) : IDisposable
{
    /// <summary>Then a batch goes to the spool: brokers keep only a few unacknowledged messages for a client.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    // What is in the spool of an instance is not known to the others.
    static readonly TimeSpan SharedPatience = TimeSpan.FromSeconds(5);

    static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    // A slow store takes the spool's readings first.
    static readonly TimeSpan ChangePatience = TimeSpan.FromSeconds(5);

    const int ExtraBatchSize = 1000;

    readonly SemaphoreSlim _extra = new(1);
    long _storeBatches;
    long _spoolBatches;

    public long StoreBatches => Interlocked.Read(ref _storeBatches);

    public long SpoolBatches => Interlocked.Read(ref _spoolBatches);

    public Task Opened => route.Opened;

    /// <param name="stopping">Ends the wait for a disk that cannot be written; then an <see cref="OperationCanceledException"/> says that the batch is not durable.</param>
    public async Task PersistAsync(IReadOnlyList<HistoryEntry> entries, CancellationToken stopping)
    {
        // The lock is free between two attempts: the store may come back while the disk is still full.
        while (!await TryPersistAsync(entries))
        {
            entries = [.. entries.Select(entry => entry with { ArrivedAt = 0 })]; // The store may have them if its answer was lost.
            await CatchUpAsync(RetryDelay, stopping); // The drain of the spool may reach the store earlier.
        }
    }

    /// <summary>For a batch that can be sent again: it never displaces or delays live readings. False while there is no room; a part may be durable.</summary>
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

    /// <summary>Runs between two writes. If it takes long, readings go to the spool meanwhile. False if the store is unavailable for some seconds: nothing has changed then.</summary>
    public async Task<bool> TryChangeAsync(Func<Task> change)
    {
        var start = Stopwatch.GetTimestamp();
        Task<bool>? work;
        do
        {
            var rest = ChangePatience - Stopwatch.GetElapsedTime(start);
            if (rest > TimeSpan.Zero) await route.Direct.WaitAsync(rest).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            work = await AttemptInTurnAsync(change);
        }
        while (work is null && Stopwatch.GetElapsedTime(start) < ChangePatience); // A slow write before its turn is no failure yet.

        if (work is null || !await work) return false;
        bootstrap.SaveVehicles();
        return true;
    }

    /// <summary>Waits until everything durable so far is in the store, for a limited time.</summary>
    public async Task CatchUpAsync(TimeSpan patience, CancellationToken cancelled)
    {
        await route.Direct.WaitAsync(patience, cancelled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancelled.ThrowIfCancellationRequested();
    }

    /// <summary>Waits after a failed use of the store: until it is usable again, or for the back-off.</summary>
    public async Task WaitForRetryAsync(Backoff backoff, CancellationToken stopping)
    {
        var wait = backoff.Next();
        if (route.IsDirect) await Task.Delay(wait, stopping); // The failure is not known to the route: nothing signals its end.
        else await CatchUpAsync(wait, stopping);
    }

    public void Dispose() => _extra.Dispose();

    async Task<bool> TryPersistAsync(IReadOnlyList<HistoryEntry> entries)
    {
        await route.Turn.WaitAsync(CancellationToken.None);
        try
        {
            var isInStore = (route.IsDirect || MayRetryStore) && await WriteToStoreAsync(entries);
            spoolWriter.IsStuck = !isInStore && !await spoolWriter.TryAppendAsync(ownership.Owned(entries));
            if (spoolWriter.IsStuck) return false;
            if (isInStore && !route.IsDirect) route.GoDirect();
            Interlocked.Increment(ref isInStore ? ref _storeBatches : ref _spoolBatches);
            return true;
        }
        finally
        {
            route.Turn.Release();
        }
    }

    // With an empty spool, a batch that could be kept nowhere is the oldest one.
    bool MayRetryStore => spoolWriter.IsStuck && route.IsOpen && spool.Readings == 0 && route.InFlightWrite.IsCompleted;

    // Null: the store is not in use when the turn comes.
    async Task<Task<bool>?> AttemptInTurnAsync(Func<Task> change)
    {
        await route.Turn.WaitAsync(CancellationToken.None);
        try
        {
            if (!route.IsDirect) return null;
            var work = route.AttemptAsync(change);
            await IsDoneSoonAsync(work);
            return work;
        }
        finally
        {
            route.Turn.Release();
        }
    }

    async Task<bool> WriteToStoreAsync(IReadOnlyList<HistoryEntry> entries)
    {
        if (!await IsDoneSoonAsync(route.AttemptAsync(() => writer.WriteAsync(entries)))) return false;
        bootstrap.SaveVehicles();
        route.Written();
        return true;
    }

    // After the timeout, bypass the store until this write ends and the spool is drained.
    async Task<bool> IsDoneSoonAsync(Task<bool> work)
    {
        await ((Task)work).WaitAsync(ownership.IsShared ? SharedPatience : Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (work.IsCompleted && await work) return true;
        route.InFlightWrite = work;
        route.EnterSpooling();
        route.RequestDrain();
        return false;
    }
}
