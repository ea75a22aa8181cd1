namespace Telemetry.Api.Broadcast;

/// <summary>Clients with equal subscriptions, and the bytes to send to them. Thread-safe.</summary>
/// <remarks>
/// A client is a cursor into the log, not a queue. A client that keeps up gets every frame; a slow one gets only the newest frame of
/// each vehicle. A new client's snapshot is the same walk from position 0. Clients that are up to date (nearly all) share one batch,
/// built once. Publishing never waits for a client.
/// </remarks>
/// <param name="isOverflow">True if its clients are served by the overflow senders.</param>
sealed class Audience(Subscription subscription, FrameLog log, bool isOverflow = false)
{
    const long NoFrame = -1;

    readonly Lock _gate = new();
    Batch _last;
    Batch _lastOfSlow;
    int _clients;

    public Subscription Subscription => subscription;

    public FrameLog Log => log;

    public bool IsOverflow => isOverflow;

    /// <summary>Number of clients. Written only by the hub, under its lock.</summary>
    public int Clients
    {
        get => Volatile.Read(ref _clients);
        set => Volatile.Write(ref _clients, value);
    }

    /// <summary>The next batch after a cursor, oldest frame first.</summary>
    /// <param name="cursor">Position of the last frame that the client got; 0 for a new client.</param>
    /// <param name="keepsUp">True if the client's last write completed at once.</param>
    /// <param name="hasContext">False if the client got another message since: the first frame must not refer to that of the cursor.</param>
    public Batch After(long cursor, bool keepsUp, bool hasContext = true)
    {
        // A choice with a single client is not cached: with a thousand choices that would be a thousand copies of all vehicles.
        if (Clients <= 1 || !hasContext) return Gather(cursor, keepsUp, hasContext);
        lock (_gate)
        {
            ref var last = ref keepsUp ? ref _last : ref _lastOfSlow;
            if (last.From != cursor || last.Newest != log.Newest) last = Gather(cursor, keepsUp, hasContext);
            return last;
        }
    }

    Batch Gather(long cursor, bool keepsUp, bool hasContext)
    {
        var (entries, newest) = log.After(cursor, keepsUp);
        var (frames, bytes, had) = (new byte[entries.Count][], 0, hasContext ? cursor : NoFrame);
        for (var i = 0; i < frames.Length; i++)
        {
            frames[i] = entries[i].Encoded(subscription, had);
            had = entries[i].Position;
            bytes += frames[i].Length;
        }

        return new Batch(cursor, had == NoFrame ? cursor : had, newest, frames.Length, frames.Length == 1 ? frames[0] : Join(frames, bytes));
    }

    static byte[] Join(byte[][] frames, int bytes)
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
/// <param name="From">Cursor before them.</param>
/// <param name="To">Cursor after them.</param>
/// <param name="Newest">Newest position in the log; greater than <paramref name="To"/> if more frames are waiting.</param>
/// <param name="Bytes">The encoded frames. Shared; never modify.</param>
readonly record struct Batch(long From, long To, long Newest, int Frames, byte[] Bytes);
