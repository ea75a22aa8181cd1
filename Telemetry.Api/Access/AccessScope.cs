using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Access;

/// <summary>Access scope of a request: visible vehicles and token expiry.</summary>
/// <param name="VehicleIds">In ascending order; null: all vehicles, later ones included.</param>
/// <param name="Until">Expiry of the token; null: never.</param>
/// <param name="Login">Identifies the token but does not reveal it (its signature); null: no token.</param>
/// <param name="Subject">The token's <c>sub</c>; null if it has none.</param>
sealed record AccessScope(int[]? VehicleIds, DateTimeOffset? Until, string? Login = null, string? Subject = null)
{
    /// <summary>Scope of every request when no login is configured.</summary>
    public static readonly AccessScope OfAll = new(null, null);

    public bool Allows(int id) => VehicleIds is null || Array.BinarySearch(VehicleIds, id) >= 0;

    /// <summary>The visible vehicles that exist, by ascending id. Only for a scope with <see cref="VehicleIds"/>.</summary>
    public IEnumerable<Vehicle> Vehicles(VehicleRegistry vehicles) => VehicleIds!.Select(vehicles.Find).OfType<Vehicle>().Where(vehicle => Allows(vehicle.Id));

    /// <summary>The visible part of a choice of vehicles.</summary>
    /// <param name="asked">Ids; null: all vehicles.</param>
    public IReadOnlyList<int>? Intersect(IReadOnlyList<int>? asked) => asked is null ? VehicleIds : VehicleIds is null ? asked : [.. asked.Where(Allows)];
}

static class Viewers
{
    public static AccessScope Viewer(this HttpContext http) => http.Features.Get<AccessScope>() ?? Access.AccessScope.OfAll;

    /// <summary>Declares that an endpoint filters by the viewer's scope. Every other endpoint is closed to tokens for some vehicles.</summary>
    public static TBuilder ShowsOnlyVehiclesOfViewer<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(LimitedToViewer.Mark);
}

/// <summary>Metadata of <see cref="Viewers.ShowsOnlyVehiclesOfViewer"/>.</summary>
sealed class LimitedToViewer
{
    public static readonly LimitedToViewer Mark = new();
}
