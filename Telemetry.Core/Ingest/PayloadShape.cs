using System.Text;
using System.Text.Json;

namespace Telemetry.Core.Ingest;

/// <summary>What kind of object a payload is, seen before its values are read.</summary>
readonly struct PayloadShape
{
    static readonly string[] ValueKeys = ["value", "val"];
    static readonly string[] UnitKeys = ["unit", "units", "uom", "unit_of_measurement", "unit_of_meas"];
    static readonly string[] DiscoveryKeys = ["state_topic", "stat_t", "command_topic", "cmd_t", "availability_topic", "avty_t", "json_attributes_topic", "json_attr_t"];
    static readonly string[] StatusKeys = ["status", "availability", "connection", "lwt"];

    static readonly string[] TimeKeys = ["timestamp", "time", "ts"];

    // Longer than any name of a unit.
    const int MaxUnitLength = 64;

    /// <summary>True if a key holds the value, of the signal that is named elsewhere: <c>{"value":71.5,"unit":"%"}</c>.</summary>
    public bool HasValue { get; private init; }

    /// <summary>The unit of that value, or of the only one; null where none is given.</summary>
    public string? Unit { get; private init; }

    /// <summary>True if it holds one value alone, beside its unit and its time.</summary>
    public bool IsSingle { get; private init; }

    /// <summary>True if it describes readings for home automation.</summary>
    public bool IsDiscovery { get; private init; }

    /// <summary>Whether it says that its publisher is there or not.</summary>
    public bool IsStatus { get; private init; }

    /// <summary>True if a key holds a value.</summary>
    public static bool IsValueKey(in Utf8JsonReader key) => IsAny(key.ValueSpan, ValueKeys);

    /// <summary>True if a key holds a unit.</summary>
    public static bool IsUnitKey(in Utf8JsonReader key) => IsAny(key.ValueSpan, UnitKeys);

    /// <summary>Looks at an object.</summary>
    public static PayloadShape Of(ReadOnlySpan<byte> payload)
    {
        var json = new Utf8JsonReader(payload);
        json.Read();
        return ReadObject(ref json, out _);
    }

    /// <summary>Looks at an object, and finds its value.</summary>
    /// <param name="json">Stands on the object's start, afterwards on its end.</param>
    /// <param name="value">The text of the value; empty where there is none.</param>
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

    /// <summary>Reads a value, or an object that holds one and its unit.</summary>
    /// <param name="json">Stands on its start, afterwards on its end.</param>
    /// <param name="value">The text of the value.</param>
    /// <param name="unit">Its unit; null where none is given.</param>
    /// <returns>False where it is neither.</returns>
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
