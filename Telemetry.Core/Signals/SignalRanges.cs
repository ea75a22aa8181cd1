using System.Collections.Frozen;
using Telemetry.Core.Pids;

namespace Telemetry.Core.Signals;

/// <summary>Physical ranges of signals beyond the six: percentages, by name.</summary>
/// <remarks>Other quantities have no range: publishers send them in several units under one name.</remarks>
static class SignalRanges
{
    static readonly (double Min, double Max) Whole = (0, 100);
    static readonly (double Min, double Max) Signed = (-100, 100);

    // A new battery has more than its nominal capacity.
    static readonly (double Min, double Max) Health = (0, 120);

    // Limits of a pedal, a trim or a torque beyond 100 % depend on its formula.
    static readonly FrozenDictionary<string, (double Min, double Max)> ByName = Table().ToFrozenDictionary();

    static readonly string[] WholeNames =
    [
        "soc", "state_of_charge", "battery_level", "battery_charge_level", "charge_level", "fuel_level", "tank_level", "fuel_tank", "humidity", "oil_life",
        "battery_percent", "battery_pct", "battery_percentage", "fuel_percent", "fuel_pct", "fuel_percentage",
    ];

    static readonly string[] HealthNames = ["soh", "state_of_health", "battery_health"];
    static readonly string[] Percentages = ["pct", "percentage", "percent"];

    static readonly FrozenSet<string> Qualifiers =
        "min max avg d display displayed bms real actual raw abs rel target limit pct percent percentage hv lv 12v input".Split(' ').ToFrozenSet();

    /// <summary>Range of a signal; null if unknown.</summary>
    public static (double Min, double Max)? Of(string name) =>
        ByName.TryGetValue(name, out var range) ? range
        : IsAny(name, HealthNames) ? Health
        : IsAny(name, WholeNames) ? Whole
        : !name.Contains("torq", StringComparison.Ordinal) && IsAny(name, Percentages) ? Signed
        : null;

    static Dictionary<string, (double Min, double Max)> Table()
    {
        var ranges = new Dictionary<string, (double Min, double Max)>();
        foreach (var value in PidTable.Values)
            if (value.Unit == "%") ranges[value.Signal] = value.Range;

        void Add((double Min, double Max) range, string names)
        {
            foreach (var name in names.Split(' ')) ranges[name] = range;
        }

        Add(Whole, "fuel throttle accelerator_pedal_position_d accelerator_pedal_position_e alt_duty fuel_pump_duty wastegate pcm_wastegate hv_c_d_min hv_c_d_max");
        Add(Signed, "stft ltft");
        return ranges;
    }

    // The words may be anywhere in the name, as in hv_soc_min; but soc_v is a voltage, and soc_time is not a percentage either.
    static bool IsAny(string name, string[] words)
    {
        foreach (var word in words)
        {
            var start = name.IndexOf(word, StringComparison.Ordinal);
            if (start < 0 || (start > 0 && name[start - 1] != '_')) continue;
            var rest = name.AsSpan(start + word.Length);
            if (rest.IsEmpty || (rest[0] == '_' && rest[1..].ToString().Split('_').All(IsQualifier))) return true;
        }

        return false;
    }

    static bool IsQualifier(string word) => Qualifiers.Contains(word) || word.All(char.IsAsciiDigit);
}
