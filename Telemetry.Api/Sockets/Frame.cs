using System.Buffers.Binary;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Stream;

namespace Telemetry.Api.Sockets;

/// <summary>A snapshot as a WebSocket text frame (RFC 6455, section 5.2), encoded once for all clients. Thread-safe.</summary>
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

    public VehicleSnapshot Snapshot => snapshot;

    /// <summary>First frame of a reading that has just arrived: its latency is measured.</summary>
    public bool IsNews => isNews;

    byte[] Payload => _payload ??= TelemetryMessage.Serialize(snapshot, signals);

    /// <summary>Thread-safe. The first few choices are cached.</summary>
    public Frame Showing(SignalChoice others)
    {
        if (signals.Equals(others)) return this;
        var cached = Volatile.Read(ref _others) ?? Interlocked.CompareExchange(ref _others, [], null) ?? _others;
        lock (cached)
        {
            if (cached.TryGetValue(others, out var frame)) return frame;
            frame = new Frame(snapshot, isNews, others);
            if (cached.Count < MaxOthers) cached[others] = frame;
            return frame;
        }
    }

    /// <summary>Section 5.5.2, without a payload.</summary>
    public static readonly byte[] Ping = [0x89, 0];

    /// <summary>A server's frames are not masked, so all clients get the same bytes.</summary>
    public static byte[] Plain(byte[] payload) => Framed(FinalText, payload);

    public static byte[] Deflated(byte[] payload) => Framed(FinalText | Compressed, Deflate.Compress(payload, before: null));

    /// <param name="before">The client's frame before this one; null: no context to refer to.</param>
    public byte[] Encoded(FrameEncoding encoding, Frame? before) => encoding switch
    {
        FrameEncoding.Plain => _plain ??= Plain(Payload),
        FrameEncoding.DeflatedInContext when before is not null => Framed(FinalText | Compressed, Deflate.Compress(Payload, before.Payload)),
        _ => _deflated ??= Deflated(Payload),
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
