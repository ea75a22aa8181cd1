using System.Threading.Channels;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

/// <summary>What is to be kept of one message.</summary>
/// <param name="Vehicle">Whose; it is registered even where it has no reading yet.</param>
/// <param name="Readings">The rows.</param>
readonly record struct HistoryEntry(Vehicle Vehicle, Reading[] Readings);

/// <summary>Readings on their way from the live path to the writer. Bounded: the live path never waits for a store. Thread-safe.</summary>
sealed class HistoryQueue : IDisposable
{
    /// <summary>Readings of one write.</summary>
    public const int BatchSize = 5000;

    // About 100 bytes each: what a store may fall behind before readings are lost.
    const int Capacity = 1_000_000;

    readonly Channel<HistoryEntry> _entries = Channel.CreateUnbounded<HistoryEntry>(new UnboundedChannelOptions { SingleReader = true });
    readonly SemaphoreSlim _batchReady = new(0, 1);
    long _waiting;
    long _dropped;

    /// <summary>Readings that wait to be written.</summary>
    public long Waiting => Interlocked.Read(ref _waiting);

    /// <summary>Readings that found the queue full.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Takes what is to be kept of an event, or drops and counts it where the queue is full.</summary>
    public void Add(VehicleEvent happening)
    {
        var entry = new HistoryEntry(happening.Vehicle, happening is Arrival arrival ? arrival.Readings : []);
        var count = entry.Readings.Length;
        var waiting = Interlocked.Add(ref _waiting, count);
        if (waiting > Capacity || !_entries.Writer.TryWrite(entry))
        {
            Interlocked.Add(ref _waiting, -count);
            Interlocked.Add(ref _dropped, count);
        }
        else if (waiting >= BatchSize && _batchReady.CurrentCount == 0)
        {
            Wake();
        }
    }

    /// <summary>Nothing more will come: what waits can be written now.</summary>
    public void Complete()
    {
        _entries.Writer.TryComplete();
        Wake();
    }

    /// <summary>Waits until a batch is full, or its first reading has waited for <paramref name="age"/>, or nothing more can come.</summary>
    /// <returns>False when all has been taken and nothing more will come.</returns>
    public async ValueTask<bool> WaitForBatch(TimeSpan age)
    {
        if (!await _entries.Reader.WaitToReadAsync()) return false;
        if (Waiting < BatchSize && !_entries.Reader.Completion.IsCompleted) await _batchReady.WaitAsync(age);
        return true;
    }

    /// <summary>Takes what waits, up to about a batch.</summary>
    public List<HistoryEntry> TakeBatch()
    {
        var batch = new List<HistoryEntry>();
        var count = 0;
        while (count < BatchSize && batch.Count < BatchSize && _entries.Reader.TryRead(out var entry))
        {
            batch.Add(entry);
            count += entry.Readings.Length;
        }

        Interlocked.Add(ref _waiting, -count);
        return batch;
    }

    public void Dispose() => _batchReady.Dispose();

    void Wake()
    {
        try
        {
            _batchReady.Release();
        }
        catch (SemaphoreFullException)
        {
            // Awake already.
        }
    }
}
