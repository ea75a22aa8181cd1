using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Telemetry.Core.Signals;

namespace Telemetry.Core.Alerts;

/// <summary>A rule is wrong.</summary>
/// <param name="field">The field, such as <c>when[0].above</c>.</param>
/// <param name="takes">Valid values, as the end of the sentence.</param>
public sealed class AlertRuleException(string field, string takes) : FormatException($"{field} {takes}.")
{
    /// <summary>The field, such as <c>when[0].above</c>.</summary>
    public string Field { get; } = field;
}

/// <summary>Reads rules from their JSON.</summary>
public sealed partial class AlertRuleReader(SignalCatalog signals)
{
    const int MaxNameLength = 100;
    const int MaxMessageLength = 500;
    const int MaxConditions = 10;
    const int MaxSteps = 10;

    static readonly TimeSpan MaxWait = TimeSpan.FromDays(31);
    static readonly TimeSpan MinRepeat = TimeSpan.FromMinutes(1);

    static readonly string[] Keys =
        ["name", "severity", "vehicles", "enabled", "when", "while", "for", "clear_for", "once_per_drive", "cooldown", "notify", "message", "version"];

    /// <summary>The places of a message's text.</summary>
    public static IReadOnlyList<string> Places { get; } =
        ["title", "message", "severity", "priority", "vehicle", "rule", "signal", "value", "unit", "threshold", "peak", "since", "duration", "url", "ack_url", "state"];

    readonly ConditionReader _conditions = new(signals, isDraft: false);
    readonly ConditionReader _draftConditions = new(signals, isDraft: true);

    /// <summary>Reads a rule.</summary>
    /// <param name="json">The rule.</param>
    /// <param name="id">Its id.</param>
    /// <param name="version">Its version.</param>
    /// <exception cref="AlertRuleException">A field is not what it takes.</exception>
    public AlertRule Read(JsonElement json, int id, int version) => Read(json, id, version, isDraft: false);

    /// <summary>Reads a rule that is only tried out: it needs no name, the vehicles that it names do not count, and it makes no signal known.</summary>
    /// <param name="json">The rule.</param>
    /// <exception cref="AlertRuleException">A field is not what it takes.</exception>
    public AlertRule ReadDraft(JsonElement json) => Read(json, id: 1, version: 1, isDraft: true);

    AlertRule Read(JsonElement json, int id, int version, bool isDraft)
    {
        try
        {
            return ReadFields(json, id, version, isDraft);
        }
        catch (InvalidOperationException)
        {
            throw new AlertRuleException("rule", "has a text that is no Unicode");
        }
    }

    AlertRule ReadFields(JsonElement json, int id, int version, bool isDraft)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new AlertRuleException("The rule", "takes a JSON object");
        foreach (var property in json.EnumerateObject())
            if (!Keys.Contains(property.Name)) throw new AlertRuleException(property.Name, $"is no field of a rule; it has {string.Join(", ", Keys)}");
        var conditions = isDraft ? _draftConditions : _conditions;
        var vehicles = Vehicles(json);
        return new AlertRule(id, version, Conditions(json, "when", min: 1, conditions))
        {
            Name = JsonFields.Text(json, "name", MaxNameLength) ?? (isDraft ? "" : null) ?? throw new AlertRuleException("name", $"takes 1 to {MaxNameLength} characters"),
            Severity = JsonFields.OneOf(json, "severity", "warning", "info", "warning", "critical") switch { "info" => Severity.Info, "critical" => Severity.Critical, _ => Severity.Warning },
            IsEnabled = JsonFields.Flag(json, "enabled", true),
            Vehicles = isDraft ? null : vehicles,
            While = Conditions(json, "while", min: 0, conditions),
            For = JsonFields.Seconds(json, "for", TimeSpan.Zero, MaxWait),
            ClearFor = JsonFields.Seconds(json, "clear_for", TimeSpan.Zero, MaxWait),
            OncePerDrive = JsonFields.Flag(json, "once_per_drive", false),
            Cooldown = JsonFields.Seconds(json, "cooldown", TimeSpan.Zero, MaxWait),
            Notify = Steps(json),
            Message = Message(json),
        };
    }

    static List<Condition> Conditions(JsonElement json, string field, int min, ConditionReader conditions)
    {
        var takes = $"takes a list of {min} to {MaxConditions} conditions";
        if (!json.TryGetProperty(field, out var list)) return min == 0 ? [] : throw new AlertRuleException(field, takes);
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() < min || list.GetArrayLength() > MaxConditions) throw new AlertRuleException(field, takes);
        return [.. list.EnumerateArray().Select((condition, i) => conditions.Read(condition, $"{field}[{i}]"))];
    }

    static HashSet<int>? Vehicles(JsonElement json)
    {
        if (!json.TryGetProperty("vehicles", out var list) || list.ValueKind == JsonValueKind.Null) return null;
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0) throw new AlertRuleException("vehicles", "takes a list of vehicle ids; without it the rule applies to all");
        return [.. list.EnumerateArray().Select((id, i) => id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out var number) && number > 0 ? number : throw new AlertRuleException($"vehicles[{i}]", "takes a vehicle id from 1"))];
    }

    static List<NotifyStep> Steps(JsonElement json)
    {
        if (!json.TryGetProperty("notify", out var list)) return [];
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MaxSteps) throw new AlertRuleException("notify", $"takes a list of at most {MaxSteps} steps");
        return [.. list.EnumerateArray().Select((step, i) => Step(step, $"notify[{i}]"))];
    }

    static NotifyStep Step(JsonElement step, string field)
    {
        JsonFields.MustHaveOnly(step, field, "to", "after", "repeat");
        if (!step.TryGetProperty("to", out var to) || to.ValueKind != JsonValueKind.Array || to.GetArrayLength() == 0 || to.EnumerateArray().Any(name => name.ValueKind != JsonValueKind.String || StorableText.Of(name) is null))
            throw new AlertRuleException($"{field}.to", "takes a list of names of channels");
        var repeat = JsonFields.Seconds(step, "repeat", TimeSpan.Zero, MaxWait, field);
        if (repeat != TimeSpan.Zero && repeat < MinRepeat) throw new AlertRuleException($"{field}.repeat", $"takes 0, or {MinRepeat.TotalSeconds:0} seconds or more");
        return new NotifyStep([.. to.EnumerateArray().Select(name => name.GetString()!)], JsonFields.Seconds(step, "after", TimeSpan.Zero, MaxWait, field), repeat);
    }

    static string? Message(JsonElement json)
    {
        if (!json.TryGetProperty("message", out var given) || given.ValueKind == JsonValueKind.Null) return null;
        var text = JsonFields.Text(json, "message", MaxMessageLength, mayBreakLines: true);
        foreach (var place in Place().Matches(text ?? "").Select(match => match.Groups[1].Value))
            if (!Places.Contains(place)) throw new AlertRuleException("message", string.Create(CultureInfo.InvariantCulture, $"has the place {{{place}}}; it takes {string.Join(", ", Places.Select(name => $"{{{name}}}"))}"));
        return text;
    }

    [GeneratedRegex(@"\{([^{}]*)\}")]
    private static partial Regex Place();
}
