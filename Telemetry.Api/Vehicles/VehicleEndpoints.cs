using System.Globalization;
using System.Reactive.Concurrency;
using Telemetry.Api.Stream;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Vehicles;

/// <summary>The vehicles, and the newest message of each, for whoever asks instead of listening.</summary>
static class VehicleEndpoints
{
    const int MostVehicles = 1000;

    public static void MapVehicles(this WebApplication app)
    {
        app.MapGet("/telemetry/latest", Latest);
        app.MapGet("/vehicles", List);
    }

    static IResult Latest(HttpRequest request, LatestPictures latest, VehicleRegistry vehicles)
    {
        if (!request.Query.TryGetValue("vehicle_id", out var given)) return Message(latest.LastHeard);
        if (!VehicleIds.TryParseOne(given, out var id))
            return Problem.Of(StatusCodes.Status400BadRequest, "vehicle_id takes one vehicle id from 1.", "vehicle_id");
        return vehicles.Find(id) is { } vehicle
            ? Message(latest.Of(vehicle))
            : Problem.Of(StatusCodes.Status404NotFound, $"No vehicle has the id {id}; GET /vehicles lists them.", "vehicle_id");
    }

    static IResult Message(VehiclePicture picture) => Results.Bytes(TelemetryMessage.Serialize(picture), "application/json");

    static IResult List(HttpRequest request, VehicleRegistry vehicles, LatestPictures latest, IScheduler clock)
    {
        var (limit, after) = (MostVehicles, 0);
        if (request.Query.TryGetValue("limit", out var givenLimit) && !(VehicleIds.TryParseOne(givenLimit, out limit) && limit <= MostVehicles))
            return Problem.Of(StatusCodes.Status400BadRequest, $"limit takes a whole number, 1 to {MostVehicles}.", "limit");
        if (request.Query.TryGetValue("after", out var givenAfter) && !int.TryParse(givenAfter, NumberStyles.None, CultureInfo.InvariantCulture, out after))
            return Problem.Of(StatusCodes.Status400BadRequest, "after takes the id of the last vehicle of the page before.", "after");

        var now = clock.Now.UtcDateTime;
        return Results.Json(vehicles.Page(limit, after).Select(vehicle => VehicleRow.Of(latest.Of(vehicle), now)));
    }
}
