using System.Diagnostics;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

/// <summary>Readings on their way from the live pipeline to the writer. Bounded: the live pipeline never waits for a store. Thread-safe.</summary>
sealed class HistoryQueue(HistorySettings settings) : IDisposable
{
    public const int BatchSize = 5000;

    public const int MaxBatch = 20_000;

    /// <summary>Waiting readings, half of them with acknowledgement; about 100 bytes each.</summary>
    public const int Capacity = 1_000_000;

    const int Turn = 500;

    static readonly TimeSpan LossIsToldFor = TimeSpan.FromMinutes(1);

    readonly FlushTrigger _trigger = new(settings.FlushInterval);
    readonly long[] _flushes = new long[Enum.GetValues<FlushReason>().Length];
    readonly HistorySource _unnamed = new();
    readonly Queue<HistorySource> _turns = new();
    readonly SemaphoreSlim _wake = new(0, 1);
    readonly Lock _gate = new();
    TaskCompletionSource? _room;
    long _waiting;
    long _owed;
    long _dropped;
    long _droppedAt;
    bool _complete;

    public long Waiting => Interlocked.Read(ref _waiting);

    public long Dropped => Interlocked.Read(ref _dropped);

    public long Flushes(FlushReason reason) => Interlocked.Read(ref _flushes[(int)reason]);

    public bool IsDropping
    {
        get
        {
            lock (_gate) return _droppedAt > 0 && Stopwatch.GetElapsedTime(_droppedAt) < LossIsToldFor;
        }
    }

    public TimeSpan Age
    {
        get
        {
            lock (_gate) return _turns.Count == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(_turns.Min(source => source.Entries.Peek().At));
        }
    }

    /// <summary>A sender with acknowledgements may use as much room as is still free. Null if it may add now; otherwise completes when it should ask again.</summary>
    public Task? WaitForRoomAsync(HistorySource source)
    {
        lock (_gate)
        {
            if (source.Waiting < Capacity / 2 - _owed) return null;
            return (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <param name="vehicleEvent">Null if the message contains no reading.</param>
    /// <remarks>In a full queue, a QoS 0 reading is dropped and counted; one with acknowledgement never is. Without a <paramref name="source"/>, senders share one for fair turns. <paramref name="isNew"/> is false if it may have been enqueued before, also by an earlier process.</remarks>
    public void Add(VehicleEvent? vehicleEvent, InFlight? inFlight, HistorySource? source = null, bool isNew = false)
    {
        if (vehicleEvent is null && inFlight is null) return;
        var now = Stopwatch.GetTimestamp();
        Add(new HistoryEntry(vehicleEvent?.Vehicle, vehicleEvent is Arrival arrival ? arrival.Readings : [], inFlight, isNew ? now : 0), source, now);
    }

    public void AddAlert(Alert alert, InFlight inFlight) => Add(new HistoryEntry(alert.Vehicle, [], inFlight, Alert: alert), null, Stopwatch.GetTimestamp());

    void Add(HistoryEntry entry, HistorySource? source, long now)
    {
        var inFlight = entry.InFlight;
        bool wake;
        lock (_gate)
        {
            var free = source is null ? Capacity - _waiting : Capacity / 2 - (_waiting - _owed) - source.Waiting;
            if (inFlight is null && entry.Weight > free)
            {
                _dropped += entry.Readings.Length;
                if (entry.Readings.Length > 0) _droppedAt = now;
                return;
            }

            wake = _trigger.Add(inFlight is not null, now, isUrgent: entry.Alert is not null);
            var waitedBefore = _waiting;
            _waiting += entry.Weight;
            if (inFlight is not null) _owed += entry.Weight;
            wake |= waitedBefore < BatchSize && _waiting >= BatchSize;
            source ??= _unnamed;
            if (source.Entries.Count == 0) _turns.Enqueue(source);
            source.Entries.Enqueue((entry, now));
            source.Waiting += entry.Weight;
        }

        if (wake) Wake();
    }

    public void Complete()
    {
        lock (_gate) _complete = true;
        Wake();
    }

    /// <summary>Waits for a reason to write a batch, and counts it. False when the queue has ended and is empty.</summary>
    public async ValueTask<bool> WaitForBatchAsync()
    {
        while (IsEmpty(out var complete))
        {
            if (complete) return false;
            await _wake.WaitAsync();
        }

        while (FlushIn() is { Ticks: > 0 } wait) await _wake.WaitAsync(wait);
        return true;
    }

    public List<HistoryEntry> TakeBatch()
    {
        var batch = new List<HistoryEntry>();
        var count = 0;
        lock (_gate)
        {
            while (count < MaxBatch && _turns.TryDequeue(out var source))
            {
                count += TakeTurn(source, batch);
                if (source.Entries.Count > 0) _turns.Enqueue(source);
            }

            _waiting -= count;
            _trigger.Taken(batch.Count(entry => entry.InFlight is not null), isEmpty: _turns.Count == 0, Stopwatch.GetTimestamp());
            _room?.TrySetResult();
            _room = null;
        }

        return batch;
    }

    public void Answered()
    {
        lock (_gate) _trigger.Answered(Stopwatch.GetTimestamp());
    }

    public void Dispose() => _wake.Dispose();

    int TakeTurn(HistorySource source, List<HistoryEntry> batch)
    {
        var count = 0;
        while (count < Turn && source.Entries.TryDequeue(out var next))
        {
            batch.Add(next.Entry);
            count += next.Entry.Weight;
            if (next.Entry.InFlight is not null) _owed -= next.Entry.Weight;
        }

        if (source.Entries.Count == 0 && source.Entries.Capacity > MaxBatch) source.Entries.TrimExcess(); // Memory of a past flood.
        source.Waiting -= count;
        return count;
    }

    bool IsEmpty(out bool complete)
    {
        lock (_gate)
        {
            complete = _complete;
            return _turns.Count == 0;
        }
    }

    TimeSpan FlushIn()
    {
        lock (_gate)
        {
            var (wait, reason) = _complete ? (TimeSpan.Zero, FlushReason.Stop) : _trigger.Next(_waiting, Stopwatch.GetTimestamp());
            if (wait == TimeSpan.Zero) _flushes[(int)reason]++;
            return wait;
        }
    }

    void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // The writer has not handled the last wake-up yet: one is enough.
        }
    }
}
