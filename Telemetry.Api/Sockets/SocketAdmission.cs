using Telemetry.Api.Access;
using Telemetry.Api.Http;

namespace Telemetry.Api.Sockets;

/// <summary>The way in, the same for every socket: whose pages may connect, how many clients there may be, and how messages are written to them.</summary>
sealed class SocketAdmission(AllowedOrigins origins, Clients clients, BroadcastSettings settings)
{
    const string RetryAfterSeconds = "30";
    const string SupportedVersion = "13";

    /// <summary>Why a request gets no socket, whatever it asks for; null where it may have one.</summary>
    public IResult? Check(HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.Headers.Upgrade = "websocket";
            http.Response.Headers.SecWebSocketVersion = SupportedVersion; // RFC 6455, section 4.4
            return Problem.Of(StatusCodes.Status426UpgradeRequired, "This address is a WebSocket: ask for an upgrade.");
        }

        return origins.Allow(http.Request) ? null : Problem.Of(StatusCodes.Status403Forbidden, "Origin is not one of AllowedOrigins.", "Origin");
    }

    /// <summary>Takes a place, upgrades the request, and serves the client until it leaves.</summary>
    /// <param name="http">The request, which lasts for as long as the client.</param>
    /// <param name="client">Makes the client.</param>
    /// <param name="ended">Called when the client has left, or was not let in.</param>
    public async Task<IResult> AcceptAsync(HttpContext http, Func<Connection, Client> client, Action? ended = null)
    {
        var address = http.Connection.RemoteIpAddress;
        if (!clients.TryAdmit(address))
        {
            ended?.Invoke();
            return TooMany(http, "There are as many clients as Broadcast:MaxClients and Broadcast:MaxClientsPerAddress allow.");
        }

        try
        {
            // Messages are compressed outside this socket and go past it, live ones once for all clients. What CRIME and BREACH need,
            // a secret beside something that an attacker chooses, is not in them.
            using var socket = await http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { DangerousEnableCompression = settings.Compression });
            var stream = FrameUpgrade.StreamOf(http);
            stream.Socket = socket;
            var encoding = Agreed(http.Response.Headers.SecWebSocketExtensions.ToString());
            try
            {
                await clients.ServeAsync(client(new Connection(socket, stream, encoding)), http.Viewer().Until, http.Viewer().Login);
            }
            finally
            {
                await stream.EndAsync();
            }
        }
        finally
        {
            clients.Release(address);
            ended?.Invoke();
        }

        return Results.Empty;
    }

    /// <summary>There is no place left now.</summary>
    public static IResult TooMany(HttpContext http, string detail)
    {
        http.Response.Headers.RetryAfter = RetryAfterSeconds;
        return Problem.Of(StatusCodes.Status503ServiceUnavailable, $"{detail} Try again later.");
    }

    // A window smaller than usual was never seen; such a client gets plain messages, which it must take too.
    static FrameEncoding Agreed(string extensions)
    {
        if (!extensions.Contains("permessage-deflate") || extensions.Contains("server_max_window_bits")) return FrameEncoding.Plain;
        return extensions.Contains("server_no_context_takeover") ? FrameEncoding.Deflated : FrameEncoding.DeflatedInContext;
    }
}
