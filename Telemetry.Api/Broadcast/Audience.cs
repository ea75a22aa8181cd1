using System.Reactive.Concurrency;
using System.Reactive.Subjects;
using Telemetry.Api.Diagnostics;
using Telemetry.Api.Sockets;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Broadcast;

/// <summary>Clients that asked for the same, and what they are to get: frames in the order of change.</summary>
/// <remarks>
/// A client is a cursor, not a queue: what it still has to get are the frames behind the last one it had. One that keeps up gets
/// every frame; for one that does not, the newest of a vehicle stands for those before it. A newcomer's snapshot is the same walk
/// from the beginning. Clients that are up to date, nearly all, get the same bytes, which are put together once. Thread-safe.
/// </remarks>
sealed class Audience : IDisposable
{
    // Frames of one write, and of a client that still counts as keeping up.
    const int MostAtOnce = 256;

    readonly Subscription _subscription;
    readonly Subject<Frame>? _paced;
    readonly IDisposable? _pacing;
    readonly Lock _gate = new();
    readonly List<Place> _byChange = [];
    readonly Dictionary<Vehicle, Frame> _newestOf = [];
    readonly List<Section> _sections = [];
    Batch _last;
    Batch _lastOfSlow;
    long _newest;

    /// <param name="subscription">What its clients asked for.</param>
    /// <param name="scheduler">Waits, where they want fewer messages than there are.</param>
    public Audience(Subscription subscription, IScheduler scheduler)
    {
        _subscription = subscription;
        if (subscription.Interval <= TimeSpan.Zero) return;
        _paced = new Subject<Frame>();
        _pacing = _paced.LimitRate(frame => frame.Picture.Vehicle, subscription.Interval, (before, now) => VehiclePicture.HasOtherState(before.Picture, now.Picture), scheduler).Subscribe(Add);
    }

    /// <summary>What its clients asked for.</summary>
    public Subscription Subscription => _subscription;

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

    /// <summary>Puts a frame in the place of its vehicle's last one, as soon as the clients' pace allows. One caller at a time.</summary>
    public void Put(Frame frame)
    {
        frame = frame.Showing(_subscription.Signals);
        if (_paced is null) Add(frame);
        else _paced.OnNext(frame);
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
            for (var place = PlaceBehind(from); place < _byChange.Count && _byChange[place].Position <= to; place++)
                if (_byChange[place].Frame is { IsNews: true } frame) latencies.Sent(frame.Picture.Timestamp, now);
        }
    }

    /// <summary>Lets no frame wait any longer.</summary>
    public void Dispose() => _pacing?.Dispose();

    void Add(Frame frame)
    {
        lock (_gate)
        {
            _newestOf[frame.Picture.Vehicle] = frame;
            if (_byChange.Count > 2 * (_newestOf.Count + MostAtOnce)) ForgetReplaced();
            _byChange.Add(new Place(frame, _byChange.Count > 0 ? _byChange[^1].Frame : null, _newest + 1));
            Volatile.Write(ref _newest, _newest + 1);
            foreach (var section in _sections) section.Due();
        }
    }

    Batch Gather(long cursor, bool keepsUp)
    {
        var place = PlaceBehind(cursor);
        keepsUp &= _byChange.Count - place <= MostAtOnce;
        var (frames, bytes, had) = (new List<byte[]>(), 0, cursor);
        for (; place < _byChange.Count && frames.Count < MostAtOnce; place++)
        {
            var next = _byChange[place];
            // The very last one goes out even if its vehicle has been forgotten since: a cursor stands at a frame that the client got.
            if (!keepsUp && IsReplaced(next.Frame) && next.Position < _newest) continue;
            var frame = next.Encoded(_subscription.Encoding, had);
            had = next.Position;
            frames.Add(frame);
            bytes += frame.Length;
        }

        return new Batch(cursor, had, _newest, frames.Count, frames.Count == 1 ? frames[0] : Joined(frames, bytes));
    }

    // Binary search: places stand in the order of their position.
    int PlaceBehind(long cursor)
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
        var recent = _byChange[^MostAtOnce].Position;
        _byChange.RemoveAll(place => place.Position < recent && IsReplaced(place.Frame));
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

    /// <param name="frame">What stands there.</param>
    /// <param name="before">The frame that stood at the position before; null at the first.</param>
    /// <param name="position">How many frames the audience had got with it.</param>
    sealed class Place(Frame frame, Frame? before, long position)
    {
        byte[]? _inContext;

        public Frame Frame => frame;

        public long Position => position;

        /// <param name="encoding">How.</param>
        /// <param name="had">The position of the frame that the client got last.</param>
        public byte[] Encoded(FrameEncoding encoding, long had) => encoding == FrameEncoding.DeflatedInContext && before is not null && had == position - 1
            ? _inContext ??= frame.Encoded(encoding, before)
            : frame.Encoded(encoding, null);
    }
}

/// <summary>Frames that go out in one write.</summary>
/// <param name="From">The cursor before them.</param>
/// <param name="To">The cursor behind them.</param>
/// <param name="Newest">The newest frame there was; further than <paramref name="To"/> where more are waiting.</param>
/// <param name="Frames">How many they are.</param>
/// <param name="Bytes">Their bytes; not to be changed.</param>
readonly record struct Batch(long From, long To, long Newest, int Frames, byte[] Bytes);
