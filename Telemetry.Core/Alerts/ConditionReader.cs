using System.Globalization;
using System.Text.Json;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;

namespace Telemetry.Core.Alerts;

/// <summary>Reads a rule's conditions from their JSON.</summary>
/// <param name="signals">The signals.</param>
/// <param name="isDraft">True: a signal that is not known stays so.</param>
sealed class ConditionReader(SignalCatalog signals, bool isDraft)
{
    static readonly TimeSpan MinWithin = TimeSpan.FromSeconds(1);
    static readonly TimeSpan MaxWithin = TimeSpan.FromDays(7);
    static readonly string[] Kinds = ["above", "below", "rises", "falls", "steady", "state", "engine", "time"];

    /// <exception cref="AlertRuleException">A field is not what it takes.</exception>
    public Condition Read(JsonElement json, string field)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new AlertRuleException(field, "takes a JSON object");
        var kinds = Kinds.Where(kind => json.TryGetProperty(kind, out _)).ToList();
        if (kinds.Count != 1) throw new AlertRuleException(field, $"takes one of {string.Join(", ", Kinds)}, and no other beside it");
        switch (kinds[0])
        {
            case "above" or "below":
                JsonFields.MustHaveOnly(json, field, "signal", kinds[0], "clear");
                return Threshold(json, field, kinds[0] == "above");
            case "rises" or "falls":
                JsonFields.MustHaveOnly(json, field, "signal", kinds[0], "within");
                MustNotBeForecast(json, field);
                if (!json.TryGetProperty("within", out _)) throw new AlertRuleException($"{field}.within", $"takes seconds, {MinWithin.TotalSeconds:0} to {MaxWithin.TotalSeconds:0}");
                return new Changes(SignalOf(json, field), Amount(json, kinds[0], field), JsonFields.Seconds(json, "within", MinWithin, MaxWithin, field), kinds[0] == "rises");
            case "steady":
                JsonFields.MustHaveOnly(json, field, "signal", "steady");
                MustNotBeForecast(json, field);
                return json.GetProperty("steady").ValueKind == JsonValueKind.True ? new Steady(SignalOf(json, field)) : throw new AlertRuleException($"{field}.steady", "takes true");
            case "state":
                JsonFields.MustHaveOnly(json, field, "state");
                return new InState(Word(json, "state", field, "running", "offline") == "running" ? VehicleState.Running : VehicleState.Offline);
            case "engine":
                JsonFields.MustHaveOnly(json, field, "engine");
                return new EngineIs(Word(json, "engine", field, "on", "off") == "on");
            default:
                JsonFields.MustHaveOnly(json, field, "time", "days", "zone");
                return Time(json, field);
        }
    }

    SignalCondition Threshold(JsonElement json, string field, bool isAbove)
    {
        var signal = SignalOf(json, field);
        var name = isAbove ? "above" : "below";
        var threshold = JsonFields.Number(json, name, field);
        if (!signal.Accepts(threshold)) throw new AlertRuleException($"{field}.{name}", string.Create(CultureInfo.InvariantCulture, $"is {threshold}; {signal.Name} never has such a value"));
        double? clear = json.TryGetProperty("clear", out _) ? JsonFields.Number(json, "clear", field) : null;
        if (isAbove ? clear > threshold : clear < threshold) throw new AlertRuleException($"{field}.clear", $"takes a value {(isAbove ? "below" : "above")} the threshold, or the threshold itself");
        return isAbove ? new Above(signal, threshold, clear) : new Below(signal, threshold, clear);
    }

    static double Amount(JsonElement json, string name, string field) =>
        JsonFields.Number(json, name, field) is > 0 and var amount ? amount : throw new AlertRuleException($"{field}.{name}", "takes a number above 0");

    Signal SignalOf(JsonElement json, string field)
    {
        var name = json.TryGetProperty("signal", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString()! : "";
        if (ForecastSignals.Of(name) is { } forecast) return forecast;
        if (!SignalCatalog.IsName(name)) throw new AlertRuleException($"{field}.signal", "takes the name of a signal, such as coolant_temperature");
        if (isDraft) return signals.KnownOrNew(name);
        return signals.TryNamed(name, out var signal) && signal is not null ? signal : throw new AlertRuleException($"{field}.signal", "is a new name, and there is room for no more");
    }

    // Its past is not kept: it is computed for the rules that are on it.
    void MustNotBeForecast(JsonElement json, string field)
    {
        if (ForecastSignals.Contains(SignalOf(json, field))) throw new AlertRuleException($"{field}.signal", "is a forecast, which takes above or below");
    }

    static string Word(JsonElement json, string name, string field, params string[] words) =>
        json.GetProperty(name) is { ValueKind: JsonValueKind.String } given && words.Contains(given.GetString()) ? given.GetString()! : throw new AlertRuleException($"{field}.{name}", $"takes {string.Join(" or ", words)}");

    static TimeOfDay Time(JsonElement json, string field)
    {
        var times = json.GetProperty("time") is { ValueKind: JsonValueKind.String } given ? given.GetString()! : "";
        if (!TimeOfDay.TryParse(times, out var from, out var to))
            throw new AlertRuleException($"{field}.time", "takes two different times of the day, such as 22:00-06:00");
        return new TimeOfDay(from, to, Days(json, field), Zone(json, field));
    }

    static HashSet<DayOfWeek>? Days(JsonElement json, string field)
    {
        if (!json.TryGetProperty("days", out var list)) return null;
        var names = new[] { "sun", "mon", "tue", "wed", "thu", "fri", "sat" };
        var numbers = list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(day => day.ValueKind == JsonValueKind.String ? Array.IndexOf(names, day.GetString()) : -1).ToList() : [];
        return numbers.Count > 0 && !numbers.Contains(-1) ? [.. numbers.Select(number => (DayOfWeek)number)] : throw new AlertRuleException($"{field}.days", $"takes a list of {string.Join(", ", names)}");
    }

    static TimeZoneInfo Zone(JsonElement json, string field)
    {
        if (!json.TryGetProperty("zone", out var given)) return TimeZoneInfo.Utc;
        return given.ValueKind == JsonValueKind.String && TimeZoneInfo.TryFindSystemTimeZoneById(given.GetString()!, out var zone) ? zone : throw new AlertRuleException($"{field}.zone", "takes the name of a time zone, such as Europe/Paris");
    }
}
