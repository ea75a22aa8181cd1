using Telemetry.Core.Alerts;

namespace Telemetry.Api.Store;

/// <summary>Which alerts are asked for.</summary>
sealed record AlertQuery
{
    /// <summary>Ids of vehicles; null: all, the server itself among them.</summary>
    public IReadOnlyList<int>? VehicleIds { get; init; }

    /// <summary>The rule; null: any.</summary>
    public int? RuleId { get; init; }

    /// <summary>True: those that are not over.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Those that fired from this time on, UTC.</summary>
    public DateTime? From { get; init; }

    /// <summary>Those that fired before this time, UTC.</summary>
    public DateTime? To { get; init; }

    /// <summary>Those before this one in the list.</summary>
    public Guid? After { get; init; }

    /// <summary>This one.</summary>
    public Guid? Id { get; init; }

    /// <summary>How many at most.</summary>
    public int Limit { get; init; } = int.MaxValue;

    /// <summary>True if an alert is one of them.</summary>
    public bool Includes(Alert alert) =>
        (VehicleIds is null || (alert.VehicleId is { } id && VehicleIds.Contains(id))) && (RuleId is null || alert.RuleId == RuleId) && !(IsOpen && alert.ClearedAt is not null)
        && !(alert.FiredAt < From) && !(alert.FiredAt >= To) && !(After is { } after && alert.Id.CompareTo(after) >= 0) && (Id is null || alert.Id == Id);
}
