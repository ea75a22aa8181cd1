namespace Telemetry.Api.Sockets;

/// <summary>Sees to it that all frames of a client are masked (RFC 6455, section 5.1), which <see cref="System.Net.WebSockets.WebSocket"/> takes on trust.</summary>
/// <remarks>A frame that is not gets reserved bits, which no extension can agree on here: so the WebSocket itself refuses it, with 1002.</remarks>
struct MaskCheck
{
    const byte MaskBit = 0x80;
    const byte ReservedBits = 0x30;
    const int MaskLength = 4;

    long _toSkip;
    long _length;
    int _lengthBytes;
    bool _isWithinHead;
    bool _isBroken;

    /// <summary>Whether a frame without a mask has come. Nothing after it counts.</summary>
    public readonly bool IsBroken => _isBroken;

    /// <summary>Frames whose heads were seen, those of control and empty ones too.</summary>
    public int Frames { get; private set; }

    /// <summary>Whether what was seen ends between the first two bytes of a frame: they must be seen together.</summary>
    public readonly bool IsWithinHead => _isWithinHead;

    /// <summary>Looks through what comes next of the connection.</summary>
    /// <param name="bytes">Read since the last time; the first byte of a frame that was <see cref="IsWithinHead">cut there</see> stands before it again.</param>
    public void Look(Span<byte> bytes)
    {
        _isWithinHead = false;
        for (var at = 0; at < bytes.Length;)
        {
            if (_toSkip > 0)
            {
                var skipped = (int)Math.Min(_toSkip, bytes.Length - at);
                (_toSkip, at) = (_toSkip - skipped, at + skipped);
            }
            else if (_lengthBytes > 0)
            {
                _length = (_length << 8) | bytes[at++];
                if (--_lengthBytes == 0) Skip(_length);
            }
            else if (at + 1 == bytes.Length)
            {
                _isWithinHead = true;
                return;
            }
            else
            {
                if ((bytes[at + 1] & MaskBit) == 0)
                {
                    bytes[at] |= ReservedBits;
                    _isBroken = true;
                    return;
                }

                Frames++;
                var length = bytes[at + 1] & ~MaskBit;
                (_length, _lengthBytes) = (0, length switch { 126 => 2, 127 => 8, _ => 0 });
                if (_lengthBytes == 0) Skip(length);
                at += 2;
            }
        }
    }

    // A length below zero is refused by the WebSocket; one that ends with it, or not before, never ends.
    void Skip(long length) => _toSkip = length is < 0 or > long.MaxValue - MaskLength ? long.MaxValue : length + MaskLength;
}
