using System.Net.WebSockets;

namespace Telemetry.Api.Broadcast;

/// <summary>Why the server ends a socket: the code and text of its close frame (RFC 6455, section 7.4).</summary>
/// <param name="Code">The close code.</param>
/// <param name="Text">What the close frame says.</param>
sealed record CloseReason(WebSocketCloseStatus Code, string Text)
{
    /// <summary>1001, raised at shutdown. Come back: the server may be starting again.</summary>
    public static readonly CloseReason ServerStops = new(WebSocketCloseStatus.EndpointUnavailable, "server is stopping");

    /// <summary>1000, the answer to a client's own close. It may come back whenever it likes.</summary>
    public static readonly CloseReason ClientLeaves = new(WebSocketCloseStatus.NormalClosure, "");

    /// <summary>4401, raised when the client's token expires. Come back with a new one.</summary>
    public static readonly CloseReason TokenExpired = new((WebSocketCloseStatus)4401, "token has expired");

    /// <summary>1009, raised by a message of more than 4096 bytes. Come back without it.</summary>
    public static readonly CloseReason MessageTooBig = new(WebSocketCloseStatus.MessageTooBig, "this socket only listens");

    /// <summary>1008, raised by more than 60 messages in a minute. Come back and listen.</summary>
    public static readonly CloseReason TooManyMessages = new(WebSocketCloseStatus.PolicyViolation, "this socket only listens");
}
