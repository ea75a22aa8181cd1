using System.Diagnostics;
using System.Threading.Channels;
using Telemetry.Api.Store;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

/// <summary>Readings on their way from the live path to the writer. Bounded: the live path never waits for a store. Thread-safe.</summary>
sealed class HistoryQueue(HistorySettings settings) : IDisposable
{
    /// <summary>Readings that are worth a write.</summary>
    public const int BatchSize = 5000;

    /// <summary>Readings of one write at most. When many wait, the larger it is the fewer summaries are written again and again.</summary>
    public const int LargestBatch = 20_000;

    // About 100 bytes each: how far a store may fall behind before readings are lost.
    const int Capacity = 1_000_000;

    // Half of the window of a broker that gives no client more than 20, and few enough for most publishers to our own broker: the
    // other half is on its way while these are written.
    const int WindowShare = 10;

    // A smaller window shows as a pause: nothing has come for several times as long as messages lay apart before.
    const int PauseFactor = 4;
    static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(2);
    static readonly TimeSpan LongestGap = TimeSpan.FromMilliseconds(50);

    readonly Channel<HistoryEntry> _entries = Channel.CreateUnbounded<HistoryEntry>(new UnboundedChannelOptions { SingleReader = true });
    readonly SemaphoreSlim _wake = new(0, 1);
    readonly Lock _gate = new();
    long _waiting;
    long _dropped;
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

    /// <summary>Takes what is to be kept of a message.</summary>
    /// <param name="happening">What came of it; null where it is no reading.</param>
    /// <param name="delivery">Whom to tell when it is safe.</param>
    /// <param name="isNew">False where it may have been added before, by this process or an earlier one.</param>
    /// <remarks>A reading that nobody waits for is dropped and counted where the queue is full; one that somebody waits for is not.</remarks>
    public void Add(VehicleEvent? happening, Delivery? delivery, bool isNew = false)
    {
        if (happening is null && delivery is null) return;
        var now = Stopwatch.GetTimestamp();
        var entry = new HistoryEntry(happening?.Vehicle, happening is Arrival arrival ? arrival.Readings : [], delivery, isNew ? now : 0);
        var wake = false;
        lock (_gate)
        {
            if (delivery is null && _waiting + entry.Readings.Length > Capacity)
            {
                _dropped += entry.Readings.Length;
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
                _gap = (_gap + (gap < LongestGap ? gap : LongestGap)) / 2;
                _lastAt = now;
                wake |= ++_deliveries == WindowShare;
            }

            var waitedBefore = _waiting;
            _waiting += entry.Readings.Length;
            wake |= waitedBefore < BatchSize && _waiting >= BatchSize;
            _entries.Writer.TryWrite(entry);
        }

        if (wake) Wake();
    }

    /// <summary>Nothing more will come: what waits can be written now.</summary>
    public void Complete()
    {
        lock (_gate) _complete = true;
        _entries.Writer.TryComplete();
        Wake();
    }

    /// <summary>
    /// Waits until a batch is full, its first reading has waited for <see cref="HistorySettings.FlushInterval"/>, the sender waits
    /// for acknowledgements, or nothing more can come.
    /// </summary>
    /// <returns>False when all has been taken and nothing more will come.</returns>
    public async ValueTask<bool> WaitForBatch()
    {
        if (!await _entries.Reader.WaitToReadAsync()) return false;
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
            while (count < LargestBatch && batch.Count < LargestBatch && _entries.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
                count += entry.Readings.Length;
                if (entry.Delivery is not null) _deliveries--;
            }

            _waiting -= count;
            _firstAt = _entries.Reader.TryPeek(out _) ? Stopwatch.GetTimestamp() : 0;
        }

        return batch;
    }

    /// <summary>Senders have been told, and may go on.</summary>
    public void Answered()
    {
        lock (_gate) _lastAnswerAt = Stopwatch.GetTimestamp();
    }

    public void Dispose() => _wake.Dispose();

    TimeSpan FlushIn()
    {
        lock (_gate)
        {
            if (_complete || _waiting >= BatchSize || _deliveries >= WindowShare) return TimeSpan.Zero;
            var byAge = settings.FlushInterval - Stopwatch.GetElapsedTime(_firstAt);
            if (_deliveries == 0) return RoundedUp(byAge);
            var pause = PauseFactor * _gap;
            var byPause = (pause > ShortestPause ? pause : ShortestPause) - Stopwatch.GetElapsedTime(_lastAt);
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
