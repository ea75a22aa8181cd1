using System.Net.WebSockets;

namespace Telemetry.Api.Sockets;

/// <summary>Why the server ends a socket: the code and text of its close frame (RFC 6455, section 7.4).</summary>
/// <remarks>1007, and 1002 but for one case, are given by <see cref="WebSocket"/> itself, for frames against RFC 6455. Come back with a client that keeps to it.</remarks>
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

    /// <summary>4401, raised when the login that the client's token belongs to has ended. Come back after another.</summary>
    public static readonly CloseReason LoggedOut = new((WebSocketCloseStatus)4401, "logged out");

    /// <summary>1002, raised by a frame without a mask (RFC 6455, section 5.1), which <see cref="WebSocket"/> would take. Come back with a client that masks.</summary>
    public static readonly CloseReason NoMask = new(WebSocketCloseStatus.ProtocolError, "frames of a client are masked");

    /// <summary>1009, raised by a message of more than 4096 bytes. Come back without it.</summary>
    public static readonly CloseReason MessageTooBig = new(WebSocketCloseStatus.MessageTooBig, "this socket only listens");

    /// <summary>1008, raised by more than 60 messages in a minute. Come back and listen.</summary>
    public static readonly CloseReason TooManyMessages = new(WebSocketCloseStatus.PolicyViolation, "this socket only listens");

    /// <summary>1011, raised by a fault in the server, which its log tells of. Come back in a while.</summary>
    public static readonly CloseReason ServerFails = new(WebSocketCloseStatus.InternalServerError, "the server has failed");

    /// <summary>4000, raised when a playback has come to the end of its range. Come back for another range, or for the same once more.</summary>
    public static readonly CloseReason EndOfRecording = new((WebSocketCloseStatus)4000, "end of the recording");

    /// <summary>1013, raised when the store cannot be read while a playback goes on. Come back in a while.</summary>
    public static readonly CloseReason StoreAway = new((WebSocketCloseStatus)1013, "the store cannot be read now");

    /// <summary>1009, raised by a message of more than 4096 bytes to a playback. Come back without it.</summary>
    public static readonly CloseReason CommandTooBig = new(WebSocketCloseStatus.MessageTooBig, "a message takes at most 4096 bytes");

    /// <summary>1008, raised by more than 3000 messages to a playback in a minute. Come back and send fewer.</summary>
    public static readonly CloseReason TooManyCommands = new(WebSocketCloseStatus.PolicyViolation, "takes at most 3000 messages in a minute");

    /// <summary>4400, raised by a message that a playback does not understand. Come back and send another one.</summary>
    /// <param name="takes">What it takes, at most 123 bytes.</param>
    public static CloseReason BadCommand(string takes) => new((WebSocketCloseStatus)4400, takes);
}
