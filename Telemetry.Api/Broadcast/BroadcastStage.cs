using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
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

        // Each socket's connection is kept, its request is not.
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(Handover.BelowHttp)));

        // What a sender writes goes out on its own thread: handing it to another costs as much as the write. Requests run where
        // their bytes are read; that is a thread of the pool too.
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);
    }

    public static void MapBroadcast(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<AllowedOrigins>();
        var policy = new CorsPolicyBuilder().SetIsOriginAllowed(origins.Contains).AllowAnyHeader().AllowAnyMethod().Build();
        // As UseCors does it, which compiles an expression for it.
        app.Use(next =>
        {
            var cors = ActivatorUtilities.CreateInstance<CorsMiddleware>(app.Services, next, policy);
            var policies = app.Services.GetRequiredService<ICorsPolicyProvider>();
            return http => cors.Invoke(http, policies);
        });

        app.UseWhen(http => http.Request.Path.StartsWithSegments("/ws"), sockets => sockets.Use((http, next) =>
        {
            FrameUpgrade.Prepare(http);
            return next(http);
        }));
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = FrameUpgrade.PingInterval, KeepAliveTimeout = FrameUpgrade.PingTimeout });
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

        var asked = viewer.Of(vehicleIds);
        await Handover.Serve(
            http,
            settings.Compression,
            (socket, stream, extensions) => clients.Serve(socket, stream, new Subscription(asked, signals, interval, Agreed(extensions)), viewer.Until),
            () => clients.Release(address));
        return Results.Empty;
    }

    // A window smaller than usual was never seen; such a client gets plain messages, which it must take too.
    static FrameEncoding Agreed(string extensions)
    {
        if (!extensions.Contains("permessage-deflate") || extensions.Contains("server_max_window_bits")) return FrameEncoding.Plain;
        return extensions.Contains("server_no_context_takeover") ? FrameEncoding.Deflated : FrameEncoding.DeflatedInContext;
    }
}
