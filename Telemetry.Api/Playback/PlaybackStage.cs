using System.Data.Common;
using System.Globalization;
using Telemetry.Api.Access;
using Telemetry.Api.Http;
using Telemetry.Api.Queries;
using Telemetry.Api.Replay;
using Telemetry.Api.Sockets;
using Telemetry.Api.Store;
using Telemetry.Core.Live;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Playback;

/// <summary>Recorded drives as the live messages that they were.</summary>
static class PlaybackStage
{
    public static void AddPlayback(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RecordingQueries>();
        builder.Services.AddSingleton<ReplayOpener>();
    }

    public static void MapPlayback(this WebApplication app) =>
        app.MapMethods("/ws/playback", [HttpMethods.Get, HttpMethods.Connect], PlayAsync).ShowsOnlyVehiclesOfViewer();

    static async Task<IResult> PlayAsync(
        HttpContext http, SocketAdmission door, Clients clients, VehicleRegistry vehicles, RecordingQueries reader, ReplayOpener recordings, Pacing pacing, ILogger<PlaybackClient> log)
    {
        if (door.Check(http) is { } refusal) return refusal;
        var query = http.Request.Query;
        if (VehicleQuery.ReadOne(http, vehicles, out var vehicle) is { } noVehicle) return noVehicle;
        if (TimeRange.Parse(query, out var range) is { } noRange) return noRange;
        if (ReadSpeed(query, out var speed) is { } noSpeed) return noSpeed;
        if (ReadSkipGaps(query, out var skipsGaps) is { } noChoice) return noChoice;
        if (MessageQuery.ReadSignals(query, out var shown) is { } noSignals) return noSignals;
        if (MessageQuery.ReadMaxHz(query, out var interval) is { } noPace) return noPace;
        var now = TimeRange.Whole(DateTime.UtcNow);
        if (range.From >= now) return Problem.Of(StatusCodes.Status400BadRequest, "from takes a time that is past.", "from");

        try
        {
            var signals = await reader.SignalsAsync(vehicle, http.RequestAborted);
            var request = new PlaybackRequest(vehicle, signals, range, range.To < now ? range.To : now, speed, skipsGaps, shown, interval > pacing.UpdateInterval ? interval : pacing.UpdateInterval);
            return await door.AcceptAsync(http, connection => new PlaybackClient(connection, request, recordings, clients, log));
        }
        catch (Exception error) when (error is DbException or TimeoutException)
        {
            return StoreUnavailable.Answer(http, error);
        }
    }

    static IResult? ReadSpeed(IQueryCollection query, out double speed)
    {
        speed = 1;
        if (!query.TryGetValue("speed", out var given)) return null;
        var isSound = double.TryParse(given, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out speed) && speed is >= PlaybackCommand.MinSpeed and <= PlaybackCommand.MaxSpeed;
        return isSound ? null : Problem.Of(StatusCodes.Status400BadRequest, $"{PlaybackCommand.SpeedTakes}.", "speed");
    }

    static IResult? ReadSkipGaps(IQueryCollection query, out bool skipsGaps)
    {
        skipsGaps = false;
        return !query.TryGetValue("skip_gaps", out var given) || bool.TryParse(given, out skipsGaps)
            ? null
            : Problem.Of(StatusCodes.Status400BadRequest, "skip_gaps takes true or false.", "skip_gaps");
    }
}
