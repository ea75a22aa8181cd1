using Telemetry.Api.Sockets;

namespace Telemetry.Api.Broadcast;

/// <summary>Newest message of each vehicle's forecasts, for the clients that ask for them. Thread-safe.</summary>
/// <remarks>A separate log, as that of alerts: clients without forecasts share frames, senders and every byte with those that ask for them.</remarks>
sealed class ForecastFrames
{
    readonly Lock _gate = new();
    readonly Dictionary<int, ForecastFrame> _newestOf = [];
    readonly Dictionary<AudienceShard, int> _shards = [];
    readonly Dictionary<int, int> _wanted = [];
    long _newest;
    int _wantAll;
    int _wantSome;

    /// <summary>Newest position: the cursor of a client that is up to date.</summary>
    public long Newest => Volatile.Read(ref _newest);

    /// <summary>True if a client asks for a vehicle's forecasts.</summary>
    public bool AreWanted(int vehicleId)
    {
        if (Volatile.Read(ref _wantAll) > 0) return true;
        if (Volatile.Read(ref _wantSome) == 0) return false;
        lock (_gate) return _wanted.ContainsKey(vehicleId);
    }

    /// <summary>Replaces a vehicle's message.</summary>
    public void Publish(int vehicleId, byte[] payload)
    {
        lock (_gate)
        {
            _newestOf[vehicleId] = new ForecastFrame(payload, _newest + 1);
            Volatile.Write(ref _newest, _newest + 1);
            foreach (var shard in _shards.Keys) shard.MarkDirty();
        }
    }

    /// <summary>Removes a vehicle's message: new clients do not get it.</summary>
    public void Remove(int vehicleId)
    {
        lock (_gate) _newestOf.Remove(vehicleId);
    }

    /// <summary>Marks a shard dirty whenever there is a new message, for as long as it has clients that ask for forecasts.</summary>
    public void Join(AudienceShard shard, IReadOnlyList<int>? vehicleIds)
    {
        lock (_gate)
        {
            _shards[shard] = _shards.GetValueOrDefault(shard) + 1;
            if (vehicleIds is null) _wantAll++;
            else _wantSome++;
            foreach (var id in vehicleIds ?? []) _wanted[id] = _wanted.GetValueOrDefault(id) + 1;
        }
    }

    /// <summary>Counts a client of a shard as gone.</summary>
    public void Leave(AudienceShard shard, IReadOnlyList<int>? vehicleIds)
    {
        lock (_gate)
        {
            if (--_shards[shard] == 0) _shards.Remove(shard);
            if (vehicleIds is null) _wantAll--;
            else _wantSome--;
            foreach (var id in vehicleIds ?? [])
                if (--_wanted[id] == 0) _wanted.Remove(id);
        }
    }

    /// <summary>The newest messages of a subscription's vehicles after a cursor, and the cursor after them.</summary>
    public (long Cursor, int Frames, byte[] Bytes) After(long cursor, Subscription subscription)
    {
        List<ForecastFrame> frames;
        long newest;
        lock (_gate)
        {
            frames = [.. _newestOf.Where(frame => frame.Value.Position > cursor && (subscription.VehicleIds?.Contains(frame.Key) ?? true)).OrderBy(frame => frame.Value.Position).Select(frame => frame.Value)];
            newest = _newest;
        }

        return (newest, frames.Count, [.. frames.SelectMany(frame => frame.Encoded(subscription.Encoding))]);
    }

    sealed class ForecastFrame(byte[] payload, long position)
    {
        byte[]? _deflated;

        public long Position => position;

        public byte[] Encoded(FrameEncoding encoding) => encoding == FrameEncoding.Plain ? Frame.Plain(payload) : _deflated ??= Frame.Deflated(payload);
    }
}
