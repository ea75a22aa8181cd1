using System.Diagnostics;
using System.Threading.Channels;
using Telemetry.Api.Store;

namespace Telemetry.Cluster;

/// <summary>Messages for a shard that its owner has not stored yet. Thread-safe.</summary>
/// <remarks>One call under way, because calls may overtake each other. After a failure all are sent again from the oldest on; an owner passes over what it has taken.</remarks>
sealed partial class ShardQueue(IVehicleShard shard, long receiver, SiloAddress self, ILogger<ShardQueue> log)
{
    const int MaxBatch = 500;

    /// <summary>Messages without acknowledgement beyond this number are dropped while there is no owner.</summary>
    const int MaxUnacknowledged = 20_000;

    static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    readonly Lock _gate = new();
    readonly List<Entry> _entries = [];
    readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    long _first = 1; // Number of the oldest.
    int _sent; // Number of the oldest entries that the owner has taken.
    int _failures;
    Task _storing = Task.CompletedTask;

    public int Count
    {
        get { lock (_gate) return _entries.Count; }
    }

    public TimeSpan Age
    {
        get { lock (_gate) return _entries.Count == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(_entries[0].At); }
    }

    public void Add(RoutedMessage message, InFlight? inFlight)
    {
        lock (_gate)
        {
            if (inFlight is null && _entries.Count >= MaxUnacknowledged) return;
            _entries.Add(new Entry(message, inFlight, Stopwatch.GetTimestamp()));
        }

        Wake();
    }

    public async Task SendUntilStoppedAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await _wake.Reader.ReadAsync(stopping);
            while (Next() is { } batch)
            {
                stopping.ThrowIfCancellationRequested();
                try
                {
                    await shard.TakeAsync(batch);
                    lock (_gate) _sent = Math.Max(_sent, (int)(batch.First + batch.Messages.Length - _first));
                    _failures = 0;
                    if (_storing.IsCompleted) _storing = AcknowledgeAsync(stopping);
                }
                catch (Exception error) when (!stopping.IsCancellationRequested)
                {
                    if (++_failures % 50 == 1) Log.NotTaken(log, shard.GetPrimaryKeyLong(), error.Message);
                    Repeat();
                    await Task.Delay(RetryDelay, stopping);
                }
            }
        }
    }

    // Until all that the owner has taken is stored.
    async Task AcknowledgeAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            long last;
            lock (_gate) last = _first + _sent - 1;
            if (last < _first) return;
            try
            {
                await shard.DurableAsync(receiver, last);
            }
            catch (Exception) when (!stopping.IsCancellationRequested)
            {
                Repeat();
                Wake();
                return;
            }

            List<Entry> stored;
            lock (_gate)
            {
                var count = (int)Math.Clamp(last - _first + 1, 0, _entries.Count);
                stored = _entries.GetRange(0, count);
                _entries.RemoveRange(0, count);
                _first += count;
                _sent = Math.Max(0, _sent - count);
            }

            foreach (var entry in stored)
                if (entry.InFlight is { } inFlight) await inFlight.AcknowledgeAsync();
        }
    }

    MessageBatch? Next()
    {
        lock (_gate)
        {
            var count = Math.Min(MaxBatch, _entries.Count - _sent);
            return count <= 0 ? null : new MessageBatch(receiver, self, _first + _sent, [.. _entries.GetRange(_sent, count).Select(entry => entry.Message)], _first);
        }
    }

    // The owner may have stored some of them without an answer.
    void Repeat()
    {
        lock (_gate)
        {
            _sent = 0;
            for (var i = 0; i < _entries.Count; i++) _entries[i] = _entries[i] with { Message = _entries[i].Message with { IsAgain = true } };
        }
    }

    void Wake() => _wake.Writer.TryWrite(true);

    /// <param name="At">Stopwatch timestamp.</param>
    readonly record struct Entry(RoutedMessage Message, InFlight? InFlight, long At);

    static partial class Log
    {
        [LoggerMessage(1202, LogLevel.Information, "Shard {Shard} takes no messages now ({Problem}); they are sent again")]
        public static partial void NotTaken(ILogger log, long shard, string problem);
    }
}
