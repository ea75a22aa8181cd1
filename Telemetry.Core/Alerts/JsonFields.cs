using System.Globalization;
using System.Text.Json;

namespace Telemetry.Core.Alerts;

/// <summary>Fields of a rule's JSON, each with a clear error.</summary>
static class JsonFields
{
    /// <summary>A text that is not empty; null where the field is missing.</summary>
    public static string? Text(JsonElement json, string field, int maxLength, bool mayBreakLines = false)
    {
        if (!json.TryGetProperty(field, out var value)) return null;
        return value.ValueKind == JsonValueKind.String && StorableText.Of(value, mayBreakLines) is { Length: > 0 } text && text.Length <= maxLength
            ? text
            : throw new AlertRuleException(field, $"takes 1 to {maxLength} characters, none of them a control character{(mayBreakLines ? " other than a line break" : "")}");
    }

    public static bool Flag(JsonElement json, string field, bool otherwise)
    {
        if (!json.TryGetProperty(field, out var value)) return otherwise;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw new AlertRuleException(field, "takes true or false");
    }

    public static string OneOf(JsonElement json, string field, string otherwise, params string[] words)
    {
        if (!json.TryGetProperty(field, out var value)) return otherwise;
        return value.ValueKind == JsonValueKind.String && words.Contains(value.GetString()) ? value.GetString()! : throw new AlertRuleException(field, $"takes {string.Join(" or ", words)}");
    }

    /// <summary>A number of seconds, to the microsecond.</summary>
    public static TimeSpan Seconds(JsonElement json, string field, TimeSpan min, TimeSpan max, string? within = null)
    {
        if (!json.TryGetProperty(field, out var value)) return min;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds >= min.TotalSeconds && seconds <= max.TotalSeconds
            ? TimeSpan.FromMicroseconds(Math.Round(seconds * 1e6))
            : throw new AlertRuleException(within is null ? field : $"{within}.{field}", string.Create(CultureInfo.InvariantCulture, $"takes seconds, {min.TotalSeconds:0} to {max.TotalSeconds:0}"));
    }

    public static double Number(JsonElement json, string name, string field) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw new AlertRuleException($"{field}.{name}", "takes a number");

    public static void MustHaveOnly(JsonElement json, string field, params string[] keys)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new AlertRuleException(field, "takes a JSON object");
        foreach (var property in json.EnumerateObject())
            if (!keys.Contains(property.Name)) throw new AlertRuleException($"{field}.{property.Name}", $"is no field here; there may be {string.Join(", ", keys)}");
    }
}
