using System.Buffers.Binary;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Stream;

namespace Telemetry.Api.Sockets;

/// <summary>The message of a snapshot as it stands on the wire: a WebSocket text frame (RFC 6455, section 5.2), made once for all clients.</summary>
/// <param name="snapshot">What it shows.</param>
/// <param name="isNews">True if it is the first to tell of a reading that has just arrived.</param>
/// <param name="signals">The signals that it shows beyond the six.</param>
sealed class Frame(VehicleSnapshot snapshot, bool isNews, SignalChoice signals)
{
    const int MaxOthers = 8;
    const byte FinalText = 0x81;
    const byte Compressed = 0x40; // RSV1
    const byte TwoByteLength = 126;
    const byte EightByteLength = 127;

    byte[]? _payload;
    byte[]? _plain;
    byte[]? _deflated;
    Dictionary<SignalChoice, Frame>? _others;

    /// <summary>What it shows.</summary>
    public VehicleSnapshot Snapshot => snapshot;

    /// <summary>True if it is the first to tell of a reading that has just arrived.</summary>
    public bool IsNews => isNews;

    // A server's frames are not masked, so everybody gets the same bytes.
    byte[] Plain => _plain ??= Framed(FinalText, Payload);

    byte[] Deflated => _deflated ??= Framed(FinalText | Compressed, Deflate.Compress(Payload, before: null));

    byte[] Payload => _payload ??= TelemetryMessage.Serialize(snapshot, signals);

    /// <summary>The frame that shows other signals of the same snapshot. Thread-safe. The first few choices are made once as well; more are not kept.</summary>
    public Frame Showing(SignalChoice others)
    {
        if (signals.Equals(others)) return this;
        var kept = Volatile.Read(ref _others) ?? Interlocked.CompareExchange(ref _others, [], null) ?? _others;
        lock (kept)
        {
            if (kept.TryGetValue(others, out var frame)) return frame;
            frame = new Frame(snapshot, isNews, others);
            if (kept.Count < MaxOthers) kept[others] = frame;
            return frame;
        }
    }

    /// <summary>Header and payload as a client wants them.</summary>
    /// <param name="encoding">How.</param>
    /// <param name="before">The frame that the client got just before; null: none that its window may refer to.</param>
    public byte[] Encoded(FrameEncoding encoding, Frame? before) => encoding switch
    {
        FrameEncoding.Plain => Plain,
        FrameEncoding.DeflatedInContext when before is not null => Framed(FinalText | Compressed, Deflate.Compress(Payload, before.Payload)),
        _ => Deflated,
    };

    static byte[] Framed(byte head, byte[] payload)
    {
        var header = payload.Length < TwoByteLength ? 2 : payload.Length <= ushort.MaxValue ? 4 : 10;
        var frame = new byte[header + payload.Length];
        frame[0] = head;
        switch (header)
        {
            case 2:
                frame[1] = (byte)payload.Length;
                break;
            case 4:
                frame[1] = TwoByteLength;
                BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
                break;
            default:
                frame[1] = EightByteLength;
                BinaryPrimitives.WriteUInt64BigEndian(frame.AsSpan(2), (ulong)payload.Length);
                break;
        }

        payload.CopyTo(frame, header);
        return frame;
    }
}
