namespace Telemetry.Api.Broadcast;

/// <summary>Clients that asked for the same, and the bytes that they are to get.</summary>
/// <remarks>
/// A client is a cursor, not a queue: what it still has to get are the frames behind the last one it had. One that keeps up gets
/// every frame; for one that does not, the newest of a vehicle stands for those before it. A newcomer's snapshot is the same walk
/// from the beginning. Clients that are up to date, nearly all, get the same bytes, which are put together once, and while they are
/// nothing waits that publishes. Thread-safe.
/// </remarks>
/// <param name="subscription">What its clients asked for.</param>
/// <param name="log">The frames of the vehicles, at the pace.</param>
/// <param name="isAside">True if it is one of so many choices that their clients have senders of their own.</param>
sealed class Audience(Subscription subscription, FrameLog log, bool isAside = false)
{
    readonly Lock _gate = new();
    Batch _last;
    Batch _lastOfSlow;
    int _clients;

    /// <summary>What its clients asked for.</summary>
    public Subscription Subscription => subscription;

    /// <summary>The frames that it shows.</summary>
    public FrameLog Log => log;

    /// <summary>True if its clients have separate senders, not those of the first choices.</summary>
    public bool IsAside => isAside;

    /// <summary>Clients, kept by the hub.</summary>
    public int Clients
    {
        get => Volatile.Read(ref _clients);
        set => Volatile.Write(ref _clients, value);
    }

    /// <summary>The frames behind a cursor, the oldest first, as many as one write may hold.</summary>
    /// <param name="cursor">What the client has had; zero for a newcomer.</param>
    /// <param name="keepsUp">True if the client took at once what it was sent before.</param>
    public Batch Behind(long cursor, bool keepsUp)
    {
        // Frames of a rare choice are not kept: with a thousand choices that would be a thousand times all vehicles.
        if (Clients <= 1) return Gather(cursor, keepsUp);
        lock (_gate)
        {
            ref var last = ref keepsUp ? ref _last : ref _lastOfSlow;
            if (last.From != cursor || last.Newest != log.Newest) last = Gather(cursor, keepsUp);
            return last;
        }
    }

    Batch Gather(long cursor, bool keepsUp)
    {
        var (places, newest) = log.After(cursor, keepsUp);
        var (frames, bytes, had) = (new byte[places.Count][], 0, cursor);
        for (var i = 0; i < frames.Length; i++)
        {
            frames[i] = places[i].Encoded(subscription, had);
            had = places[i].Position;
            bytes += frames[i].Length;
        }

        return new Batch(cursor, had, newest, frames.Length, frames.Length == 1 ? frames[0] : Joined(frames, bytes));
    }

    static byte[] Joined(byte[][] frames, int bytes)
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
/// <param name="Frames">How many they are.</param>
/// <param name="Bytes">Their bytes; not to be changed.</param>
readonly record struct Batch(long From, long To, long Newest, int Frames, byte[] Bytes);
