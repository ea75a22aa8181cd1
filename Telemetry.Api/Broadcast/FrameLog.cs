using System.Reactive.Concurrency;
using System.Reactive.Subjects;
using Telemetry.Api.Diagnostics;
using Telemetry.Api.Sockets;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Broadcast;

/// <summary>Frames in the order of change: the newest of each vehicle, and the last few hundred. Thread-safe.</summary>
/// <remarks>
/// Shared by all audiences of the same vehicles at the same pace. Whatever signals they choose costs nothing here: frames are those of
/// the contract, and an audience makes its own of them when it sends.
/// </remarks>
sealed class FrameLog : IDisposable
{
    /// <summary>Frames of one write, and of a client that still counts as keeping up.</summary>
    public const int MaxAtOnce = 256;

    readonly Subject<Frame>? _paced;
    readonly IDisposable? _pacing;
    readonly Lock _gate = new();
    readonly List<Place> _byChange = [];
    readonly Dictionary<Vehicle, Frame> _newestOf = [];
    readonly List<AudienceShard> _sections = [];
    long _newest;

    /// <param name="interval">Shortest time between two frames of a vehicle, a change of state apart; zero: every frame.</param>
    /// <param name="scheduler">Waits, where there is such a time.</param>
    public FrameLog(TimeSpan interval, IScheduler scheduler)
    {
        if (interval <= TimeSpan.Zero) return;
        _paced = new Subject<Frame>();
        _pacing = _paced.LimitRate(frame => frame.Snapshot.Vehicle, interval, (before, now) => VehicleSnapshot.IsStateChange(before.Snapshot, now.Snapshot), scheduler).Subscribe(Add);
    }

    /// <summary>Audiences of it, kept by the hub.</summary>
    public int Audiences { get; set; }

    /// <summary>The cursor of a client that has had everything.</summary>
    public long Newest => Volatile.Read(ref _newest);

    /// <summary>The clients of it that a sender serves.</summary>
    public AudienceShard Section(Sender sender)
    {
        lock (_gate)
        {
            var section = _sections.Find(section => section.Sender == sender);
            if (section is null) _sections.Add(section = new AudienceShard(this, sender));
            return section;
        }
    }

    /// <summary>Puts a frame in the place of its vehicle's last one, as soon as the pace allows. One caller at a time.</summary>
    public void Put(Frame frame)
    {
        if (_paced is null) Add(frame);
        else _paced.OnNext(frame);
    }

    /// <summary>A vehicle's last frame is as good as replaced.</summary>
    public void Forget(Vehicle vehicle)
    {
        lock (_gate) _newestOf.Remove(vehicle);
    }

    /// <summary>Frames after a cursor, the oldest first, as many as one write may hold.</summary>
    /// <param name="cursor">What the client has had; zero for a newcomer.</param>
    /// <param name="keepsUp">True if the client took at once what it was sent before.</param>
    /// <returns>The places, and the newest position there was.</returns>
    public (List<Place> Places, long Newest) After(long cursor, bool keepsUp)
    {
        lock (_gate)
        {
            var places = new List<Place>();
            var at = IndexAfter(cursor);
            keepsUp &= _byChange.Count - at <= MaxAtOnce;
            for (; at < _byChange.Count && places.Count < MaxAtOnce; at++)
            {
                var place = _byChange[at];
                // The very last one goes out even if its vehicle has been forgotten since: a cursor stands at a frame that the client got.
                if (keepsUp || !IsReplaced(place.Frame) || place.Position == _newest) places.Add(place);
            }

            return (places, _newest);
        }
    }

    /// <summary>Records when the readings arrived that stand behind a cursor, up to another.</summary>
    public void Measure(long from, long to, Latencies latencies)
    {
        lock (_gate)
        {
            for (var at = IndexAfter(from); at < _byChange.Count && _byChange[at].Position <= to; at++)
                if (_byChange[at].Frame is { IsNews: true, Snapshot.HeardAt: { } heardAt }) latencies.Sent(heardAt);
        }
    }

    /// <summary>Lets no frame wait any longer.</summary>
    public void Dispose() => _pacing?.Dispose();

    void Add(Frame frame)
    {
        lock (_gate)
        {
            _newestOf[frame.Snapshot.Vehicle] = frame;
            if (_byChange.Count > 2 * (_newestOf.Count + MaxAtOnce)) ForgetReplaced();
            _byChange.Add(new Place(frame, _byChange.Count > 0 ? _byChange[^1].Frame : null, _newest + 1));
            Volatile.Write(ref _newest, _newest + 1);
            foreach (var section in _sections) section.MarkDirty();
        }
    }

    // Binary search: places stand in the order of their position.
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

    // All but the newest few: a client that keeps up may not have had them.
    void ForgetReplaced()
    {
        var recent = _byChange[^MaxAtOnce].Position;
        _byChange.RemoveAll(place => place.Position < recent && IsReplaced(place.Frame));
    }

    bool IsReplaced(Frame frame) => _newestOf.GetValueOrDefault(frame.Snapshot.Vehicle) != frame;
}

/// <summary>Where a frame stands in a log.</summary>
/// <param name="frame">The frame.</param>
/// <param name="before">The frame that stood at the position before; null at the first.</param>
/// <param name="position">How many frames the log had got with it.</param>
sealed class Place(Frame frame, Frame? before, long position)
{
    byte[]? _inContext;

    public Frame Frame => frame;

    public long Position => position;

    /// <summary>The frame as a client wants it.</summary>
    /// <param name="subscription">Which signals, and how encoded.</param>
    /// <param name="had">The position of the frame that the client got last.</param>
    public byte[] Encoded(Subscription subscription, long had)
    {
        var hasContext = subscription.Encoding == FrameEncoding.DeflatedInContext && before is not null && had == position - 1;
        var shown = frame.Showing(subscription.Signals);
        if (!hasContext) return shown.Encoded(subscription.Encoding, null);
        // Kept for what most clients ask for; of other choices there may be any number.
        return shown == frame ? _inContext ??= frame.Encoded(subscription.Encoding, before) : shown.Encoded(subscription.Encoding, before!.Showing(subscription.Signals));
    }
}
