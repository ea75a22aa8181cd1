using System.ComponentModel.DataAnnotations;
using Telemetry.Api.Http;
using Telemetry.Core.Alerts;
using Telemetry.Core.Broadcast;

namespace Telemetry.Api.Alerts;

/// <summary>An alert as <c>GET /alerts</c> tells it.</summary>
/// <param name="AlertId">Its id, a UUID of version 7.</param>
/// <param name="RuleId">Its rule; null: it is built in.</param>
/// <param name="Rule">The rule's name.</param>
/// <param name="Severity"><c>info</c>, <c>warning</c> or <c>critical</c>.</param>
/// <param name="VehicleId">Its vehicle; null: the server itself.</param>
/// <param name="State"><c>firing</c>, <c>acked</c>, <c>snoozed</c> or <c>cleared</c>.</param>
/// <param name="Since">Start of the wait, UTC.</param>
/// <param name="FiredAt">The end of the wait, UTC.</param>
/// <param name="ClearedAt">End; null while it lasts.</param>
/// <param name="EndedBy">Cause of an end other than its condition: <c>rule</c> or <c>vehicle</c>.</param>
/// <param name="Signal">The rule's first signal; null where it has none.</param>
/// <param name="Unit">The unit of its values.</param>
/// <param name="Value">The signal's value when it fired.</param>
/// <param name="Peak">The worst value since.</param>
/// <param name="Threshold">Threshold of the rule's first signal.</param>
/// <param name="JudgedAt">The last instant at which it was seen to be true.</param>
/// <param name="AckedAt">Time of the acknowledgement.</param>
/// <param name="AckedBy">Who.</param>
/// <param name="Note">Note of the acknowledgement.</param>
/// <param name="SnoozedUntil">End of the snooze.</param>
/// <param name="Deliveries">Delivery state per channel.</param>
sealed record AlertView(
    Guid AlertId, int? RuleId, string Rule, [property: AllowedValues("info", "warning", "critical")] string Severity, int? VehicleId, [property: AllowedValues("firing", "acked", "snoozed", "cleared")] string State, string Since, string FiredAt, string? ClearedAt, string? EndedBy, string? Signal, string? Unit,
    double? Value, double? Peak, double? Threshold, string JudgedAt, string? AckedAt, string? AckedBy, string? Note, string? SnoozedUntil, IReadOnlyList<DeliveryView> Deliveries)
{
    public static AlertView Of(Alert alert, DateTime now, IReadOnlyList<DeliveryView> deliveries) => new(
        alert.Id, alert.RuleId > 0 ? alert.RuleId : null, alert.Rule, AlertMessage.SeverityName(alert.Severity), alert.VehicleId, AlertMessage.StateName(alert.StateAt(now)),
        Timestamps.Text(alert.Since), Timestamps.Text(alert.FiredAt), Text(alert.ClearedAt), alert.EndedBy, alert.Signal?.Name, alert.Signal?.Unit,
        alert.Value, alert.Peak, alert.Threshold, Timestamps.Text(alert.JudgedAt), Text(alert.AckedAt), alert.AckedBy, alert.Note, Text(alert.SnoozedUntil), deliveries);

    static string? Text(DateTime? time) => time is { } known ? Timestamps.Text(known) : null;
}
