namespace Telemetry.Api.Broadcast;

/// <summary>What a client asks for.</summary>
/// <param name="VehicleIds">Ids in ascending order; null: all vehicles.</param>
sealed record Filter(IReadOnlyList<int>? VehicleIds)
{
    /// <summary>A client that says nothing: everything.</summary>
    public static readonly Filter None = new((IReadOnlyList<int>?)null);

    public bool Equals(Filter? other) =>
        other is not null && (VehicleIds is null ? other.VehicleIds is null : other.VehicleIds is not null && VehicleIds.SequenceEqual(other.VehicleIds));

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var id in VehicleIds ?? []) hash.Add(id);
        return hash.ToHashCode();
    }
}
