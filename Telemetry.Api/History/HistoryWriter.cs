using System.Diagnostics;
using System.Threading.Channels;
using Telemetry.Api.Diagnostics;
using Telemetry.Api.Hosting;
using Telemetry.Api.Store;

namespace Telemetry.Api.History;

/// <summary>Writes readings from the queue to where they are durable, then acknowledges their messages.</summary>
sealed partial class HistoryWriter(StoreAndForward keeper, SpoolDrain drain, OfflineBootstrap bootstrap, WriterLease lease, HistoryQueue queue, HistoryStatus status, FutureReadings future, Latencies latencies, LoopWatch loops, IHostApplicationLifetime lifetime, ILogger<HistoryWriter> log) : IHostedService, IDisposable
{
    /// <summary>The start waits this long for the store, so that vehicles have their ids and last values before the first reading.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly CancellationTokenSource _stopping = new();
    readonly Channel<List<InFlight>> _durable = Channel.CreateUnbounded<List<InFlight>>(new UnboundedChannelOptions { SingleReader = true });
    List<HistoryEntry>? _batch; // Dequeued, not durable yet.
    int _acknowledged; // Number of acknowledged messages in the oldest list of _durable.
    Task _writing = Task.CompletedTask;
    Task _moving = Task.CompletedTask;
    Task _renewing = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        bootstrap.Restore();
        _moving = loops.RunAsync("the drain of the spool", () => drain.RunAsync(_stopping.Token), _stopping.Token);
        _writing = Task.WhenAll(
            loops.RunAsync("the history writer", WriteAllAsync, _stopping.Token),
            loops.RunAsync("the acknowledgement of messages", AcknowledgeAllAsync, _stopping.Token));
        _renewing = loops.RunAsync("the renewal of the store's lease", RenewLeaseAsync, lifetime.ApplicationStopping);
        await drain.Tried.WaitAsync(Patience, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        queue.Complete();
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _moving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await lease.ReleaseAsync();
    }

    public void Dispose() => _stopping.Dispose();

    async Task WriteAllAsync()
    {
        // A batch left by a failure is written again; that changes nothing if it is stored already.
        while (_batch is not null || await queue.WaitForBatchAsync())
        {
            var batch = _batch ??= queue.TakeBatch();
            var entries = batch.Where(entry => entry.IsKept).ToList();
            if (entries.Count > 0 && !await TryKeepAsync(entries)) break;
            var waiting = batch.Select(entry => entry.InFlight).OfType<InFlight>().ToList();
            if (waiting.Count > 0) _durable.Writer.TryWrite(waiting);
            _batch = null;
        }

        _durable.Writer.TryComplete();
    }

    async Task RenewLeaseAsync()
    {
        await keeper.Opened.WaitAsync(lifetime.ApplicationStopping);
        await lease.RenewUntilStoppedAsync(lifetime.ApplicationStopping);
    }

    async Task<bool> TryKeepAsync(List<HistoryEntry> entries)
    {
        using var span = Spans.Keep(entries.Count);
        try
        {
            // Another server stores these readings and alerts. Their vehicles are registered here too, and get ids. Alerts about this server are its own.
            if (!await lease.OwnsAsync(_stopping.Token)) entries = [.. entries.Select(entry => entry.Vehicle is null ? entry : entry with { Readings = [], Alert = null })];
            await keeper.PersistAsync(entries, _stopping.Token);
            future.Note(entries.Select(entry => entry.Readings.Length > 0 ? entry.Readings[^1].At : default).DefaultIfEmpty().Max(), DateTime.UtcNow);
            if (latencies.MeasuresDurability) Measure(entries);
            return true;
        }
        catch (OperationCanceledException)
        {
            Log.Unwritten(log, entries.Sum(entry => entry.Readings.Length) + queue.Waiting, status.Problem);
            return false;
        }
    }

    void Measure(List<HistoryEntry> entries)
    {
        foreach (var entry in entries)
            if (entry is { ArrivedAt: not 0, Readings.Length: > 0 }) latencies.Durable(Stopwatch.GetElapsedTime(entry.ArrivedAt));
    }

    // The next batch is written while this one is acknowledged.
    async Task AcknowledgeAllAsync()
    {
        while (await _durable.Reader.WaitToReadAsync())
        {
            while (_durable.Reader.TryPeek(out var messages))
            {
                // Counted first: an error for one sender must not block the others.
                while (_acknowledged < messages.Count) await messages[_acknowledged++].AcknowledgeAsync();
                _acknowledged = 0;
                _durable.Reader.TryRead(out _);
                queue.Answered();
            }
        }
    }

    static partial class Log
    {
        [LoggerMessage(403, LogLevel.Error, "{Readings} readings could not be written before the stop ({Problem})")]
        public static partial void Unwritten(ILogger log, long readings, string? problem);
    }
}
