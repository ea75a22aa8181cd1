using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Broadcast;

/// <summary>Clients that asked for the same, and what they are to get: the newest frame of each vehicle, in the order of change.</summary>
/// <remarks>
/// A client is a cursor, not a queue: what it still has to get are the frames behind the last one it had. So the newest frame of a
/// vehicle always replaces an older one that a slow client has not taken, and a newcomer's snapshot is the same walk from the
/// beginning. Clients that are up to date, nearly all, get the same bytes, which are put together once. Thread-safe.
/// </remarks>
sealed class Audience(Filter filter)
{
    // Of one write: what a slow client may hold of frames that are replaced meanwhile; small against the socket's own buffers.
    const int MostAtOnce = 256;

    readonly Lock _gate = new();
    readonly List<Frame?> _byChange = []; // A hole where a vehicle has a newer frame.
    readonly List<long> _sequences = [];
    readonly Dictionary<Vehicle, int> _places = [];
    readonly List<Section> _sections = [];
    Batch _last;
    long _newest;

    /// <summary>What its clients asked for.</summary>
    public Filter Filter => filter;

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
            if (_places.TryGetValue(frame.Picture.Vehicle, out var place)) _byChange[place] = null;
            if (_byChange.Count > 2 * _places.Count + MostAtOnce) CloseHoles();
            _places[frame.Picture.Vehicle] = _byChange.Count;
            _byChange.Add(frame);
            _sequences.Add(frame.Sequence);
            Volatile.Write(ref _newest, frame.Sequence);
            foreach (var section in _sections) section.Due();
        }
    }

    /// <summary>The frames behind a cursor, the oldest first, as many as one write may hold.</summary>
    /// <param name="cursor">What the client has had; zero for a newcomer.</param>
    public Batch Behind(long cursor)
    {
        lock (_gate)
        {
            if (_last.From != cursor || _last.Newest != _newest) _last = Gather(cursor);
            return _last;
        }
    }

    Batch Gather(long cursor)
    {
        var found = _sequences.BinarySearch(cursor);
        var place = found < 0 ? ~found : found + 1;
        var (frames, bytes, to) = (new List<byte[]>(), 0, cursor);
        for (; place < _byChange.Count && frames.Count < MostAtOnce; place++)
        {
            to = _sequences[place];
            if (_byChange[place] is not { } frame) continue;
            frames.Add(frame.Bytes);
            bytes += frame.Bytes.Length;
        }

        return new Batch(cursor, to, _newest, frames.Count, frames.Count == 1 ? frames[0] : Joined(frames, bytes));
    }

    void CloseHoles()
    {
        var kept = 0;
        for (var place = 0; place < _byChange.Count; place++)
        {
            if (_byChange[place] is not { } frame) continue;
            _places[frame.Picture.Vehicle] = kept;
            _sequences[kept] = frame.Sequence;
            _byChange[kept++] = frame;
        }

        _byChange.RemoveRange(kept, _byChange.Count - kept);
        _sequences.RemoveRange(kept, _sequences.Count - kept);
    }

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
}

/// <summary>Frames that go out in one write.</summary>
/// <param name="From">The cursor before them.</param>
/// <param name="To">The cursor behind them.</param>
/// <param name="Newest">The newest frame there was; further than <paramref name="To"/> where more are waiting.</param>
/// <param name="Frames">How many.</param>
/// <param name="Bytes">Their bytes; not to be changed.</param>
readonly record struct Batch(long From, long To, long Newest, int Frames, byte[] Bytes);
