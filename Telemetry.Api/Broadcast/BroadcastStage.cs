using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Telemetry.Api.Access;

namespace Telemetry.Api.Broadcast;

/// <summary>Live messages to every browser.</summary>
static class BroadcastStage
{
    const string RetryAfterSeconds = "30";

    public static void AddBroadcast(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<BroadcastSettings>("Broadcast");
        builder.Services.AddSingleton<AllowedOrigins>();
        builder.Services.AddSingleton<Hub>();
        builder.Services.AddSingleton<Clients>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Clients>());
        builder.Services.AddCors();

        // What a sender writes goes out on its own thread: handing it to another costs as much as the write. Requests run where
        // their bytes are read; that is a thread of the pool too.
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);
    }

    public static void MapBroadcast(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<AllowedOrigins>();
        app.UseCors(policy => policy.SetIsOriginAllowed(origins.Contains).AllowAnyHeader().AllowAnyMethod());

        // A ping every 15 s; a peer that has not answered within 10 s more is gone.
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/ws"), sockets => sockets.Use((http, next) =>
        {
            FrameUpgrade.Prepare(http);
            return next(http);
        }));
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(15), KeepAliveTimeout = TimeSpan.FromSeconds(10) });
        app.MapMethods("/ws/telemetry", [HttpMethods.Get, HttpMethods.Connect], Listen).ShowsOnlyVehiclesOfViewer();
    }

    static async Task<IResult> Listen(HttpContext http, AllowedOrigins origins, Clients clients, BroadcastSettings settings)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.Headers.Upgrade = "websocket";
            return Problem.Of(StatusCodes.Status426UpgradeRequired, "This address is a WebSocket: ask for an upgrade.");
        }

        if (!origins.Allow(http.Request))
            return Problem.Of(StatusCodes.Status403Forbidden, "Origin is not one of AllowedOrigins.", "Origin");
        var query = http.Request.Query;
        if (MessageQuery.ReadVehicleIds(query, out var vehicleIds) is { } noVehicles) return noVehicles;
        if (MessageQuery.ReadSignals(query, out var signals) is { } noSignals) return noSignals;
        if (MessageQuery.ReadMaxHz(query, out var interval) is { } noPace) return noPace;

        var viewer = http.Viewer();
        var address = http.Connection.RemoteIpAddress;
        if (!clients.TryAdmit(address))
        {
            http.Response.Headers.RetryAfter = RetryAfterSeconds;
            return Problem.Of(StatusCodes.Status503ServiceUnavailable, "There are as many clients as Broadcast:MaxClients and Broadcast:MaxClientsPerAddress allow. Try again later.");
        }

        try
        {
            // Messages are compressed once for all clients and go past this socket. What CRIME and BREACH need, a secret beside
            // something that an attacker chooses, is not in them.
            using var socket = await http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { DangerousEnableCompression = settings.Compression });
            await clients.Serve(socket, FrameUpgrade.StreamOf(http), new Subscription(viewer.Of(vehicleIds), signals, interval, Agreed(http.Response)), viewer.Until);
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
