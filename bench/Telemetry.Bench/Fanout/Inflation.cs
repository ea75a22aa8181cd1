using System.IO.Compression;

namespace Telemetry.Bench.Fanout;

/// <summary>Reads messages of permessage-deflate, each in the context of those before it.</summary>
sealed class Inflation : IDisposable
{
    readonly Message _message = new(); // Ends with the stream that reads it.
    readonly DeflateStream _inflate;
    readonly byte[] _buffer = new byte[4096];

    public Inflation() => _inflate = new DeflateStream(_message, CompressionMode.Decompress);

    /// <summary>The text of the next message; valid until the one after it.</summary>
    public ReadOnlySpan<byte> Next(ReadOnlySpan<byte> body)
    {
        _message.Take(body);
        return _buffer.AsSpan(0, _inflate.Read(_buffer));
    }

    public void Dispose() => _inflate.Dispose();

    // What has come so far, with the end that the sender leaves away (RFC 7692, section 7.2.2).
    sealed class Message : MemoryStream
    {
        public void Take(ReadOnlySpan<byte> body)
        {
            SetLength(0);
            Write(body);
            Write([0, 0, 0xFF, 0xFF]);
            Position = 0;
        }
    }
}
