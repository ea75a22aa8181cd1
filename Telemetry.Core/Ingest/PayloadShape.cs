using System.Text;
using System.Text.Json;

namespace Telemetry.Core.Ingest;

/// <summary>Kind of a JSON object, determined before its values are read.</summary>
readonly struct PayloadShape
{
    static readonly string[] ValueKeys = ["value", "val"];
    static readonly string[] UnitKeys = ["unit", "units", "uom", "unit_of_measurement", "unit_of_meas"];
    static readonly string[] DiscoveryKeys = ["state_topic", "stat_t", "command_topic", "cmd_t", "availability_topic", "avty_t", "json_attributes_topic", "json_attr_t"];
    static readonly string[] StatusKeys = ["status", "availability", "connection", "lwt"];

    static readonly string[] TimeKeys = ["timestamp", "time", "ts"];

    // Longer than the name of any unit.
    const int MaxUnitLength = 64;

    /// <summary>True if one key contains the value, of a signal named elsewhere: <c>{"value":71.5,"unit":"%"}</c>.</summary>
    public bool HasValue { get; private init; }

    /// <summary>Unit of that value, or of the only value; null if not given.</summary>
    public string? Unit { get; private init; }

    /// <summary>True if the object contains a single value besides its unit and its time.</summary>
    public bool IsSingle { get; private init; }

    /// <summary>True for a home automation discovery message, which describes readings.</summary>
    public bool IsDiscovery { get; private init; }

    /// <summary>True for a status message: its publisher is online or offline.</summary>
    public bool IsStatus { get; private init; }

    /// <summary>True if a key is one of a value.</summary>
    public static bool IsValueKey(in Utf8JsonReader key) => IsAny(key.ValueSpan, ValueKeys);

    /// <summary>True if a key is one of a unit.</summary>
    public static bool IsUnitKey(in Utf8JsonReader key) => IsAny(key.ValueSpan, UnitKeys);

    /// <summary>Shape of a payload that is an object.</summary>
    public static PayloadShape Of(ReadOnlySpan<byte> payload)
    {
        var json = new Utf8JsonReader(payload);
        json.Read();
        return ReadObject(ref json, out _);
    }

    /// <summary>Shape of an object, and its value.</summary>
    /// <param name="json">At the start of the object; afterwards at its end.</param>
    /// <param name="value">Text of the value; empty if there is none.</param>
    public static PayloadShape ReadObject(ref Utf8JsonReader json, out ReadOnlySpan<byte> value)
    {
        value = default;
        var (hasValue, isDiscovery, isStatus) = (false, false, false);
        string? unit = null;
        var others = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = json;
            json.Read();
            if (json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                json.Skip();
                continue;
            }

            var isText = json.TokenType == JsonTokenType.String;
            isDiscovery |= isText && IsAny(key.ValueSpan, DiscoveryKeys);
            isStatus |= isText && IsAny(key.ValueSpan, StatusKeys) && StatusReader.IsWord(json.ValueSpan);
            if (isText && IsUnitKey(key) && json.ValueSpan.Length <= MaxUnitLength) unit = json.GetString();
            if (!IsUnitKey(key) && !IsAny(key.ValueSpan, TimeKeys)) others++;
            if (!IsValueKey(key)) continue;
            hasValue = true;
            value = json.ValueIsEscaped ? default : json.ValueSpan;
        }

        return new PayloadShape { HasValue = hasValue, Unit = unit, IsSingle = others == 1, IsDiscovery = isDiscovery, IsStatus = isStatus };
    }

    /// <summary>Reads a value, or an object with a value and its unit.</summary>
    /// <param name="json">At its start; afterwards at its end.</param>
    /// <param name="value">Text of the value.</param>
    /// <param name="unit">Its unit; null if not given.</param>
    /// <returns>False if it is neither.</returns>
    public static bool TryReadQuantity(ref Utf8JsonReader json, out ReadOnlySpan<byte> value, out string? unit)
    {
        value = default;
        unit = null;
        if (json.TokenType == JsonTokenType.StartObject)
        {
            var shape = ReadObject(ref json, out value);
            unit = shape.Unit;
            return shape.HasValue;
        }

        if (json.TokenType != JsonTokenType.StartArray)
        {
            value = json.ValueIsEscaped ? default : json.ValueSpan;
            return true;
        }

        json.Skip();
        return false;
    }

    static bool IsAny(ReadOnlySpan<byte> text, string[] words)
    {
        foreach (var word in words)
            if (Ascii.EqualsIgnoreCase(text, word)) return true;
        return false;
    }
}
