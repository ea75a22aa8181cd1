namespace Telemetry.Api.Broadcast;

/// <summary>Clients with equal subscriptions, and the bytes to send to them. Thread-safe.</summary>
/// <remarks>
/// A client is a cursor into the log, not a queue. A client that keeps up gets every frame; a slow one gets only the newest frame of
/// each vehicle. A new client's snapshot is the same walk from position 0. Clients that are up to date (nearly all) share one batch,
/// built once. Publishing never waits for a client.
/// </remarks>
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

    /// <summary>Written only by the hub, under its lock.</summary>
    public int Clients
    {
        get => Volatile.Read(ref _clients);
        set => Volatile.Write(ref _clients, value);
    }

    /// <summary>The next batch, oldest frame first; the cursor of a new client is 0. <paramref name="keepsUp"/>: its last write completed at once. Without <paramref name="hasContext"/> it got another message since, which compression must not refer to.</summary>
    public Batch After(long cursor, bool keepsUp, bool hasContext = true)
    {
        // Not cached for a single client: a thousand choices would be a thousand copies of all vehicles.
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

/// <summary>Frames of one write. If <paramref name="Newest"/> is greater than <paramref name="To"/>, more are waiting. <paramref name="Bytes"/> are shared and must not be modified.</summary>
readonly record struct Batch(long From, long To, long Newest, int Frames, byte[] Bytes);
