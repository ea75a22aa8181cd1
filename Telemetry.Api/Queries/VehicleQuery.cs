using Telemetry.Api.Access;
using Telemetry.Api.Http;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Queries;

/// <summary>The vehicle that a query is about.</summary>
static class VehicleQuery
{
    /// <summary><c>vehicle_id</c>: one id; the default vehicle where it is not given.</summary>
    /// <returns>The problem, also where the viewer may not see that vehicle; null where there is none.</returns>
    public static IResult? ReadOne(HttpContext http, VehicleRegistry vehicles, out Vehicle vehicle)
    {
        vehicle = vehicles.Default;
        var id = vehicle.Id;
        if (http.Request.Query.TryGetValue("vehicle_id", out var given) && !VehicleIds.TryParseOne(given, out id))
            return Problem.Of(StatusCodes.Status400BadRequest, "vehicle_id takes one vehicle id from 1.", "vehicle_id");
        if (vehicles.Find(id) is not { } found || !http.Viewer().Allows(found.Id)) return NoVehicle(id, "vehicle_id");
        vehicle = found;
        return null;
    }

    /// <summary>There is no such vehicle, for this viewer at least.</summary>
    public static IResult NoVehicle(int id, string parameter) => Problem.Of(StatusCodes.Status404NotFound, $"No vehicle has the id {id}; GET /vehicles lists them.", parameter);
}
