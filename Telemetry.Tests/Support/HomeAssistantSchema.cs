using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Telemetry.Tests.Support;

/// <summary>Valid discovery messages of a device, by Home Assistant's published schema and its tables of sensors.</summary>
/// <remarks>Sources: homeassistant/components/mqtt/discovery.py, schemas.py, sensor.py, abbreviations.py; homeassistant/components/sensor/const.py. Only what version 2024.12 knows.</remarks>
static partial class HomeAssistantSchema
{
    static readonly Dictionary<string, string> Abbreviations = new()
    {
        ["avty"] = "availability",
        ["avty_t"] = "availability_topic",
        ["avty_tpl"] = "availability_template",
        ["avty_mode"] = "availability_mode",
        ["pl_avail"] = "payload_available",
        ["pl_not_avail"] = "payload_not_available",
        ["cmps"] = "components",
        ["dev"] = "device",
        ["o"] = "origin",
        ["p"] = "platform",
        ["stat_t"] = "state_topic",
        ["t"] = "topic",
        ["uniq_id"] = "unique_id",
        ["unit_of_meas"] = "unit_of_measurement",
        ["val_tpl"] = "value_template",
        ["dev_cla"] = "device_class",
        ["stat_cla"] = "state_class",
        ["json_attr_t"] = "json_attributes_topic",
        ["json_attr_tpl"] = "json_attributes_template",
        ["pl_on"] = "payload_on",
        ["pl_off"] = "payload_off",
        ["exp_aft"] = "expire_after",
        ["ent_cat"] = "entity_category",
    };

    static readonly Dictionary<string, string> DeviceAbbreviations = new()
    {
        ["ids"] = "identifiers",
        ["cns"] = "connections",
        ["cu"] = "configuration_url",
        ["mf"] = "manufacturer",
        ["mdl"] = "model",
        ["sw"] = "sw_version",
        ["hw"] = "hw_version",
        ["sn"] = "serial_number",
        ["sa"] = "suggested_area",
    };

    static readonly Dictionary<string, string> OriginAbbreviations = new() { ["sw"] = "sw_version", ["url"] = "support_url" };

    static readonly string[] DeviceKeys = ["identifiers", "connections", "manufacturer", "model", "model_id", "name", "hw_version", "serial_number", "sw_version", "via_device", "suggested_area", "configuration_url"];
    static readonly string[] OriginKeys = ["name", "sw_version", "support_url"];
    static readonly string[] Shared = ["availability", "availability_mode", "availability_template", "availability_topic", "command_topic", "payload_available", "payload_not_available", "state_topic"];
    static readonly string[] BinaryClasses = ["battery", "connectivity", "door", "heat", "light", "motion", "power", "presence", "problem", "running", "safety", "vibration"];

    const string Measurement = "measurement";
    static readonly string[] Totals = ["total", "total_increasing"];
    static readonly string[] AnyState = [Measurement, "total", "total_increasing"];

    // Units and state classes that go with each device class.
    static readonly Dictionary<string, (string[] Units, string[] States)> SensorClasses = new()
    {
        ["battery"] = (["%"], [Measurement]),
        ["carbon_dioxide"] = (["ppm"], [Measurement]),
        ["current"] = (["A", "mA"], [Measurement]),
        ["distance"] = (["mm", "cm", "m", "km", "in", "ft", "yd", "mi"], AnyState),
        ["duration"] = (["d", "h", "min", "s", "ms"], AnyState),
        ["energy"] = (["J", "kJ", "MJ", "GJ", "Wh", "kWh", "MWh"], Totals),
        ["energy_storage"] = (["J", "kJ", "MJ", "GJ", "Wh", "kWh", "MWh"], [Measurement]),
        ["frequency"] = (["Hz", "kHz", "MHz", "GHz"], [Measurement]),
        ["humidity"] = (["%"], [Measurement]),
        ["illuminance"] = (["lx"], [Measurement]),
        ["power"] = (["W", "kW"], [Measurement]),
        ["pressure"] = (["Pa", "hPa", "kPa", "bar", "cbar", "mbar", "mmHg", "inHg", "psi"], [Measurement]),
        ["signal_strength"] = (["dB", "dBm"], [Measurement]),
        ["speed"] = (["ft/s", "in/s", "m/s", "km/h", "kn", "mph", "mm/s"], [Measurement]),
        ["temperature"] = (["°C", "°F", "K"], [Measurement]),
        ["voltage"] = (["V", "mV", "µV"], [Measurement]),
        ["volume_storage"] = (["L", "mL", "gal", "m³", "ft³"], [Measurement]),
        ["weight"] = (["kg", "g", "mg", "µg", "oz", "lb", "st"], AnyState),
    };

