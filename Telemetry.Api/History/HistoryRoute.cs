using System.Diagnostics;
using Telemetry.Api.Store;

namespace Telemetry.Api.History;

/// <summary>Route of the readings: directly to the store, or through the spool. Shared by the writer of batches and the drain of the spool.</summary>
sealed partial class HistoryRoute(ReadingStore store, HistoryStatus status, ILogger<HistoryRoute> log) : IDisposable
{
    readonly SemaphoreSlim _work = new(1, 1); // Released when there is something to move; initially, to open the store.
    readonly TaskCompletionSource _open = Signal();
    volatile TaskCompletionSource _direct = Signal(); // Completed in direct mode.
    volatile bool _isOpen;
    long _writtenAt;

    /// <summary>Held for a write or a change of the route.</summary>
    public SemaphoreSlim Turn { get; } = new(1);

    /// <summary>Last write to the store that has exceeded its timeout.</summary>
    public Task InFlightWrite { get; set; } = Task.CompletedTask;

    public bool IsDirect => _direct.Task.IsCompleted;

    public Task Direct => _direct.Task;

    public bool IsOpen => _isOpen;

    public Task Opened => _open.Task;

    public TimeSpan SinceWrite => Stopwatch.GetElapsedTime(Interlocked.Read(ref _writtenAt));

    public void EnterSpooling()
    {
        if (IsDirect) _direct = Signal();
    }

    public void GoDirect()
    {
        _direct.TrySetResult();
        if (status.Direct()) Log.CaughtUp(log, store.Name);
    }

    public void Open()
    {
        _isOpen = true;
        _open.TrySetResult();
        Log.Opened(log, store.Name, store.Location);
    }

    public void Written() => Interlocked.Exchange(ref _writtenAt, Stopwatch.GetTimestamp());

    public void RequestDrain()
    {
        if (_work.CurrentCount == 0) _work.Release();
    }

    public Task<bool> WaitForRequestAsync(TimeSpan time, CancellationToken stopping) => _work.WaitAsync(time, stopping);

    public async Task<bool> AttemptAsync(Func<Task> work, CancellationToken stopping = default)
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

    public void Dispose()
    {
        Turn.Dispose();
        _work.Dispose();
    }

    static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    static partial class Log
    {
        [LoggerMessage(400, LogLevel.Information, "History is kept in {Store}: {Location}")]
        public static partial void Opened(ILogger log, string store, string location);

        [LoggerMessage(401, LogLevel.Warning, "{Store} cannot be written ({Problem}); readings go to the spool until it can. Live is not affected")]
        public static partial void Lost(ILogger log, string store, string problem);

        [LoggerMessage(402, LogLevel.Information, "{Store} has caught up: it has all readings of the spool")]
        public static partial void CaughtUp(ILogger log, string store);
    }
}
