namespace Telemetry.Api.Sockets;

/// <summary>How frames are written for a client.</summary>
enum FrameEncoding
{
    /// <summary>As they are.</summary>
    Plain,

    /// <summary>Compressed (RFC 7692), each by itself: the client agreed to <c>server_no_context_takeover</c>.</summary>
    Deflated,

    /// <summary>Compressed, with reference to the message that the client got before.</summary>
    DeflatedInContext,
}
