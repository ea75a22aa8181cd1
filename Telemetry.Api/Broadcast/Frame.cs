using System.Buffers.Binary;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Stream;

namespace Telemetry.Api.Broadcast;

/// <summary>The message of a picture as it stands on the wire: a WebSocket text frame (RFC 6455, section 5.2), made once for all clients.</summary>
/// <param name="picture">What it shows.</param>
/// <param name="sequence">Its place among all frames.</param>
/// <param name="isNews">Whether it is the first to tell of a reading that has just arrived.</param>
sealed class Frame(VehiclePicture picture, long sequence, bool isNews = false)
{
    const byte FinalText = 0x81;
    const byte Compressed = 0x40; // RSV1
    const byte TwoByteLength = 126;

    byte[]? _payload;
    byte[]? _plain;
    byte[]? _deflated;

    /// <summary>What it shows.</summary>
    public VehiclePicture Picture => picture;

    /// <summary>Its place among all frames.</summary>
    public long Sequence => sequence;

    /// <summary>Whether it is the first to tell of a reading that has just arrived.</summary>
    public bool IsNews => isNews;

    /// <summary>Header and payload. A server's frames are not masked, so everybody gets the same bytes.</summary>
    public byte[] Plain => _plain ??= Framed(FinalText, Payload);

    /// <summary>The same, compressed by itself.</summary>
    public byte[] Deflated => _deflated ??= Framed(FinalText | Compressed, Deflate.Compress(Payload, before: null));

    byte[] Payload => _payload ??= TelemetryMessage.Serialize(picture);

    /// <summary>The same, compressed for whoever got another frame before.</summary>
    public byte[] DeflatedAfter(Frame before) => Framed(FinalText | Compressed, Deflate.Compress(Payload, before.Payload));

    static byte[] Framed(byte head, byte[] payload)
    {
        var isShort = payload.Length < TwoByteLength;
        var frame = new byte[payload.Length + (isShort ? 2 : 4)];
        frame[0] = head;
        if (isShort)
        {
            frame[1] = (byte)payload.Length;
        }
        else
        {
            frame[1] = TwoByteLength;
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), checked((ushort)payload.Length));
        }

        payload.CopyTo(frame, frame.Length - payload.Length);
        return frame;
    }
}
