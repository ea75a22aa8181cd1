using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Telemetry.Core.Alerts;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Presence;
using Telemetry.Core.Stream;

namespace Telemetry.Core.HomeAssistant;

/// <summary>State messages of a vehicle for Home Assistant.</summary>
public static class DeviceStates
{
    const string On = "ON";
    const string Off = "OFF";

    static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The last value of each signal, in UTF-8.</summary>
    public static byte[] Values(VehicleSnapshot snapshot) => Write(json =>
    {
        foreach (var reading in snapshot.Readings)
            if (reading.IsKnown) json.WriteNumber(reading.Signal.Name, reading.Value);
    });

    /// <summary><c>ON</c> while the vehicle is running.</summary>
    public static string Presence(VehicleSnapshot snapshot) => snapshot.State == VehicleState.Running ? On : Off;

    /// <summary>Its alerts, in UTF-8: <c>problem</c>, a key a rule, and the open ones.</summary>
    /// <param name="parts">The vehicle.</param>
    /// <param name="open">Its alerts that are not over, by rule.</param>
    public static byte[] Alerts(DeviceParts parts, IReadOnlyDictionary<int, Alert> open) => Write(json =>
    {
        json.WriteString(DeviceParts.Problem, open.Count > 0 ? On : Off);
        foreach (var rule in parts.Rules) json.WriteString(rule.ComponentId, open.ContainsKey(rule.Id) ? On : Off);
        json.WriteStartArray("alerts");
        foreach (var alert in open.Values.OrderBy(alert => alert.FiredAt).ThenBy(alert => alert.RuleId))
        {
            json.WriteStartObject();
            json.WriteString("alert_id", alert.Id);
            json.WriteString("rule", alert.Rule);
            json.WriteString("severity", AlertMessage.SeverityName(alert.Severity));
            json.WriteString("signal", alert.Signal?.Name);
            WriteNumber(json, "value", alert.Value);
            WriteNumber(json, "threshold", alert.Threshold);
            json.WriteString("unit", alert.Signal?.Unit);
            json.WriteString("since", alert.Since);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer, Relaxed);
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }
}
