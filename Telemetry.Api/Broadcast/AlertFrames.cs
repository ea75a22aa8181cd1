using Telemetry.Core.Alerts;

namespace Telemetry.Api.Broadcast;

/// <summary>Messages of alerts for the clients that ask for them, in order of change: the newest of each alert and the last few hundred. Thread-safe.</summary>
/// <remarks>A separate log: clients without alerts share frames, senders and every byte with those that ask for alerts.</remarks>
sealed class AlertFrames
{
    /// <summary>Maximum frames per write. A client further behind gets only the newest of each alert.</summary>
    const int MaxAtOnce = 256;

    readonly Lock _gate = new();
    readonly List<AlertFrame> _byChange = [];
    readonly Dictionary<Guid, AlertFrame> _newestOf = [];
    readonly Dictionary<AudienceShard, int> _shards = [];
    long _newest = 1; // A cursor of 0 is that of a new client.

    /// <summary>Newest position: the cursor of a client that is up to date.</summary>
    public long Newest => Volatile.Read(ref _newest);

    /// <summary>Adds the newest message of an alert.</summary>
    public void Publish(Alert alert, DateTime at)
    {
        lock (_gate)
        {
            var frame = new AlertFrame(alert, at, _newest + 1);
            if (_newestOf.TryGetValue(alert.Id, out var before)) before.IsReplaced = true;
            if (frame.IsOver) _newestOf.Remove(alert.Id);
            else _newestOf[alert.Id] = frame;
            _byChange.Add(frame);
            if (_byChange.Count > 2 * (_newestOf.Count + MaxAtOnce)) RemoveOld();
            Volatile.Write(ref _newest, _newest + 1);
            foreach (var shard in _shards.Keys) shard.MarkDirty();
        }
    }

    /// <summary>Marks a shard dirty whenever there is a new message, for as long as it has clients that ask for alerts.</summary>
    public void Join(AudienceShard shard)
    {
        lock (_gate) _shards[shard] = _shards.GetValueOrDefault(shard) + 1;
    }

    /// <summary>Counts a client of a shard as gone.</summary>
    public void Leave(AudienceShard shard)
    {
        lock (_gate)
        {
            if (--_shards[shard] == 0) _shards.Remove(shard);
        }
    }

    /// <summary>The next batch after a cursor, oldest message first.</summary>
    /// <param name="cursor">Cursor of the client; 0 for a new one, which gets the open alerts.</param>
    /// <param name="keepsUp">True if the client's last write completed at once.</param>
    /// <param name="subscription">Its vehicles and encoding.</param>
    public Batch After(long cursor, bool keepsUp, Subscription subscription)
    {
        List<AlertFrame> frames;
        long newest;
        lock (_gate)
        {
            var first = FirstAfter(cursor);
            var getsAll = keepsUp && cursor > 0 && _byChange.Count - first <= MaxAtOnce;
            frames = [.. Enumerable.Range(first, _byChange.Count - first).Select(i => _byChange[i])
                .Where(frame => (getsAll || !frame.IsReplaced) && (cursor > 0 || !frame.IsOver) && frame.IsFor(subscription.VehicleIds)).Take(MaxAtOnce)];
            newest = _newest;
        }

        // Outside the lock: alerts wait for it, and the first client of a frame deflates it.
        return new Batch(cursor, frames.Count == MaxAtOnce ? frames[^1].Position : newest, newest, frames.Count, [.. frames.SelectMany(frame => frame.Encoded(subscription.Encoding))]);
    }

    // The index of the first frame after a cursor.
    int FirstAfter(long cursor)
    {
        var (low, high) = (0, _byChange.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_byChange[middle].Position > cursor) high = middle;
            else low = middle + 1;
        }

        return low;
    }

    // Of alerts that are over, the last few hundred: a client may still need them.
    void RemoveOld()
    {
        var recent = _byChange[^MaxAtOnce].Position;
        _byChange.RemoveAll(frame => frame.Position < recent && (frame.IsReplaced || frame.IsOver));
    }
}
