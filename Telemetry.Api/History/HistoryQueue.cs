using System.Diagnostics;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

/// <summary>Readings on their way from the live path to the writer. Bounded: the live path never waits for a store. Thread-safe.</summary>
sealed class HistoryQueue(HistorySettings settings) : IDisposable
{
    /// <summary>Readings that are worth a write.</summary>
    public const int BatchSize = 5000;

    /// <summary>Readings of one write at most. When many wait, the larger it is the fewer summaries are written again and again.</summary>
    public const int MaxBatch = 20_000;

    /// <summary>Readings that may wait, half of them with somebody who waits for them. About 100 bytes each.</summary>
    public const int Capacity = 1_000_000;

    /// <summary>Readings of one sender that are taken before those of the next.</summary>
    const int Turn = 500;

    /// <summary>After this many seconds without a loss, readings are no longer said to be lost.</summary>
    static readonly TimeSpan LossIsToldFor = TimeSpan.FromMinutes(1);

    // Half of the window of a broker that gives no client more than 20, and few enough for most publishers to our own broker: the
    // other half is on its way while these are written.
    const int WindowShare = 10;

    // A smaller window shows as a pause: nothing has come for several times as long as messages lay apart before.
    const int PauseFactor = 4;
    static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(2);
    static readonly TimeSpan MaxGap = TimeSpan.FromMilliseconds(50);

    readonly HistorySource _unnamed = new();
    readonly Queue<HistorySource> _turns = new();
    readonly SemaphoreSlim _wake = new(0, 1);
    readonly Lock _gate = new();
    TaskCompletionSource? _room;
    long _waiting;
    long _owed;
    long _dropped;
    long _droppedAt;
    int _deliveries;
    long _firstAt;
    long _lastAt;
    long _lastAnswerAt;
    TimeSpan _gap;
    bool _complete;

    /// <summary>Readings that wait to be written.</summary>
    public long Waiting => Interlocked.Read(ref _waiting);

    /// <summary>Readings that found the queue full.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>True if readings were lost lately.</summary>
    public bool IsDropping
    {
        get
        {
            lock (_gate) return _droppedAt > 0 && Stopwatch.GetElapsedTime(_droppedAt) < LossIsToldFor;
        }
    }

    /// <summary>Time that the oldest message has waited.</summary>
    public TimeSpan Age
    {
        get
        {
            lock (_gate) return _turns.Count == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(_turns.Min(source => source.Entries.Peek().At));
        }
    }

