using Telemetry.Api.Sockets;

namespace Telemetry.Api.Broadcast;

/// <summary>Message that the list of vehicles, or the settings of one, have changed. It names no vehicle, because clients may see different ones; they request the list again. Thread-safe.</summary>
sealed class VehicleNews
{
    static readonly byte[] Payload = """{"type":"vehicles_changed"}"""u8.ToArray();
    static readonly byte[] Plain = Frame.Plain(Payload);
    static readonly byte[] Deflated = Frame.Deflated(Payload);

    readonly Lock _gate = new();
    readonly Dictionary<AudienceShard, int> _shards = [];
    long _newest;

    public long Newest => Volatile.Read(ref _newest);

    public static byte[] Encoded(FrameEncoding encoding) => encoding == FrameEncoding.Plain ? Plain : Deflated;

    public void Publish()
    {
        lock (_gate)
        {
            Volatile.Write(ref _newest, _newest + 1);
            foreach (var shard in _shards.Keys) shard.MarkDirty();
        }
    }

    /// <summary>Marks a shard dirty at each change, as long as it has clients that ask for it.</summary>
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
}
