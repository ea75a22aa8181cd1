using Telemetry.Api.Metrics;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Broadcast;

/// <summary>Clients that asked for the same, and what they are to get: frames in the order of change.</summary>
/// <remarks>
/// A client is a cursor, not a queue: what it still has to get are the frames behind the last one it had. One that keeps up gets
/// every frame; for one that does not, the newest of a vehicle stands for those before it. A newcomer's snapshot is the same walk
/// from the beginning. Clients that are up to date, nearly all, get the same bytes, which are put together once. Thread-safe.
/// </remarks>
sealed class Audience(Subscription subscription)
{
    // Frames of one write, and of a client that still counts as keeping up.
    const int MostAtOnce = 256;

    readonly Lock _gate = new();
    readonly List<Place> _byChange = [];
    readonly Dictionary<Vehicle, Frame> _newestOf = [];
    readonly List<Section> _sections = [];
    Batch _last;
    Batch _lastOfSlow;
    long _newest;
    long _placed;

    /// <summary>What its clients asked for.</summary>
    public Subscription Subscription => subscription;

    /// <summary>Clients, kept by the hub.</summary>
    public int Clients { get; set; }

    /// <summary>The cursor of a client that has had everything.</summary>
    public long Newest => Volatile.Read(ref _newest);

    /// <summary>The part of it that a sender serves.</summary>
    public Section Section(Sender sender)
    {
        lock (_gate)
        {
            var section = _sections.Find(section => section.Sender == sender);
            if (section is null) _sections.Add(section = new Section(this, sender));
            return section;
        }
    }

    /// <summary>Puts a frame in the place of its vehicle's last one.</summary>
    public void Put(Frame frame)
    {
        lock (_gate)
        {
            _newestOf[frame.Picture.Vehicle] = frame;
            if (_byChange.Count > 2 * (_newestOf.Count + MostAtOnce)) ForgetReplaced();
            _byChange.Add(new Place(frame, _byChange.Count > 0 ? _byChange[^1].Frame : null, ++_placed));
            Volatile.Write(ref _newest, frame.Sequence);
            foreach (var section in _sections) section.Due();
        }
    }

    /// <summary>A vehicle's last frame is as good as replaced.</summary>
    public void Forget(Vehicle vehicle)
    {
        lock (_gate) _newestOf.Remove(vehicle);
    }

    /// <summary>The frames behind a cursor, the oldest first, as many as one write may hold.</summary>
    /// <param name="cursor">What the client has had; zero for a newcomer.</param>
    /// <param name="keepsUp">Whether the client took at once what it was sent before.</param>
    public Batch Behind(long cursor, bool keepsUp)
    {
        lock (_gate)
        {
            ref var last = ref keepsUp ? ref _last : ref _lastOfSlow;
            if (last.From != cursor || last.Newest != _newest) last = Gather(cursor, keepsUp);
            return last;
        }
    }

    /// <summary>Tells when the readings arrived that stand behind a cursor, up to another.</summary>
    public void Measure(long from, long to, Latencies latencies)
    {
        var now = DateTime.UtcNow;
        lock (_gate)
        {
            for (var place = PlaceBehind(from); place < _byChange.Count && _byChange[place].Frame is var frame && frame.Sequence <= to; place++)
                if (frame.IsNews) latencies.Sent(frame.Picture.Timestamp, now);
        }
    }

    Batch Gather(long cursor, bool keepsUp)
    {
        var place = PlaceBehind(cursor);
        keepsUp &= _byChange.Count - place <= MostAtOnce;
        var (frames, bytes, had, position) = (new List<byte[]>(), 0, cursor, 0L);
        for (; place < _byChange.Count && frames.Count < MostAtOnce; place++)
        {
            var next = _byChange[place];
            if (!keepsUp && IsReplaced(next.Frame)) continue;
            var frame = next.Encoded(subscription.Encoding, had);
            (had, position) = (next.Frame.Sequence, next.Position);
            frames.Add(frame);
            bytes += frame.Length;
        }

        return new Batch(cursor, had, _newest, position, frames.Count, frames.Count == 1 ? frames[0] : Joined(frames, bytes));
    }

    // Binary search: frames stand in the order of their sequence.
    int PlaceBehind(long cursor)
    {
        var (low, high) = (0, _byChange.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_byChange[middle].Frame.Sequence <= cursor) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    // All but the newest few: a client that keeps up may not have had them.
    void ForgetReplaced()
    {
        var recent = _byChange[^MostAtOnce].Frame.Sequence;
        _byChange.RemoveAll(place => place.Frame.Sequence < recent && IsReplaced(place.Frame));
    }

    bool IsReplaced(Frame frame) => _newestOf.GetValueOrDefault(frame.Picture.Vehicle) != frame;

    static byte[] Joined(List<byte[]> frames, int bytes)
    {
        var joined = new byte[bytes];
        var at = 0;
        foreach (var frame in frames)
        {
            frame.CopyTo(joined, at);
            at += frame.Length;
        }

        return joined;
    }

    sealed class Place(Frame frame, Frame? before, long position)
    {
        byte[]? _inContext;

        public Frame Frame => frame;

        public long Position => position;

        /// <param name="encoding">How.</param>
        /// <param name="had">The frame that the client got last.</param>
        public byte[] Encoded(FrameEncoding encoding, long had) => encoding switch
        {
            FrameEncoding.Plain => frame.Plain,
            FrameEncoding.DeflatedInContext when before?.Sequence == had => _inContext ??= frame.DeflatedAfter(before),
            _ => frame.Deflated,
        };
    }
}

/// <summary>Frames that go out in one write.</summary>
/// <param name="From">The cursor before them.</param>
/// <param name="To">The cursor behind them.</param>
/// <param name="Newest">The newest frame there was; further than <paramref name="To"/> where more are waiting.</param>
/// <param name="Position">How many frames the audience had got with the last of them.</param>
/// <param name="Frames">How many they are.</param>
/// <param name="Bytes">Their bytes; not to be changed.</param>
readonly record struct Batch(long From, long To, long Newest, long Position, int Frames, byte[] Bytes);
