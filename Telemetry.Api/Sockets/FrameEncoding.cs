namespace Telemetry.Api.Sockets;

enum FrameEncoding
{
    Plain,

    /// <summary>Each frame by itself (RFC 7692): the client agreed to <c>server_no_context_takeover</c>.</summary>
    Deflated,

    DeflatedInContext,
}
