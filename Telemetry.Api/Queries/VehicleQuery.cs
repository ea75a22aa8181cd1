using System.Globalization;
using Telemetry.Api.Access;
using Telemetry.Api.Http;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Queries;

/// <summary>One vehicle that the viewer may see; vehicle 1 if the parameter is missing.</summary>
sealed record QueriedVehicle(Vehicle Vehicle) : IRequestPart<QueriedVehicle>
{
    static readonly WholeNumber Id = new("vehicle_id", "The id of a vehicle", Min: 1, Max: int.MaxValue, Default: 1) { Takes = "one vehicle id from 1" };

    public static IReadOnlyList<Parameter> Parameters => [Id];

    public static IReadOnlyList<int> Problems => [StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound];

    public static QueriedVehicle Read(HttpContext http) => new(VehicleQuery.Find(http, Id.Read(http)!.Value, Id.Name));
}

/// <summary>One vehicle that the viewer may see; null if the parameter is missing.</summary>
sealed record NamedVehicle(Vehicle? Vehicle) : IRequestPart<NamedVehicle>
{
    static readonly WholeNumber Id = new("vehicle_id", "The id of a vehicle; without it the one heard most recently", Min: 1, Max: int.MaxValue) { Takes = "one vehicle id from 1" };

    public static IReadOnlyList<Parameter> Parameters => [Id];

    public static IReadOnlyList<int> Problems => [StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound];

    public static NamedVehicle Read(HttpContext http) => new(Id.Read(http) is { } id ? VehicleQuery.Find(http, id, Id.Name) : null);
}

/// <summary>The vehicle to show where none is named. Running: the lowest running id, otherwise the lowest one ever heard; otherwise the one heard most recently.</summary>
sealed record VehiclePreference(bool Running) : IRequestPart<VehiclePreference>
{
    const string RunningWord = "running";

    static readonly Choice Parameter = new("prefer", "Without vehicle_id: heard, the vehicle heard most recently; running, the lowest id that is running, otherwise the lowest one ever heard", "heard", RunningWord);

    public static IReadOnlyList<Parameter> Parameters => [Parameter];

    public static VehiclePreference Read(HttpContext http) => new(Parameter.Read(http) == RunningWord);
}

/// <summary>Vehicle of a path such as <c>/vehicles/{id}</c>. The viewer may see it.</summary>
sealed record PathVehicle(Vehicle Vehicle) : IRequestPart<PathVehicle>
{
    static readonly WholeNumber Id = new("id", "The id of a vehicle", Min: 1, Max: int.MaxValue) { IsInPath = true };

    public static IReadOnlyList<Parameter> Parameters => [Id];

    public static IReadOnlyList<int> Problems => [StatusCodes.Status404NotFound];

    // The route accepts whole numbers only.
    public static PathVehicle Read(HttpContext http) => new(VehicleQuery.Find(http, int.Parse((string)http.GetRouteValue(Id.Name)!, CultureInfo.InvariantCulture), Id.Name));
}

static class VehicleQuery
{
    /// <exception cref="ProblemException">The vehicle does not exist, or the viewer may not see it.</exception>
    public static Vehicle Find(HttpContext http, int id, string parameter)
    {
        var vehicles = http.RequestServices.GetRequiredService<VehicleRegistry>();
        return vehicles.Find(id) is { } vehicle && http.Viewer().Allows(vehicle.Id) ? vehicle : throw NoVehicle(id, parameter);
    }

    /// <summary>Also for a vehicle that the viewer may not see.</summary>
    public static ProblemException NoVehicle(int id, string parameter) => new(StatusCodes.Status404NotFound, $"No vehicle has the id {id}; GET /vehicles lists them.", parameter);
}
