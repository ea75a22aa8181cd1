namespace Telemetry.Api.Sockets;

/// <summary>Compression of a client's frames.</summary>
enum FrameEncoding
{
    /// <summary>Not compressed.</summary>
    Plain,

    /// <summary>Each frame compressed by itself (RFC 7692): the client agreed to <c>server_no_context_takeover</c>.</summary>
    Deflated,

    /// <summary>Compressed, with reference to the message before.</summary>
    DeflatedInContext,
}
