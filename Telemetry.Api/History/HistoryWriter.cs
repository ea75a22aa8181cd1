using System.Diagnostics;
using System.Threading.Channels;
using Telemetry.Api.Diagnostics;
using Telemetry.Api.Store;

namespace Telemetry.Api.History;

/// <summary>Carries readings from the queue to where they are durable, then tells whoever waits for that.</summary>
sealed partial class HistoryWriter(StoreAndForward keeper, Recollection recollection, HistoryQueue queue, HistoryStatus status, FutureReadings future, Latencies latencies, ILogger<HistoryWriter> log) : IHostedService, IDisposable
{
    /// <summary>How long the start may wait for the store, so that vehicles have their ids and last values before the first reading.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly CancellationTokenSource _stopping = new();
    readonly Channel<List<Delivery>> _durable = Channel.CreateUnbounded<List<Delivery>>(new UnboundedChannelOptions { SingleReader = true });
    Task _writing = Task.CompletedTask;
    Task _moving = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        recollection.Recall();
        _moving = keeper.Move(_stopping.Token);
        _writing = Task.WhenAll(WriteAll(), AcknowledgeAll());
        await keeper.Tried.WaitAsync(Patience, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Complete();
        await _stopping.CancelAsync();
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _moving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopping.Dispose();

    async Task WriteAll()
    {
        while (await queue.WaitForBatch())
        {
            var batch = queue.TakeBatch();
            var entries = batch.Where(entry => entry.Vehicle is not null).ToList();
            if (entries.Count > 0 && !await TryKeep(entries)) break;
            var waiting = batch.Select(entry => entry.Delivery).OfType<Delivery>().ToList();
            if (waiting.Count > 0) _durable.Writer.TryWrite(waiting);
        }

        _durable.Writer.Complete();
    }

    async Task<bool> TryKeep(List<HistoryEntry> entries)
    {
        using var span = Spans.Keep(entries.Count);
        try
        {
            await keeper.Keep(entries, _stopping.Token);
            future.Note(entries.Max(entry => entry.Readings.Length > 0 ? entry.Readings[^1].At : default), DateTime.UtcNow);
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

    // Beside the writing: the next batch is on its way while the senders of this one are told.
    async Task AcknowledgeAll()
    {
        await foreach (var deliveries in _durable.Reader.ReadAllAsync())
        {
            foreach (var delivery in deliveries) await delivery.Acknowledge();
            queue.Answered();
        }
    }

    static partial class Log
    {
        [LoggerMessage(403, LogLevel.Error, "{Readings} readings could not be written before the stop ({Problem})")]
        public static partial void Unwritten(ILogger log, long readings, string? problem);
    }
}
