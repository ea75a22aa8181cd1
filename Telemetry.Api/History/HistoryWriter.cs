using System.Data.Common;
using Telemetry.Core.Ingest;

namespace Telemetry.Api.History;

/// <summary>Opens the store, gives its last values to the live path, then writes what arrives, in batches and in order.</summary>
sealed partial class HistoryWriter(
    ReadingStore store, HistoryQueue queue, HistorySettings settings, HistoryStatus status, Intake intake, ILogger<HistoryWriter> log) : IHostedService, IDisposable
{
    /// <summary>How long the start may wait for the store, so that vehicles have their ids and last values before the first reading.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly Backoff _backoff = new();
    readonly CancellationTokenSource _stopping = new();
    Task _writing = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var opening = OpenUntilItWorks();
        _writing = WriteAll(opening);
        await Task.WhenAny(opening, Task.Delay(Patience, cancellationToken));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Complete();
        await _stopping.CancelAsync();
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (queue.Waiting > 0) Log.Unwritten(log, queue.Waiting, status.Problem);
    }

    public void Dispose() => _stopping.Dispose();

    async Task OpenUntilItWorks()
    {
        while (!await Try(Open)) { }
    }

    async Task Open()
    {
        await store.Prepare();
        foreach (var (vehicle, lastValues) in await store.Load()) intake.Restore(vehicle, lastValues);
        Log.Opened(log, store.Name);
    }

    async Task WriteAll(Task opening)
    {
        await opening;
        while (await queue.WaitForBatch(settings.FlushInterval))
        {
            var batch = queue.TakeBatch();
            while (!await Try(() => store.Write(batch))) { }
        }
    }

    // True once the work is done, or once it cannot be done before the stop.
    async Task<bool> Try(Func<Task> work)
    {
        try
        {
            await work();
            if (status.WasLost) Log.Usable(log, store.Name);
            status.Usable();
            _backoff.Reset();
            return true;
        }
        catch (Exception error) when (error is DbException or IOException or TimeoutException or UnauthorizedAccessException)
        {
            var problem = error.Message.Split('\n')[0];
            status.Lost(problem);
            if (_stopping.IsCancellationRequested) return true;
            var wait = _backoff.Next();
            Log.Lost(log, store.Name, problem, wait.TotalSeconds);
            await Task.Delay(wait, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return false;
        }
    }

    static partial class Log
    {
        [LoggerMessage(400, LogLevel.Information, "History is kept in {Store}")]
        public static partial void Opened(ILogger log, string store);

        [LoggerMessage(401, LogLevel.Warning, "{Store} is not to be used ({Problem}); next try in {Seconds:0.0} s. Live is not affected")]
        public static partial void Lost(ILogger log, string store, string problem, double seconds);

        [LoggerMessage(402, LogLevel.Information, "{Store} can be used again")]
        public static partial void Usable(ILogger log, string store);

        [LoggerMessage(403, LogLevel.Error, "{Readings} readings could not be written before the stop ({Problem})")]
        public static partial void Unwritten(ILogger log, long readings, string? problem);
    }
}
