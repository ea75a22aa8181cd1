namespace Telemetry.Api.Sockets;

/// <summary>Counts the frames that a client sends (RFC 6455, section 5.2): <see cref="System.Net.WebSockets.WebSocket"/> shows whole messages only, and takes frames without a mask.</summary>
struct FrameCounter
{
    const byte MaskBit = 0x80;
    const int MaskLength = 4;

    bool _hasOpcode; // The first byte of a head was seen.
    int _lengthBytes; // That the length still has, and what it is so far.
    long _length;
    long _toSkip; // Of mask and payload.

    /// <summary>A frame without a mask has come (section 5.1). Nothing after it counts.</summary>
    public bool HasUnmasked { get; private set; }

    /// <summary>Frames whose heads are seen for the first time.</summary>
    /// <param name="bytes">Read since the last time.</param>
    public int Count(ReadOnlySpan<byte> bytes)
    {
        var frames = 0;
        for (var at = 0; at < bytes.Length && !HasUnmasked;)
        {
            if (_toSkip > 0)
            {
                var skipped = (int)Math.Min(_toSkip, bytes.Length - at);
                (_toSkip, at) = (_toSkip - skipped, at + skipped);
                continue;
            }

            var next = bytes[at++];
            if (_lengthBytes > 0)
            {
                _length = (_length << 8) | next;
                if (--_lengthBytes == 0) Skip(_length);
            }
            else if (!_hasOpcode)
            {
                _hasOpcode = true;
            }
            else
            {
                frames++;
                (_hasOpcode, HasUnmasked) = (false, (next & MaskBit) == 0);
                var length = next & ~MaskBit;
                (_length, _lengthBytes) = (0, length switch { 126 => 2, 127 => 8, _ => 0 });
                if (_lengthBytes == 0) Skip(length);
            }
        }

        return frames;
    }

    // A length below zero is refused by the WebSocket; one that ends with it, or not before, never ends.
    void Skip(long length) => _toSkip = length is < 0 or > long.MaxValue - MaskLength ? long.MaxValue : length + MaskLength;
}
