using Telemetry.Api.Access;

namespace Telemetry.Api.Broadcast;

/// <summary>The way in, the same for every socket: whose pages may connect, how many clients there may be, and how messages are written to them.</summary>
sealed class SocketDoor(AllowedOrigins origins, Clients clients, BroadcastSettings settings)
{
    const string RetryAfterSeconds = "30";

    /// <summary>Why a request gets no socket, whatever it asks for; null where it may have one.</summary>
    public IResult? Refuse(HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.Headers.Upgrade = "websocket";
            return Problem.Of(StatusCodes.Status426UpgradeRequired, "This address is a WebSocket: ask for an upgrade.");
        }

        return origins.Allow(http.Request) ? null : Problem.Of(StatusCodes.Status403Forbidden, "Origin is not one of AllowedOrigins.", "Origin");
    }

    /// <summary>Takes a place, upgrades the request, and serves the client until it leaves.</summary>
    public async Task<IResult> Admit(HttpContext http, Func<Connection, Client> client)
    {
        var address = http.Connection.RemoteIpAddress;
        if (!clients.TryAdmit(address))
        {
            http.Response.Headers.RetryAfter = RetryAfterSeconds;
            return Problem.Of(StatusCodes.Status503ServiceUnavailable, "There are as many clients as Broadcast:MaxClients and Broadcast:MaxClientsPerAddress allow. Try again later.");
        }

        try
        {
            // Messages are compressed outside this socket and go past it, live ones once for all clients. What CRIME and BREACH need,
            // a secret beside something that an attacker chooses, is not in them.
            using var socket = await http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { DangerousEnableCompression = settings.Compression });
            await clients.Serve(client(new Connection(socket, FrameUpgrade.StreamOf(http), Agreed(http.Response))), http.Viewer().Until);
            return Results.Empty;
        }
        finally
        {
            clients.Release(address);
        }
    }

    // A window smaller than usual was never seen; such a client gets plain messages, which it must take too.
    static FrameEncoding Agreed(HttpResponse response)
    {
        var extensions = response.Headers.SecWebSocketExtensions.ToString();
        if (!extensions.Contains("permessage-deflate") || extensions.Contains("server_max_window_bits")) return FrameEncoding.Plain;
        return extensions.Contains("server_no_context_takeover") ? FrameEncoding.Deflated : FrameEncoding.DeflatedInContext;
    }
}
