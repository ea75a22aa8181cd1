using System.IO.Pipelines;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Telemetry.Api.Sockets;

/// <summary>A connection that outlives the request which has upgraded it: what HTTP holds of a request is most of an idle client's memory, and is let go.</summary>
/// <remarks>In HTTP/1.1 without TLS, so also behind a proxy. Otherwise the request stays for as long as its socket.</remarks>
sealed class Handover : IConnectionHeartbeatFeature
{
    static readonly WebSocketCreationOptions Usual = new() { IsServer = true, KeepAliveInterval = FrameUpgrade.PingInterval, KeepAliveTimeout = FrameUpgrade.PingTimeout };

    readonly ConnectionContext _connection;
    readonly IDuplexPipe _transport;
    Action? _beats;
    Func<Task>? _afterwards;

    Handover(ConnectionContext connection)
    {
        (_connection, _transport) = (connection, connection.Transport);
        // Whoever asks to be called with each heartbeat is kept for as long as the connection: HTTP shall not be.
        connection.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(static handover => ((Handover)handover)._beats?.Invoke(), this);
        connection.Features.Set<IConnectionHeartbeatFeature>(this);
        connection.Features.Set(this);
    }

    /// <summary>Stands below HTTP on each connection.</summary>
    public static Func<ConnectionDelegate, ConnectionDelegate> BelowHttp => http => async connection =>
    {
        var handover = new Handover(connection);
        try
        {
            await http(connection);
        }
        finally
        {
            handover._beats = null;
            if (handover._afterwards is { } afterwards) await afterwards();
        }
    };

    /// <summary>Accepts a socket and serves it: until the end, or, where it can be handed over, when the request has ended.</summary>
    /// <param name="http">The request. What is kept for the socket must not refer to it.</param>
    /// <param name="compression">Whether compression is agreed on where it is offered.</param>
    /// <param name="serve">Serves the socket, given the stream below and the extensions that were agreed on.</param>
    /// <param name="ended">Called when that has ended, or has failed to begin.</param>
    public static async Task Serve(HttpContext http, bool compression, Func<WebSocket, FrameStream, string, Task> serve, Action ended)
    {
        var handover = http.Features.Get<Handover>();
        if (handover is not null && !handover.IsBelow(http)) handover = null;
        try
        {
            // Messages are compressed outside this socket and go past it, live ones once for all clients. What CRIME and BREACH need,
            // a secret beside something that an attacker chooses, is not in them.
            var context = new WebSocketAcceptContext { DangerousEnableCompression = compression };
            if (handover is not null) context.KeepAliveInterval = Timeout.InfiniteTimeSpan; // This socket is never used.
            var socket = await http.WebSockets.AcceptWebSocketAsync(context);
            if (handover is null)
            {
                using (socket) await serve(socket, FrameUpgrade.StreamOf(http), Extensions(http));
            }
        }
        catch
        {
            handover = null;
            throw;
        }
        finally
        {
            if (handover is null) ended();
        }

        if (handover is null) return;
        var extensions = Extensions(http);
        handover._afterwards = () => handover.Serve(extensions, serve, ended);
    }

    public void OnHeartbeat(Action<object> action, object state) => _beats += () => action(state);

    // TLS puts another transport between, and in HTTP/2 the connection is not the request's own.
    bool IsBelow(HttpContext http) =>
        HttpProtocol.IsHttp11(http.Request.Protocol) && ReferenceEquals(http.Features.Get<IConnectionTransportFeature>()?.Transport, _transport);

    async Task Serve(string extensions, Func<WebSocket, FrameStream, string, Task> serve, Action ended)
    {
        _afterwards = null;
        var connection = new ConnectionStream(_connection);
        var frames = new FrameStream(connection);
        try
        {
            using var socket = WebSocket.CreateFromStream(frames, Options(extensions));
            connection.Socket = socket;
            await serve(socket, frames, extensions);
        }
        finally
        {
            await frames.End(); // Who is about to write shall not find the connection closed.
            ended();
        }
    }

    static string Extensions(HttpContext http) => http.Response.Headers.SecWebSocketExtensions.ToString();

    // What the request has agreed on (RFC 7692, section 7.1).
    static WebSocketCreationOptions Options(string extensions) => !extensions.Contains("permessage-deflate") ? Usual : new WebSocketCreationOptions
    {
        IsServer = true,
        KeepAliveInterval = Usual.KeepAliveInterval,
        KeepAliveTimeout = Usual.KeepAliveTimeout,
        DangerousDeflateOptions = new WebSocketDeflateOptions
        {
            ClientContextTakeover = !extensions.Contains("client_no_context_takeover"),
            ServerContextTakeover = !extensions.Contains("server_no_context_takeover"),
            ClientMaxWindowBits = WindowBits(extensions, "client_max_window_bits="),
            ServerMaxWindowBits = WindowBits(extensions, "server_max_window_bits="),
        },
    };

    static int WindowBits(string extensions, string parameter)
    {
        const int usual = 15;
        var at = extensions.IndexOf(parameter, StringComparison.Ordinal);
        if (at < 0) return usual;
        var digits = extensions.AsSpan(at + parameter.Length).TrimStart('"');
        var length = digits.IndexOfAnyExceptInRange('0', '9');
        return int.Parse(length < 0 ? digits : digits[..length], System.Globalization.CultureInfo.InvariantCulture);
    }
}
