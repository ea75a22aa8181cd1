using System.Buffers.Binary;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Stream;

namespace Telemetry.Api.Broadcast;

/// <summary>The message of a picture as it stands on every wire: a WebSocket text frame (RFC 6455, section 5.2), made once for all clients.</summary>
sealed class Frame(VehiclePicture picture, long sequence)
{
    const byte FinalText = 0x81;
    const byte TwoByteLength = 126;

    byte[]? _bytes;

    /// <summary>What it shows.</summary>
    public VehiclePicture Picture => picture;

    /// <summary>Its place among all frames.</summary>
    public long Sequence => sequence;

    /// <summary>Header and payload. A server's frames are not masked, so everybody gets the same bytes.</summary>
    public byte[] Bytes => _bytes ??= Of(TelemetryMessage.Serialize(picture));

    static byte[] Of(byte[] payload)
    {
        var isShort = payload.Length < TwoByteLength;
        var frame = new byte[payload.Length + (isShort ? 2 : 4)];
        frame[0] = FinalText;
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
