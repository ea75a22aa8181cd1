using Telemetry.Core.Alerts;

namespace Telemetry.Api.Store;

sealed record AlertQuery
{
    /// <summary>Null: all, including the server itself.</summary>
    public IReadOnlyList<int>? VehicleIds { get; init; }

    public int? RuleId { get; init; }

    public bool IsOpen { get; init; }

    /// <summary>Inclusive, UTC, by the time of firing.</summary>
    public DateTime? From { get; init; }

    /// <summary>Exclusive, UTC.</summary>
    public DateTime? To { get; init; }

    public Guid? After { get; init; }

    public long? ChangedAfter { get; init; }

    /// <summary>Inclusive, UTC, by the time of ending.</summary>
    public DateTime? ClearedFrom { get; init; }

    public Guid? Id { get; init; }

    public int Limit { get; init; } = int.MaxValue;

    public bool Includes(Alert alert) =>
        (VehicleIds is null || (alert.VehicleId is { } id && VehicleIds.Contains(id))) && (RuleId is null || alert.RuleId == RuleId) && !(IsOpen && alert.ClearedAt is not null)
        && !(alert.FiredAt < From) && !(alert.FiredAt >= To) && !(After is { } after && alert.Id.CompareTo(after) >= 0) && (Id is null || alert.Id == Id);
}
