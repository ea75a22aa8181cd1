using System.Net.WebSockets;

namespace Telemetry.Api.Sockets;

/// <summary>Code and text of a close frame that the server sends (RFC 6455, section 7.4).</summary>
/// <remarks>1007, and 1002 except <see cref="NoMask"/>, come from <see cref="WebSocket"/> itself, for frames against RFC 6455. Reconnect with a client that follows it.</remarks>
sealed record CloseReason(WebSocketCloseStatus Code, string Text)
{
    /// <summary>1001, at shutdown. Reconnect: the server may be restarting.</summary>
    public static readonly CloseReason ServerStops = new(WebSocketCloseStatus.EndpointUnavailable, "server is stopping");

    /// <summary>1000, the answer to a client's own close. Reconnect at any time.</summary>
    public static readonly CloseReason ClientLeaves = new(WebSocketCloseStatus.NormalClosure, "");

    /// <summary>4401, when the client's token expires. Reconnect with a new one.</summary>
    public static readonly CloseReason TokenExpired = new((WebSocketCloseStatus)4401, "token has expired");

    /// <summary>4401, when the login that the client's token belongs to has ended. Reconnect after a new login.</summary>
    public static readonly CloseReason LoggedOut = new((WebSocketCloseStatus)4401, "logged out");

    /// <summary>1002, for a frame without a mask (RFC 6455, section 5.1), which <see cref="WebSocket"/> would accept. Reconnect with a client that masks.</summary>
    public static readonly CloseReason NoMask = new(WebSocketCloseStatus.ProtocolError, "frames of a client are masked");

    /// <summary>1009, for a message of more than 4096 bytes. Reconnect without it.</summary>
    public static readonly CloseReason MessageTooBig = new(WebSocketCloseStatus.MessageTooBig, "this socket only listens");

    /// <summary>1008, for more than 60 messages in a minute. Reconnect and only listen.</summary>
    public static readonly CloseReason TooManyMessages = new(WebSocketCloseStatus.PolicyViolation, "this socket only listens");

    /// <summary>1011, for a fault in the server, which its log reports. Reconnect after a while.</summary>
    public static readonly CloseReason ServerFails = new(WebSocketCloseStatus.InternalServerError, "the server has failed");

    /// <summary>4000, when a playback reaches the end of its range. Reconnect for another range, or to repeat it.</summary>
    public static readonly CloseReason EndOfRecording = new((WebSocketCloseStatus)4000, "end of the recording");

    /// <summary>1013, when the store cannot be read during a playback. Reconnect after a while.</summary>
    public static readonly CloseReason StoreAway = new((WebSocketCloseStatus)1013, "the store cannot be read now");

    /// <summary>1009, for a message of more than 4096 bytes to a playback. Reconnect without it.</summary>
    public static readonly CloseReason CommandTooBig = new(WebSocketCloseStatus.MessageTooBig, "a message takes at most 4096 bytes");

    /// <summary>1008, for more than 3000 messages in a minute to a playback. Reconnect and send fewer.</summary>
    public static readonly CloseReason TooManyCommands = new(WebSocketCloseStatus.PolicyViolation, "takes at most 3000 messages in a minute");

    /// <summary>4400, for a command that a playback does not understand. Reconnect and send a valid one.</summary>
    /// <param name="takes">The valid commands, at most 123 bytes.</param>
    public static CloseReason BadCommand(string takes) => new((WebSocketCloseStatus)4400, takes);
}
