using Telemetry.Api.Sockets;

namespace Telemetry.Api.Broadcast;

/// <summary>Newest message of each vehicle's forecasts. Thread-safe.</summary>
/// <remarks>A separate log like that of alerts: clients with and without forecasts share the frames of vehicles.</remarks>
sealed class ForecastFrames
{
    readonly Lock _gate = new();
    readonly Dictionary<int, ForecastFrame> _newestOf = [];
    readonly Dictionary<AudienceShard, int> _shards = [];
    readonly Dictionary<int, int> _wanted = [];
    long _newest;
    int _wantAll;
    int _wantSome;

    public long Newest => Volatile.Read(ref _newest);

    public bool AreWanted(int vehicleId)
    {
        if (Volatile.Read(ref _wantAll) > 0) return true;
        if (Volatile.Read(ref _wantSome) == 0) return false;
        lock (_gate) return _wanted.ContainsKey(vehicleId);
    }

    public void Publish(int vehicleId, byte[] payload)
    {
        lock (_gate)
        {
            _newestOf[vehicleId] = new ForecastFrame(payload, _newest + 1);
            Volatile.Write(ref _newest, _newest + 1);
            foreach (var shard in _shards.Keys) shard.MarkDirty();
        }
    }

    public void Remove(int vehicleId)
    {
        lock (_gate) _newestOf.Remove(vehicleId);
    }

    /// <summary>Marks a shard dirty at each message, as long as it has clients that ask for forecasts.</summary>
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
