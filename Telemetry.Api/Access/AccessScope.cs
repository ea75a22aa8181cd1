using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Access;

/// <summary>Who asks, as far as it matters: what they may see, and how long.</summary>
/// <param name="VehicleIds">In ascending order; null: all vehicles, those to come included.</param>
/// <param name="Until">When the token expires; null: never.</param>
/// <param name="Login">Names the token among all others, without being one; null where there is none.</param>
sealed record AccessScope(int[]? VehicleIds, DateTimeOffset? Until, string? Login = null)
{
    /// <summary>Everybody, where nobody has to log in.</summary>
    public static readonly AccessScope OfAll = new(null, null);

    /// <summary>True if they may see a vehicle.</summary>
    public bool Allows(int id) => VehicleIds is null || Array.BinarySearch(VehicleIds, id) >= 0;

    /// <summary>Their vehicles, as far as there are any, in the order of ids. For a viewer who may not see all.</summary>
    public IEnumerable<Vehicle> Vehicles(VehicleRegistry vehicles) => VehicleIds!.Select(vehicles.Find).OfType<Vehicle>().Where(vehicle => Allows(vehicle.Id));

    /// <summary>What they get of what they ask for.</summary>
    /// <param name="asked">Ids; null: all vehicles.</param>
    public IReadOnlyList<int>? Intersect(IReadOnlyList<int>? asked) => asked is null ? VehicleIds : VehicleIds is null ? asked : [.. asked.Where(Allows)];
}

/// <summary>The viewer of a request.</summary>
static class Viewers
{
    /// <summary>Who sends this request.</summary>
    public static AccessScope Viewer(this HttpContext http) => http.Features.Get<AccessScope>() ?? Access.AccessScope.OfAll;

    /// <summary>Declares that an endpoint shows a viewer no other vehicles than theirs. All others are closed to whoever may not see all.</summary>
    public static TBuilder ShowsOnlyVehiclesOfViewer<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(LimitedToViewer.Mark);
}

/// <summary>The mark of <see cref="Viewers.ShowsOnlyVehiclesOfViewer"/>.</summary>
sealed class LimitedToViewer
{
    public static readonly LimitedToViewer Mark = new();
}
