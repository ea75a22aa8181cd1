using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Telemetry.Core.HomeAssistant;

/// <summary>Home Assistant's discovery message of a device (https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload), version 2024.12 and later.</summary>
public static class DiscoveryMessage
{
    // Names and units are shown as they are; Home Assistant reads UTF-8.
    static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Members of a Python dictionary: value_json.items would be one of them, not the value.
    static readonly HashSet<string> DictMembers = ["clear", "copy", "fromkeys", "get", "items", "keys", "pop", "popitem", "setdefault", "update", "values"];

    /// <summary>The message of a vehicle, in UTF-8.</summary>
    /// <param name="parts">The vehicle.</param>
    /// <param name="topics">The topics.</param>
    /// <param name="version">Version of this server.</param>
    /// <param name="removed">Components of an earlier message that the vehicle no longer has. Home Assistant removes a component whose platform is its only key; one that is just left out stays.</param>
    public static byte[] Serialize(DeviceParts parts, DeviceTopics topics, string version, IEnumerable<string> removed)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(buffer, Relaxed);
        var device = topics.DeviceId(parts.VehicleId);
        json.WriteStartObject();
        json.WriteStartObject("device");
        json.WriteStartArray("identifiers");
        json.WriteStringValue(device);
        json.WriteEndArray();
        json.WriteString("name", parts.Name);
        json.WriteString("manufacturer", "Telemetry");
        json.WriteEndObject();
        json.WriteStartObject("origin");
        json.WriteString("name", "Telemetry");
        json.WriteString("sw_version", version);
        json.WriteEndObject();
        json.WriteString("availability_topic", topics.Availability);
        json.WriteString("state_topic", topics.State(parts.VehicleId));
        json.WriteStartObject("components");
        WriteBinary(json, device, DeviceParts.Connectivity, "Connectivity", "connectivity", topics.Presence(parts.VehicleId), null);
        WriteBinary(json, device, DeviceParts.Problem, "Alerts", "problem", topics.Alerts(parts.VehicleId), "problem");
        foreach (var signal in parts.Signals) WriteSensor(json, device, signal);
        foreach (var rule in parts.Rules) WriteBinary(json, device, rule.ComponentId, rule.Name, "problem", topics.Alerts(parts.VehicleId), rule.ComponentId);
        foreach (var component in removed)
        {
            json.WriteStartObject(component);
            json.WriteString("platform", DeviceParts.PlatformOf(component));
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    static void WriteSensor(Utf8JsonWriter json, string device, SensorPart signal)
    {
        var type = SensorClass.Of(signal.Name, signal.Unit);
        json.WriteStartObject(signal.ComponentId);
        json.WriteString("platform", "sensor");
        json.WriteString("unique_id", $"{device}_{signal.ComponentId}");
        json.WriteString("name", signal.Name == "rpm" ? "Engine speed" : char.ToUpperInvariant(signal.Name[0]) + signal.Name[1..].Replace('_', ' '));
        json.WriteString("value_template", TemplateOf(signal.Name));
        if (signal.Unit is not null) json.WriteString("unit_of_measurement", signal.Unit);
        if (type.Device is not null) json.WriteString("device_class", type.Device);
        json.WriteString("state_class", type.State);
        json.WriteEndObject();
    }

    static void WriteBinary(Utf8JsonWriter json, string device, string component, string name, string type, string topic, string? key)
    {
        json.WriteStartObject(component);
        json.WriteString("platform", "binary_sensor");
        json.WriteString("unique_id", $"{device}_{component}");
        json.WriteString("name", name);
        json.WriteString("device_class", type);
        json.WriteString("state_topic", topic);
        if (key is not null) json.WriteString("value_template", TemplateOf(key));
        if (component == DeviceParts.Problem) json.WriteString("json_attributes_topic", topic);
        json.WriteEndObject();
    }

    // A signal's name has no quotes, but may have letters of any script.
    static string TemplateOf(string key)
    {
        var isIdentifier = !char.IsAsciiDigit(key[0]) && key.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !DictMembers.Contains(key);
        return isIdentifier ? $"{{{{ value_json.{key} }}}}" : $"{{{{ value_json['{key}'] }}}}";
    }
}
