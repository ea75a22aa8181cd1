using Microsoft.AspNetCore.Http.HttpResults;
using Telemetry.Api.Access;
using Telemetry.Api.Http;

namespace Telemetry.Api.Sockets;

/// <summary>Admission shared by both WebSocket endpoints: allowed origins, number of clients, compression.</summary>
sealed class SocketAdmission(AllowedOrigins origins, Clients clients, BroadcastSettings settings, SocketTimeouts timeouts)
{
    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    const string SupportedVersion = "13";

    public ProblemHttpResult? Check(HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.Headers.Upgrade = "websocket";
            http.Response.Headers.SecWebSocketVersion = SupportedVersion; // RFC 6455, section 4.4
            return Problem.Of(StatusCodes.Status426UpgradeRequired, "This endpoint is a WebSocket: request an upgrade.");
        }

        return origins.Allow(http.Request) ? null : OriginCheck.Refusal;
    }

    /// <summary>Counts the client and upgrades the request. <see cref="AcceptedSocket"/> serves the client. <paramref name="ended"/> is also called if it was refused.</summary>
    public async Task<IResult> AcceptAsync(HttpContext http, Func<Connection, Client> client, Action? ended = null)
    {
        var address = http.Connection.RemoteIpAddress;
        if (!clients.TryAdmit(address))
        {
            ended?.Invoke();
            return TooMany(http, "The maximum of clients is reached (Broadcast:MaxClients or Broadcast:MaxClientsPerAddress).");
        }

        var accepted = new AcceptedSocket(clients, address, ended);
        http.Features.Set(accepted);
        // Messages are compressed outside this socket. They contain no secret next to data that an attacker chooses, which CRIME and BREACH need.
        var socket = await http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { DangerousEnableCompression = settings.Compression });
        var stream = FrameUpgrade.StreamOf(http);
        stream.Socket = socket;
        var connection = new Connection(socket, stream, Agreed(http.Response.Headers.SecWebSocketExtensions.ToString()), timeouts);
        accepted.Open(connection, client(connection), http.Viewer().Login);
        return Results.Empty;
    }

    public static ProblemHttpResult TooMany(HttpContext http, string detail) => Problem.NotNow(http, StatusCodes.Status503ServiceUnavailable, $"{detail} Try again later.", RetryAfter);

    // No browser uses a smaller window than the default; such a client gets plain messages, which it must accept too.
    static FrameEncoding Agreed(string extensions)
    {
        if (!extensions.Contains("permessage-deflate") || extensions.Contains("server_max_window_bits")) return FrameEncoding.Plain;
        return extensions.Contains("server_no_context_takeover") ? FrameEncoding.Deflated : FrameEncoding.DeflatedInContext;
    }
}
