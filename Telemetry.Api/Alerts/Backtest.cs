using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Telemetry.Api.Alerts;

/// <summary>Result of a back-test.</summary>
/// <param name="Fired">Alerts that would have fired.</param>
/// <param name="Alerts">The first of them, in the order of time.</param>
/// <param name="LongestWait">Longest wait that did not fire, in seconds of judged time; also one that goes on at the end.</param>
/// <param name="Lowest">Lowest value of the rule's first signal in the range; null where it has none.</param>
/// <param name="Highest">Highest value of it.</param>
/// <param name="Readings">Readings that were gone through; 0 where the summaries were enough.</param>
/// <param name="Seconds">Time that it took.</param>
/// <param name="Basis"><c>minutes</c>: by the summaries, no reading reaches what the rule takes; <c>readings</c>: every reading was judged.</param>
sealed record Backtest(long Fired, IReadOnlyList<BacktestAlert> Alerts, double LongestWait, double? Lowest, double? Highest, long Readings, double Seconds, [property: AllowedValues("minutes", "readings")] string Basis);

/// <summary>An alert of a back-test.</summary>
/// <param name="Since">Start of the wait.</param>
/// <param name="FiredAt">End of the wait.</param>
/// <param name="ClearedAt">End of the alert; null where the range ends before it.</param>
/// <param name="Value">Value of the rule's first signal when it fired; null where it has none.</param>
/// <param name="Peak">Worst value until the alert ended.</param>
sealed record BacktestAlert(
    [property: DataType(DataType.DateTime)] string Since,
    [property: DataType(DataType.DateTime)] string FiredAt,
    [property: DataType(DataType.DateTime)] string? ClearedAt,
    double? Value,
    double? Peak);

/// <summary>The shape of a <see cref="BacktestRequest"/>, for the OpenAPI document.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
sealed class BacktestBody
{
    /// <summary>A rule as <c>POST /alerts/rules</c> takes it. It needs no name, and its vehicles do not count.</summary>
    public required JsonElement Rule { get; init; }

    [Range(1, int.MaxValue)]
    public int VehicleId { get; init; } = 1;

    [DataType(DataType.DateTime)]
    public string? From { get; init; }

    [DataType(DataType.DateTime)]
    public string? To { get; init; }
}
