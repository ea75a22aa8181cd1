using System.Globalization;
using System.Reactive.Concurrency;
using Telemetry.Api.Access;
using Telemetry.Api.Http;
using Telemetry.Api.Queries;
using Telemetry.Api.Stream;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Live;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Vehicles;

/// <summary>The vehicles, and the newest message of each, for whoever asks instead of listening.</summary>
static class VehicleEndpoints
{
    const int MaxPageSize = 1000;

    public static void AddVehicles(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<VehicleChanges>();

    public static void MapVehicles(this WebApplication app)
    {
        app.MapGet("/telemetry/latest", Latest).ShowsOnlyVehiclesOfViewer();
        app.MapGet("/signals", Signals).ShowsOnlyVehiclesOfViewer();
        app.MapGet("/vehicles", List).ShowsOnlyVehiclesOfViewer();
        app.MapPatch("/vehicles/{id:int}", ChangeAsync);
    }

    static IResult Latest(HttpRequest request, LatestSnapshots latest, VehicleRegistry vehicles)
    {
        if (MessageQuery.ReadSignals(request.Query, out var signals) is { } noSignals) return noSignals;
        var viewer = request.HttpContext.Viewer();
        if (!request.Query.TryGetValue("vehicle_id", out var given))
        {
            return latest.LastHeard(viewer) is { } newest
                ? Message(newest, signals)
                : Problem.Of(StatusCodes.Status404NotFound, "None of the token's vehicles is known yet.");
        }

        if (!VehicleIds.TryParseOne(given, out var id))
            return Problem.Of(StatusCodes.Status400BadRequest, "vehicle_id takes one vehicle id from 1.", "vehicle_id");
        return vehicles.Find(id) is { } vehicle && viewer.Allows(vehicle.Id)
            ? Message(latest.Of(vehicle), signals)
            : VehicleQuery.NoVehicle(id, "vehicle_id");
    }

    static IResult Message(VehicleSnapshot snapshot, SignalChoice signals) => Results.Bytes(TelemetryMessage.Serialize(snapshot, signals), "application/json");

    static IResult Signals(HttpContext http, LatestSnapshots latest, VehicleRegistry vehicles, LiveGraphs graphs, IScheduler clock)
    {
        if (VehicleQuery.ReadOne(http, vehicles, out var vehicle) is { } noVehicle) return noVehicle;
        var now = clock.Now.UtcDateTime;
        var snapshot = latest.Of(vehicle);
        return Results.Json(snapshot.Readings.ToArray().Select((reading, slot) => SignalRow.Of(reading.Signal ?? Signal.Six[slot], reading, graphs.Elapsed - snapshot.HeardAtOf(slot), now)));
    }

    static IResult List(HttpRequest request, VehicleRegistry vehicles, LatestSnapshots latest, LiveGraphs graphs, IScheduler clock)
    {
        var (limit, after) = (MaxPageSize, 0);
        if (request.Query.TryGetValue("limit", out var givenLimit) && !(VehicleIds.TryParseOne(givenLimit, out limit) && limit <= MaxPageSize))
            return Problem.Of(StatusCodes.Status400BadRequest, $"limit takes a whole number, 1 to {MaxPageSize}.", "limit");
        if (request.Query.TryGetValue("after", out var givenAfter) && !int.TryParse(givenAfter, NumberStyles.None, CultureInfo.InvariantCulture, out after))
            return Problem.Of(StatusCodes.Status400BadRequest, "after takes the id of the last vehicle of the page before.", "after");

        var now = clock.Now.UtcDateTime;
        var page = request.HttpContext.Viewer() is { VehicleIds: not null } viewer
            ? viewer.Vehicles(vehicles).Where(vehicle => vehicle.Id > after).Take(limit)
            : vehicles.Page(limit, after);
        return Results.Json(page.Select(vehicle => VehicleRow.Of(latest.Of(vehicle), now, graphs.Elapsed)));
    }

    static async Task<IResult> ChangeAsync(int id, HttpRequest request, VehicleRegistry vehicles, VehicleChanges changes, LatestSnapshots latest, LiveGraphs graphs, IScheduler clock, AllowedOrigins origins)
    {
        if (!origins.Allow(request)) return Problem.Of(StatusCodes.Status403Forbidden, "Origin is not one of AllowedOrigins.", "Origin");
        if (vehicles.Find(id) is not { } vehicle) return VehicleQuery.NoVehicle(id, "id");
        var (patch, wrong) = await VehiclePatch.ReadAsync(request);
        if (wrong is not null) return wrong;

        var into = patch.MergeInto is { } other ? vehicles.Find(other) : null;
        if (patch.MergeInto is { } missing && into is null) return VehicleQuery.NoVehicle(missing, "merge_into");
        if (into is not null && vehicle == vehicles.Default) return Problem.Of(StatusCodes.Status400BadRequest, "Vehicle 1 always exists; merge the other one into it.", "merge_into");
        if (into == vehicle) return Problem.Of(StatusCodes.Status400BadRequest, "merge_into takes the id of another vehicle.", "merge_into");

        switch (into is null ? await changes.ReviseAsync(vehicle, patch) : await changes.MergeAsync(vehicle, into))
        {
            case ChangeResult.Conflict:
                return Problem.Of(StatusCodes.Status409Conflict, "One of the vehicles has become part of another one meanwhile, and nothing has been changed; GET /vehicles lists those there are.");
            case ChangeResult.StoreAway:
                request.HttpContext.Response.Headers.RetryAfter = "5";
                return Problem.Of(StatusCodes.Status503ServiceUnavailable, "The store cannot be written now, and nothing has been changed; /health/ready tells more.");
        }

        return Results.Json(VehicleRow.Of(latest.Of(into ?? vehicle), clock.Now.UtcDateTime, graphs.Elapsed));
    }
}
