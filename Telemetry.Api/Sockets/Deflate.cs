using System.IO.Compression;

namespace Telemetry.Api.Sockets;

/// <summary>permessage-deflate (RFC 7692) that is done once for all clients.</summary>
/// <remarks>
/// A compressor for each client would remember what that client got. But two clients that got the same message last have the same end
/// of their window, so what refers to no more than that message can be read by both.
/// </remarks>
static class Deflate
{
    /// <summary>A sync flush ends with these four bytes, which are left away (section 7.2.1).</summary>
    const int TailLength = 4;

    /// <summary>Compresses a message.</summary>
    /// <param name="message">Its payload.</param>
    /// <param name="before">The message that its reader got before; null: it refers to none.</param>
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