    /// <summary>Waits until a sender may add a message that it waits for: so much of the room as is still free.</summary>
    /// <returns>Null where it may at once. Otherwise, done when it should ask again.</returns>
    public Task? WaitForRoomAsync(HistorySource source)
    {
        lock (_gate)
        {
            if (source.Waiting < Capacity / 2 - _owed) return null;
            return (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Takes what is to be kept of a message.</summary>
    /// <param name="vehicleEvent">What came of it; null where it is no reading.</param>
    /// <param name="delivery">Whom to tell when it is safe.</param>
    /// <param name="source">The sender, with turns of its own; null: one of those that share theirs.</param>
    /// <param name="isNew">False where it may have been added before, by this process or an earlier one.</param>
    /// <remarks>
    /// If the queue is full, a reading without acknowledgement (QoS 0) is dropped and counted; one with acknowledgement is not. A sender
    /// may fill as much as is still free, so that there is always room for another one.
    /// </remarks>
    public void Add(VehicleEvent? vehicleEvent, Delivery? delivery, HistorySource? source = null, bool isNew = false)
    {
        if (vehicleEvent is null && delivery is null) return;
        var now = Stopwatch.GetTimestamp();
        Add(new HistoryEntry(vehicleEvent?.Vehicle, vehicleEvent is Arrival arrival ? arrival.Readings : [], delivery, isNew ? now : 0), source, now);
    }

    /// <summary>Takes an alert after a change of it, in order with the readings that came before.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="delivery">Whom to tell when it is safe.</param>
    public void AddAlert(Alert alert, Delivery delivery) => Add(new HistoryEntry(alert.Vehicle, [], delivery, Alert: alert), null, Stopwatch.GetTimestamp());

    void Add(HistoryEntry entry, HistorySource? source, long now)
    {
        var delivery = entry.Delivery;
        var wake = false;
        lock (_gate)
        {
            var free = source is null ? Capacity - _waiting : Capacity / 2 - (_waiting - _owed) - source.Waiting;
            if (delivery is null && entry.Weight > free)
            {
                _dropped += entry.Readings.Length;
                if (entry.Readings.Length > 0) _droppedAt = now;
                return;
            }

            if (_firstAt == 0)
            {
                _firstAt = now;
                wake = true;
            }

            if (delivery is not null)
            {
                // The time that a sender was kept waiting says nothing about how far its messages lie apart.
                var gap = Stopwatch.GetElapsedTime(Math.Max(_lastAt, _lastAnswerAt), now);
                _gap = (_gap + (gap < MaxGap ? gap : MaxGap)) / 2;
                _lastAt = now;
                wake |= ++_deliveries == WindowShare;
            }

            var waitedBefore = _waiting;
            _waiting += entry.Weight;
            if (delivery is not null) _owed += entry.Weight;
            wake |= waitedBefore < BatchSize && _waiting >= BatchSize;
            source ??= _unnamed;
            if (source.Entries.Count == 0) _turns.Enqueue(source);
            source.Entries.Enqueue((entry, now));
            source.Waiting += entry.Weight;
        }

        if (wake) Wake();
    }

    /// <summary>Nothing more will come: what waits can be written now.</summary>
    public void Complete()
    {
        lock (_gate) _complete = true;
        Wake();
    }

    /// <summary>
    /// Waits until a batch is full, its first reading has waited for <see cref="HistorySettings.FlushInterval"/>, the sender waits
    /// for acknowledgements, or nothing more can come.
    /// </summary>
    /// <returns>False when all has been taken and nothing more will come.</returns>
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

    /// <summary>Takes what waits, up to about the largest batch.</summary>
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
            _firstAt = _turns.Count > 0 ? Stopwatch.GetTimestamp() : 0;
            _room?.TrySetResult();
            _room = null;
        }

        return batch;
    }

    /// <summary>Senders have been told, and may go on.</summary>
    public void Answered()
    {
        lock (_gate) _lastAnswerAt = Stopwatch.GetTimestamp();
    }

    public void Dispose() => _wake.Dispose();

    int TakeTurn(HistorySource source, List<HistoryEntry> batch)
    {
        var count = 0;
        while (count < Turn && source.Entries.TryDequeue(out var next))
        {
            batch.Add(next.Entry);
            count += next.Entry.Weight;
            if (next.Entry.Delivery is null) continue;
            _deliveries--;
            _owed -= next.Entry.Weight;
        }

        if (source.Entries.Count == 0 && source.Entries.Capacity > MaxBatch) source.Entries.TrimExcess(); // A flood is over.
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
            if (_complete || _waiting >= BatchSize || _deliveries >= WindowShare) return TimeSpan.Zero;
            var byAge = settings.FlushInterval - Stopwatch.GetElapsedTime(_firstAt);
            if (_deliveries == 0) return RoundedUp(byAge);
            var pause = PauseFactor * _gap;
            var byPause = (pause > MinPause ? pause : MinPause) - Stopwatch.GetElapsedTime(_lastAt);
            return RoundedUp(byPause < byAge ? byPause : byAge);
        }
    }

    // Timers count in whole milliseconds; less than one would be no wait at all, and the loop would spin.
    static TimeSpan RoundedUp(TimeSpan wait) => wait <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));

    void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Awake already.
        }
    }
}
