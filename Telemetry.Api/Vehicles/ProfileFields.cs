using System.Text.Json;
using System.Text.RegularExpressions;
using Telemetry.Api.Http;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Vehicles;

/// <summary>Keys of <c>PATCH /vehicles/{id}</c> for the display of a vehicle.</summary>
static partial class ProfileFields
{
    public const double MaxTankLitres = 2000;
    public const double MaxBatteryKwh = 2000;
    public const int MaxCards = 24;
    public const int MaxCardLength = 256;

    /// <summary>Null for an unknown key. A null value unsets. Throws <see cref="ProblemException"/> for an invalid value.</summary>
    public static Func<VehicleProfile, VehicleProfile>? Read(string key, JsonElement value)
    {
        var isUnset = value.ValueKind == JsonValueKind.Null;
        switch (key)
        {
            case "color":
                var color = isUnset ? null : Color(value);
                return profile => profile with { Color = color };
            case "tank_litres":
                var litres = isUnset ? null : Size(key, value, MaxTankLitres);
                return profile => profile with { TankLitres = litres };
            case "battery_kwh":
                var kwh = isUnset ? null : Size(key, value, MaxBatteryKwh);
                return profile => profile with { BatteryKwh = kwh };
            case "kind":
            case "fuel":
                return Word(key, isUnset ? null : value);
            case "hidden":
                var hidden = isUnset ? null : Hidden(value);
                return profile => profile with { Hidden = hidden };
            case "cards":
                var cards = isUnset ? null : Cards(value);
                return profile => profile with { Cards = cards };
            default:
                return null;
        }
    }

    static Func<VehicleProfile, VehicleProfile> Word(string key, JsonElement? value)
    {
        var words = key == "kind" ? VehicleProfile.Kinds : VehicleProfile.Fuels;
        var word = value is { } given ? TextOf(given) : null;
        if (value is not null && !words.Contains(word)) throw new ProblemException($"{key} takes {string.Join(", ", words)}, or null.", key);
        return key == "kind" ? profile => profile with { Kind = word } : profile => profile with { Fuel = word };
    }

    static string Color(JsonElement value) =>
        TextOf(value) is { } text && HexColor().IsMatch(text) ? text.ToLowerInvariant() : throw new ProblemException("color takes a colour as #rrggbb, such as #2c6be0, or null.", "color");

    static double? Size(string key, JsonElement value, double max) => value.ValueKind == JsonValueKind.Number && value.GetDouble() is var size && size > 0 && size <= max
        ? size
        : throw new ProblemException($"{key} takes a number above 0, at most {max}, or null.", key);

    static bool? Hidden(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new ProblemException("hidden takes true, false, or null.", "hidden"),
    };

    static List<string> Cards(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > MaxCards) throw WrongCards();
        var names = value.EnumerateArray().Select(item => TextOf(item) is { Length: > 0 and <= MaxCardLength } name && !name.Any(char.IsControl) ? name : throw WrongCards()).ToList();
        return names.Distinct().Count() == names.Count ? names : throw WrongCards();
    }

    static ProblemException WrongCards() => new($"cards takes a list of at most {MaxCards} different names of signals, or null.", "cards");

    static string? TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    [GeneratedRegex("^#[0-9A-Fa-f]{6}$")]
    private static partial Regex HexColor();
}
