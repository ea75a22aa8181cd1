using System.IO.Compression;

namespace Telemetry.Api.Sockets;

/// <summary>permessage-deflate (RFC 7692), done once for all clients.</summary>
/// <remarks>
/// A compressor per client would remember all that the client got. But the windows of two clients whose last message was the same end in
/// the same bytes, so both can read data that refers back to no more than that message.
/// </remarks>
static class Deflate
{
    /// <summary>A sync flush ends with these four bytes, which are left out (section 7.2.1).</summary>
    const int TailLength = 4;

    /// <param name="before">The receiver's message before this one; null: no reference to an earlier one.</param>
    public static byte[] Compress(byte[] message, byte[]? before)
    {
        using var bytes = new MemoryStream();
        using var deflate = new DeflateStream(bytes, CompressionLevel.Optimal, leaveOpen: true);
        if (before is not null)
        {
            deflate.Write(before);
            deflate.Flush();
        }

        var start = (int)bytes.Length;
        deflate.Write(message);
        deflate.Flush();
        return bytes.GetBuffer()[start..((int)bytes.Length - TailLength)];
    }
}
