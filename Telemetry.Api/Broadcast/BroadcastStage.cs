using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Telemetry.Api.Access;
using Telemetry.Api.Hosting;
using Telemetry.Api.Queries;
using Telemetry.Api.Sockets;

namespace Telemetry.Api.Broadcast;

/// <summary>Live messages to every browser.</summary>
static class BroadcastStage
{
    public static void AddBroadcast(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<BroadcastSettings>("Broadcast");
        builder.Services.AddSingleton<AllowedOrigins>();
        builder.Services.AddSingleton<Hub>();
        builder.Services.AddSingleton<ChoiceLimits>();
        builder.Services.AddSingleton<SenderPool>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SenderPool>());
        builder.Services.AddSingleton<Clients>();
        builder.Services.AddSingleton<SocketAdmission>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Clients>());
        builder.Services.AddCors();

        builder.Services.AddSingleton<ConnectionLimits>();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<ConnectionLimits>((kestrel, limits) =>
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(limits.Below)));

        // What a sender writes goes out on its own thread: handing it to another costs as much as the write. Requests run where
        // their bytes are read; that is a thread of the pool too.
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);
    }

    public static void MapBroadcast(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<AllowedOrigins>();
        app.UseCors(policy => policy.SetIsOriginAllowed(origins.Contains).AllowAnyHeader().AllowAnyMethod());
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/ws"), sockets => sockets.Use((http, next) =>
        {
            FrameUpgrade.Prepare(http);
            return next(http);
        }));
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = FrameUpgrade.PingInterval, KeepAliveTimeout = FrameUpgrade.PingTimeout });
        app.MapMethods("/ws/telemetry", [HttpMethods.Get, HttpMethods.Connect], ListenAsync).ShowsOnlyVehiclesOfViewer();
    }

    static async Task<IResult> ListenAsync(HttpContext http, SocketAdmission door, SenderPool senders, Hub hub, ChoiceLimits choices)
    {
        if (door.Check(http) is { } refusal) return refusal;
        var query = http.Request.Query;
        if (MessageQuery.ReadVehicleIds(query, out var vehicleIds) is { } noVehicles) return noVehicles;
        if (MessageQuery.ReadSignals(query, out var signals) is { } noSignals) return noSignals;
        if (MessageQuery.ReadMaxHz(query, out var interval) is { } noPace) return noPace;

        var asked = http.Viewer().Intersect(vehicleIds);
        var address = http.Connection.RemoteIpAddress;
        var subscription = new Subscription(asked, signals, interval, FrameEncoding.Plain);
        if (!choices.TryEnter(address, subscription)) return SocketAdmission.TooMany(http, "There are as many different choices of signals, of several vehicles and of max_hz from this address, or of max_hz from all, as may be at once.");
        return await door.AcceptAsync(
            http,
            connection => new LiveClient(connection, hub, senders, subscription with { Encoding = connection.Encoding }),
            () => choices.Exit(address, subscription));
    }
}
