using Telemetry.Core.Alerts;

namespace Telemetry.Api.Store;

/// <summary>Filter of alerts.</summary>
sealed record AlertQuery
{
    /// <summary>Ids of vehicles; null: all, including the server itself.</summary>
    public IReadOnlyList<int>? VehicleIds { get; init; }

    /// <summary>The rule; null: any.</summary>
    public int? RuleId { get; init; }

    /// <summary>True: only alerts that are not over.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Alerts that fired at or after this time, UTC.</summary>
    public DateTime? From { get; init; }

    /// <summary>Alerts that fired before this time, UTC.</summary>
    public DateTime? To { get; init; }

    /// <summary>Alerts before this one in the list.</summary>
    public Guid? After { get; init; }

    /// <summary>Alerts that were changed after this number; null: all.</summary>
    public long? ChangedAfter { get; init; }

    /// <summary>Alerts that ended at or after this time, UTC; null: all.</summary>
    public DateTime? ClearedFrom { get; init; }

    /// <summary>Only this alert.</summary>
    public Guid? Id { get; init; }

    /// <summary>Maximum number of alerts.</summary>
    public int Limit { get; init; } = int.MaxValue;

    /// <summary>True if an alert matches.</summary>
    public bool Includes(Alert alert) =>
        (VehicleIds is null || (alert.VehicleId is { } id && VehicleIds.Contains(id))) && (RuleId is null || alert.RuleId == RuleId) && !(IsOpen && alert.ClearedAt is not null)
        && !(alert.FiredAt < From) && !(alert.FiredAt >= To) && !(After is { } after && alert.Id.CompareTo(after) >= 0) && (Id is null || alert.Id == Id);
}
