using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Telemetry.Api.Access;
using Telemetry.Api.Hosting;
using Telemetry.Api.Http;
using Telemetry.Api.Queries;
using Telemetry.Api.Sockets;

namespace Telemetry.Api.Broadcast;

static class BroadcastStage
{
    public static void AddBroadcast(this IHostApplicationBuilder builder)
    {
        builder.AddSettings("Broadcast", new BroadcastValidator(), static (section, strict) => section.Get<BroadcastSettings>(strict));
        builder.Services.AddSingleton<AllowedOrigins>();
        builder.Services.AddSingleton<Hub>();
        builder.Services.AddSingleton<AlertFrames>();
        builder.Services.AddSingleton<ForecastFrames>();
        builder.Services.AddSingleton<VehicleNews>();
        builder.Services.AddSingleton<ChoiceLimits>();
        builder.Services.AddSingleton<SenderPool>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SenderPool>());
        builder.Services.AddSingleton<Clients>();
        builder.Services.AddSingleton<SocketTimeouts>();
        builder.Services.AddSingleton<SocketAdmission>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Clients>());
        builder.Services.AddSingleton<IStartupFilter>(new FirstMiddleware(app => app.UseWhen(http => http.Request.Path.StartsWithSegments("/ws"), sockets => sockets.Use(AcceptedSocket.ServeAsync))));
        builder.Services.AddCors();

        builder.Services.AddSingleton<ConnectionLimits>();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<ConnectionLimits>((kestrel, limits) =>
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(limits.Apply)));

        // Senders have their own threads: handing a write to another one costs as much as the write. Requests then run on the thread that reads their bytes, also one of the pool.
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);
    }

    public static void MapBroadcast(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<AllowedOrigins>();
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan }); // Clients sends the pings.
        app.UseWhen(http => !http.WebSockets.IsWebSocketRequest, requests => requests.UseCors(policy => policy.SetIsOriginAllowed(origins.Contains).AllowAnyHeader().AllowAnyMethod())); // CORS does not apply to WebSockets; SocketAdmission checks their Origin.
        app.MapMethods("/ws/telemetry", [HttpMethods.Get, HttpMethods.Connect], ConnectAsync).ShowsOnlyVehiclesOfViewer()
            .Describe("live", "listen", "A WebSocket of live messages: one for each known vehicle at once, then one for each change", "The socket is open")
            .Produces(StatusCodes.Status101SwitchingProtocols)
            .WithDescription("Open it as a WebSocket (RFC 6455). Each text message is a LiveMessage. Nothing has to be sent.");
    }

    static async Task<IResult> ConnectAsync(
        SocketRequest socket, VehicleIds vehicles, ShownSignals shown, MessageRate rate, WantedAlerts wanted, WantedNews wantedNews, WantedForecasts wantedForecasts, HttpContext http, SenderPool senders, Hub hub, AlertFrames alerts, VehicleNews news, ForecastFrames forecasts, ChoiceLimits choices)
    {
        var asked = http.Viewer().Intersect(vehicles.Ids);
        var address = http.Connection.RemoteIpAddress;
        var subscription = new Subscription(asked, shown.Signals, rate.Interval, FrameEncoding.Plain);
        if (!choices.TryEnter(address, subscription)) return SocketAdmission.TooMany(http, "Too many different choices of signals, of several vehicles and of max_hz from this address, or of max_hz from all addresses, are in use.");
        return await socket.AcceptAsync(
            connection => new LiveClient(connection, hub, senders, subscription with { Encoding = connection.Encoding }, wanted.Wants ? alerts : null, wantedNews.Wants ? news : null, wantedForecasts.Wants ? forecasts : null),
            () => choices.Exit(address, subscription));
    }
}
