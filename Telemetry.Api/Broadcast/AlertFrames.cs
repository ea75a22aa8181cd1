using Telemetry.Core.Alerts;

namespace Telemetry.Api.Broadcast;

/// <summary>Messages of alerts in order of change: the newest of each alert and the last few hundred. Thread-safe.</summary>
/// <remarks>A separate log: clients with and without alerts share the frames of vehicles.</remarks>
sealed class AlertFrames
{
    /// <summary>A client further behind gets only the newest message of each alert.</summary>
    const int MaxAtOnce = 256;

    readonly Lock _gate = new();
    readonly List<AlertFrame> _byChange = [];
    readonly Dictionary<Guid, AlertFrame> _newestOf = [];
    readonly Dictionary<AudienceShard, int> _shards = [];
    long _newest = 1; // A cursor of 0 is that of a new client.

    public long Newest => Volatile.Read(ref _newest);

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

    /// <summary>Marks a shard dirty at each message, as long as it has clients that ask for alerts.</summary>
    public void Join(AudienceShard shard)
    {
        lock (_gate) _shards[shard] = _shards.GetValueOrDefault(shard) + 1;
    }

    public void Leave(AudienceShard shard)
    {
        lock (_gate)
        {
            if (--_shards[shard] == 0) _shards.Remove(shard);
        }
    }

    /// <summary>The next batch, oldest message first. A new client (cursor 0) gets the open alerts. <paramref name="keepsUp"/>: its last write completed at once.</summary>
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

        // Outside the lock, because the first client of a frame deflates it, and new alerts would wait.
        return new Batch(cursor, frames.Count == MaxAtOnce ? frames[^1].Position : newest, newest, frames.Count, [.. frames.SelectMany(frame => frame.Encoded(subscription.Encoding))]);
    }

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

    // The last few hundred ended alerts stay: a client may still need them.
    void RemoveOld()
    {
        var recent = _byChange[^MaxAtOnce].Position;
        _byChange.RemoveAll(frame => frame.Position < recent && (frame.IsReplaced || frame.IsOver));
    }
}