    /// <summary>The object id of a discovery topic of a device.</summary>
    public static string ObjectId(string topic, string prefix)
    {
        var match = DeviceTopic().Match(topic[(prefix.Length + 1)..]);
        match.Success.Should().BeTrue($"{topic} is a discovery topic of a device");
        return match.Groups[1].Value;
    }

    /// <summary>The components of a message by their ids, each with the options that it shares.</summary>
    public static Dictionary<string, JsonObject> Read(string payload)
    {
        var message = JsonNode.Parse(payload)!.AsObject();
        Expand(message, Abbreviations);
        var device = message["device"]!.AsObject();
        Expand(device, DeviceAbbreviations);
        device.Select(pair => pair.Key).Should().BeSubsetOf(DeviceKeys);
        var identifiers = device["identifiers"] is JsonArray many ? many.Select(one => one!.GetValue<string>()).ToList() : [device["identifiers"]!.GetValue<string>()];
        identifiers.Should().NotBeEmpty().And.OnlyContain(identifier => identifier != "");
        device["name"]!.GetValue<string>().Should().NotBeEmpty();
        var origin = message["origin"]!.AsObject();
        Expand(origin, OriginAbbreviations);
        origin.Select(pair => pair.Key).Should().BeSubsetOf(OriginKeys);
        origin["name"]!.GetValue<string>().Should().NotBeEmpty();
        var components = message["components"]!.AsObject();
        components.Should().NotBeEmpty();
        return components.ToDictionary(pair => pair.Key, pair => Component(pair.Value!.AsObject(), message, device["name"]!.GetValue<string>(), identifiers[0]));
    }

    static JsonObject Component(JsonObject component, JsonObject message, string deviceName, string identifier)
    {
        Expand(component, Abbreviations);
        component["platform"]!.GetValue<string>().Should().BeOneOf("sensor", "binary_sensor");
        if (component.Count == 1) return component.DeepClone().AsObject(); // A removal.
        foreach (var option in Shared.Where(option => message.ContainsKey(option) && !component.ContainsKey(option))) component[option] = message[option]!.DeepClone();
        component["unique_id"]!.GetValue<string>().Should().NotBeEmpty();
        component["state_topic"]!.GetValue<string>().Should().NotBeEmpty().And.NotContainAny("+", "#");
        (component.ContainsKey("availability_topic") || component.ContainsKey("availability")).Should().BeTrue();
        if (component["platform"]!.GetValue<string>() == "sensor") Sensor(component);
        else component["device_class"]!.GetValue<string>().Should().BeOneOf(BinaryClasses);
        (component["device_name"], component["device_id"]) = (deviceName, identifier);
        return component.DeepClone().AsObject();
    }

    static void Sensor(JsonObject sensor) => CheckSensor(Text(sensor, "unit_of_measurement"), Text(sensor, "device_class"), Text(sensor, "state_class"));

    /// <summary>Fails for a sensor that Home Assistant drops.</summary>
    public static void CheckSensor(string? unit, string? type, string? state)
    {
        if (state is not null) AnyState.Should().Contain(state);
        if (type is null) return;
        SensorClasses.Should().ContainKey(type);
        SensorClasses[type].Units.Should().Contain(unit, $"a {type} has such a unit");
        SensorClasses[type].States.Should().Contain(state, $"a {type} has such a state class");
    }

    static string? Text(JsonObject component, string key) => component[key]?.GetValue<string>();

    static void Expand(JsonObject json, Dictionary<string, string> names)
    {
        foreach (var (key, value) in json.ToList())
        {
            if (!names.TryGetValue(key, out var name)) continue;
            json.Remove(key);
            json[name] = value?.DeepClone();
        }
    }

    [GeneratedRegex("^device/([a-zA-Z0-9_-]+)/config$")]
    private static partial Regex DeviceTopic();
}
