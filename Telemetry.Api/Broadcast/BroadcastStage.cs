using System.Collections.Concurrent;

namespace Telemetry.Api.Broadcast;

/// <summary>Live messages to every browser.</summary>
static class BroadcastStage
{
    public static void AddBroadcast(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<BroadcastSettings>("Broadcast");
        builder.Services.AddSingleton<AllowedOrigins>();
        builder.Services.AddSingleton<Hub>();
        builder.Services.AddSingleton<Clients>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Clients>());
        builder.Services.AddCors();
    }

    public static void MapBroadcast(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<AllowedOrigins>();
        app.UseCors(policy => policy.SetIsOriginAllowed(origins.Contains).AllowAnyHeader().AllowAnyMethod());

        // A ping every 15 s; a peer that has not answered within 10 s more is gone.
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(15), KeepAliveTimeout = TimeSpan.FromSeconds(10) });
        app.MapGet("/ws/telemetry", Listen);
    }

    static async Task<IResult> Listen(HttpContext http, AllowedOrigins origins, Clients clients)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.Headers.Upgrade = "websocket";
            return Problem.Of(StatusCodes.Status426UpgradeRequired, "This address is a WebSocket: ask for an upgrade.");
        }

        if (!origins.Allow(http.Request))
            return Problem.Of(StatusCodes.Status403Forbidden, "Origin is not one of AllowedOrigins.", "Origin");
        if (!VehicleIds.TryParse(http.Request.Query["vehicle_id"], out var wanted))
            return Problem.Of(StatusCodes.Status400BadRequest, "vehicle_id takes vehicle ids from 1, parted by commas, such as 1,2.", "vehicle_id");

        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        await clients.Serve(socket, wanted);
        return Results.Empty;
    }
}

/// <summary>All connected clients, and the watch over those that do not take what they are sent.</summary>
sealed class Clients(Hub hub, BroadcastSettings settings, IHostApplicationLifetime lifetime) : BackgroundService
{
    static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    readonly ConcurrentDictionary<Client, bool> _clients = new();

    /// <summary>How many are connected.</summary>
    public int Count => _clients.Count;

    public async Task Serve(System.Net.WebSockets.WebSocket socket, IReadOnlySet<int>? wanted)
    {
        var client = new Client(socket, hub, wanted);
        _clients[client] = true;
        try
        {
            await client.Run(lifetime.ApplicationStopping);
        }
        finally
        {
            _clients.TryRemove(client, out _);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var watch = new PeriodicTimer(WatchInterval);
        await using var stop = stoppingToken.Register(watch.Dispose);
        while (await watch.WaitForNextTickAsync(CancellationToken.None))
            foreach (var (client, _) in _clients) client.AbortIfStuck(settings.WriteTimeout);
    }
}
