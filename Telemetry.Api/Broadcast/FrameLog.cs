using System.Reactive.Concurrency;
using System.Reactive.Subjects;
using Telemetry.Api.Diagnostics;
using Telemetry.Api.Sockets;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Broadcast;

/// <summary>Frames in order of change: the newest of each vehicle and the last few hundred. Thread-safe.</summary>
/// <remarks>Shared by all audiences with the same vehicles and interval. Choices of signals cost nothing here: an audience derives their frames when it sends.</remarks>
sealed class FrameLog : IDisposable
{
    public const int MaxAtOnce = 256;

    readonly Subject<Frame>? _limited;
    readonly IDisposable? _limiting;
    readonly Lock _gate = new();
    readonly List<LogEntry> _byChange = [];
    readonly Dictionary<Vehicle, Frame> _newestOf = [];
    readonly List<AudienceShard> _shards = [];
    long _newest;

    /// <param name="interval">Zero: every frame. A change of state is always sent at once.</param>
    public FrameLog(TimeSpan interval, IScheduler scheduler)
    {
        if (interval <= TimeSpan.Zero) return;
        _limited = new Subject<Frame>();
        _limiting = _limited.LimitRate(frame => frame.Snapshot.Vehicle, interval, (before, now) => VehicleSnapshot.IsStateChange(before.Snapshot, now.Snapshot), scheduler).Subscribe(Append);
    }

    /// <summary>Written only by the hub, under its lock.</summary>
    public int Audiences { get; set; }

    public long Newest => Volatile.Read(ref _newest);

    public AudienceShard ShardOf(Sender sender)
    {
        lock (_gate)
        {
            var shard = _shards.Find(shard => shard.Sender == sender);
            if (shard is null) _shards.Add(shard = new AudienceShard(this, sender));
            return shard;
        }
    }

    /// <summary>Adds a frame as soon as the interval permits. One caller at a time.</summary>
    public void Add(Frame frame)
    {
        if (_limited is null) Append(frame);
        else _limited.OnNext(frame);
    }

    public void Remove(Vehicle vehicle)
    {
        lock (_gate) _newestOf.Remove(vehicle);
    }

    /// <summary>Oldest first, up to <see cref="MaxAtOnce"/>, with the newest position; the cursor of a new client is 0. Without <paramref name="keepsUp"/>, replaced frames are left out.</summary>
    public (List<LogEntry> Entries, long Newest) After(long cursor, bool keepsUp)
    {
        lock (_gate)
        {
            var entries = new List<LogEntry>();
            var at = IndexAfter(cursor);
            keepsUp &= _byChange.Count - at <= MaxAtOnce;
            for (; at < _byChange.Count && entries.Count < MaxAtOnce; at++)
            {
                var entry = _byChange[at];
                // Always include the last entry, even of a removed vehicle: a cursor must be the position of a frame that the client got.
                if (keepsUp || !IsReplaced(entry.Frame) || entry.Position == _newest) entries.Add(entry);
            }

            return (entries, _newest);
        }
    }

    public void Measure(long from, long to, Latencies latencies)
    {
        lock (_gate)
        {
            for (var at = IndexAfter(from); at < _byChange.Count && _byChange[at].Position <= to; at++)
                if (_byChange[at].Frame is { IsNews: true, Snapshot.HeardAt: { } heardAt }) latencies.Sent(heardAt);
        }
    }

    public void Dispose() => _limiting?.Dispose();

    void Append(Frame frame)
    {
        lock (_gate)
        {
            _newestOf[frame.Snapshot.Vehicle] = frame;
            if (_byChange.Count > 2 * (_newestOf.Count + MaxAtOnce)) RemoveReplaced();
            _byChange.Add(new LogEntry(frame, _byChange.Count > 0 ? _byChange[^1].Frame : null, _newest + 1));
            Volatile.Write(ref _newest, _newest + 1);
            foreach (var shard in _shards) shard.MarkDirty();
        }
    }

    int IndexAfter(long cursor)
    {
        var (low, high) = (0, _byChange.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_byChange[middle].Position <= cursor) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    // Keeps the last MaxAtOnce entries: a client that keeps up may still need them.
    void RemoveReplaced()
    {
        var recent = _byChange[^MaxAtOnce].Position;
        _byChange.RemoveAll(entry => entry.Position < recent && IsReplaced(entry.Frame));
    }

    bool IsReplaced(Frame frame) => _newestOf.GetValueOrDefault(frame.Snapshot.Vehicle) != frame;
}

/// <param name="before">Null at the first position, which is 1.</param>
sealed class LogEntry(Frame frame, Frame? before, long position)
{
    byte[]? _inContext;

    public Frame Frame => frame;

    public long Position => position;

    /// <param name="had">Position of the client's last frame: decides whether the compressor's window can be used.</param>
    public byte[] Encoded(Subscription subscription, long had)
    {
        var hasContext = subscription.Encoding == FrameEncoding.DeflatedInContext && before is not null && had == position - 1;
        var shown = frame.Showing(subscription.Signals);
        if (!hasContext) return shown.Encoded(subscription.Encoding, null);
        // Cached only for the contract's signals; the number of other choices is not bounded.
        return shown == frame ? _inContext ??= frame.Encoded(subscription.Encoding, before) : shown.Encoded(subscription.Encoding, before!.Showing(subscription.Signals));
    }
}
