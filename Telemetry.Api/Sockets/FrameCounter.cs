namespace Telemetry.Api.Sockets;

/// <summary>Counts the frames that a client sends (RFC 6455, section 5.2): <see cref="System.Net.WebSockets.WebSocket"/> shows only whole messages, and accepts frames without a mask.</summary>
struct FrameCounter
{
    const byte MaskBit = 0x80;
    const int MaskLength = 4;

    bool _hasOpcode; // The first byte of a header was read.
    int _lengthBytes; // Bytes of the extended length still to read; _length is its value so far.
    long _length;
    long _toSkip; // Remaining bytes of mask and payload.

    /// <summary>True after a frame without a mask (section 5.1). Later frames are not counted.</summary>
    public bool HasUnmasked { get; private set; }

    /// <summary>Frames whose headers are completed by these bytes, which continue those of the last call.</summary>
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

    // The WebSocket refuses a negative length; here it, and one that would overflow, skips for ever.
    void Skip(long length) => _toSkip = length is < 0 or > long.MaxValue - MaskLength ? long.MaxValue : length + MaskLength;
}
