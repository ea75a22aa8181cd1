using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Access;

/// <summary>Access scope of a request. Vehicle ids are in ascending order; null: all, later ones included. A null <paramref name="Until"/> never expires. <paramref name="Login"/> identifies the token without revealing it (its signature).</summary>
sealed record AccessScope(int[]? VehicleIds, DateTimeOffset? Until, string? Login = null, string? Subject = null)
{
    public static readonly AccessScope OfAll = new(null, null);

    public bool Allows(int id) => VehicleIds is null || Array.BinarySearch(VehicleIds, id) >= 0;

    public IEnumerable<Vehicle> Vehicles(VehicleRegistry vehicles) => VehicleIds!.Select(vehicles.Find).OfType<Vehicle>().Where(vehicle => Allows(vehicle.Id));

    public IReadOnlyList<int>? Intersect(IReadOnlyList<int>? asked) => asked is null ? VehicleIds : VehicleIds is null ? asked : [.. asked.Where(Allows)];
}

static class Viewers
{
    public static AccessScope Viewer(this HttpContext http) => http.Features.Get<AccessScope>() ?? Access.AccessScope.OfAll;

    /// <summary>Declares that an endpoint filters by the viewer's scope. Every other endpoint is closed to tokens for some vehicles.</summary>
    public static TBuilder ShowsOnlyVehiclesOfViewer<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(LimitedToViewer.Mark);
}

sealed class LimitedToViewer
{
    public static readonly LimitedToViewer Mark = new();
}
