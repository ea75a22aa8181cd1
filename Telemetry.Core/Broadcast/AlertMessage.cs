using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Telemetry.Core.Alerts;

namespace Telemetry.Core.Broadcast;

/// <summary>The message of an alert: these keys, this order, always all of them.</summary>
public static class AlertMessage
{
    /// <summary>The message of an alert, in UTF-8.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="at">Timestamp of the message, UTC.</param>
    public static byte[] Serialize(Alert alert, DateTime at)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("type"u8, "alert"u8);
        json.WriteString("state"u8, StateName(alert.StateAt(at)));
        json.WriteStartObject("data"u8);
        json.WriteString("alert_id"u8, alert.Id);
        if (alert.RuleId > 0) json.WriteNumber("rule_id"u8, alert.RuleId);
        else json.WriteNull("rule_id"u8);
        json.WriteString("rule"u8, alert.Rule);
        json.WriteString("severity"u8, SeverityName(alert.Severity));
        if (alert.VehicleId is { } vehicleId) json.WriteNumber("vehicle_id"u8, vehicleId);
        else json.WriteNull("vehicle_id"u8);
        json.WriteString("signal"u8, alert.Signal?.Name);
        Write(json, "value", alert.Value);
        json.WriteString("unit"u8, alert.Signal?.Unit);
        Write(json, "threshold", alert.Threshold);
        json.WriteString("since"u8, Text(alert.Since));
        json.WriteString("fired_at"u8, Text(alert.FiredAt));
        json.WriteString("cleared_at"u8, alert.ClearedAt is { } clearedAt ? Text(clearedAt) : null);
        Write(json, "peak", alert.Peak);
        json.WriteEndObject();
        json.WriteString("timestamp"u8, Text(at));
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A state's word in messages and answers.</summary>
    public static string StateName(AlertState state) => state switch
    {
        AlertState.Firing => "firing",
        AlertState.Acked => "acked",
        AlertState.Snoozed => "snoozed",
        _ => "cleared",
    };

    /// <summary>A severity's word in messages and answers.</summary>
    public static string SeverityName(Severity severity) => severity switch
    {
        Severity.Info => "info",
        Severity.Critical => "critical",
        _ => "warning",
    };

    static void Write(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }

    static string Text(DateTime time) => time.ToString(TelemetryMessage.TimestampFormat, CultureInfo.InvariantCulture);
}
