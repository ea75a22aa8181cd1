using Telemetry.Api.Access;
using Telemetry.Api.Alerts;
using Telemetry.Api.Drives;
using Telemetry.Api.Forecasts;
using Telemetry.Api.Http;
using Telemetry.Api.Queries;
using Telemetry.Api.Replay;
using Telemetry.Api.Sockets;
using Telemetry.Api.Store;
using Telemetry.Core.Live;

namespace Telemetry.Api.Playback;

/// <summary>Playback of recorded drives as live messages.</summary>
static class PlaybackStage
{
    public static void AddPlayback(this IHostApplicationBuilder builder)
    {
        builder.AddEndpoints(MapPlayback);
        builder.Services.AddSingleton<RecordingQueries>();
        builder.Services.AddSingleton<ReplayOpener>();
    }

    static void MapPlayback(WebApplication app) =>
        app.MapMethods("/ws/playback", [HttpMethods.Get, HttpMethods.Connect], PlayAsync).ShowsOnlyVehiclesOfViewer().ReadsStore()
            .Describe("history", "playBack", "A WebSocket that plays recorded readings as live messages", "The socket is open")
            .Produces(StatusCodes.Status101SwitchingProtocols)
            .WithDescription("Open it as a WebSocket (RFC 6455). Each text message is a LiveMessage; the client may send a PlaybackCommand.");

    static async Task<IResult> PlayAsync(
        SocketRequest socket, QueriedVehicle queried, TimeRange range, PlaybackSpeed pace, ShownSignals shown, MessageRate rate, WantedAlerts wanted, WantedForecasts wantedForecasts,
        Clients clients, RecordingQueries reader, ReplayOpener recordings, Backtests backtests, PastModels past, RecordedDrives recordedDrives, DriveFinder finder, DrivesSettings drives, Pacing pacing, ILogger<PlaybackClient> log, CancellationToken cancelled)
    {
        var now = TimeRange.Whole(DateTime.UtcNow);
        if (range.From >= now) return Problem.Of(StatusCodes.Status400BadRequest, "from takes a time that is past.", "from");
        var signals = await reader.SignalsAsync(queried.Vehicle, cancelled);
        var interval = rate.Interval > pacing.UpdateInterval ? rate.Interval : pacing.UpdateInterval;
        var request = new PlaybackRequest(queried.Vehicle, signals, range, range.To < now ? range.To : now, pace.Speed, pace.SkipsGaps, shown.Signals, interval, wanted.Wants,
            wantedForecasts.Wants ? new RecordedForecasts(queried.Vehicle, past, recordedDrives, finder, drives) : null);
        return await socket.AcceptAsync(connection => new PlaybackClient(connection, request, recordings, backtests, clients, log));
    }
}

/// <summary>Speed in recorded time per second. With <c>skip_gaps</c>, the rest of a silence is skipped once the vehicle is offline.</summary>
sealed record PlaybackSpeed(double Speed, bool SkipsGaps) : IRequestPart<PlaybackSpeed>
{
    static readonly Number SpeedParameter = new("speed", "Recorded seconds per second", PlaybackCommand.MinSpeed, PlaybackCommand.MaxSpeed, Default: 1);
    static readonly Flag SkipGapsParameter = new("skip_gaps", "Skips the rest of a silence once the vehicle is offline");

    public static IReadOnlyList<Parameter> Parameters => [SpeedParameter, SkipGapsParameter];

    public static PlaybackSpeed Read(HttpContext http) => new(SpeedParameter.Read(http)!.Value, SkipGapsParameter.Read(http));
}
