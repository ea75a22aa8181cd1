using System.Text;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Ingest;

/// <summary>A validated <see cref="TopicRule"/>.</summary>
sealed class ReadingRule
{
    readonly Dictionary<Signal, Unit> _units = [];

    /// <exception cref="FormatException">The rule is invalid: the message names the property and its valid values.</exception>
    public ReadingRule(TopicRule rule, SignalCatalog signals)
    {
        Template = TopicTemplate.Parse(rule.Topic) ?? throw Wrong("Topic", rule.Topic, TopicTemplate.Takes);
        Device = rule.Vehicle ?? Vehicle.DefaultDevice;
        Signal = rule.Signal;
        CheckNames(rule, signals);
        CheckKeys(rule);
        SignalKey = rule.SignalKey is null ? null : Encoding.UTF8.GetBytes(rule.SignalKey);
        ValueKey = rule.ValueKey is null ? null : Encoding.UTF8.GetBytes(rule.ValueKey);
        foreach (var (name, text) in rule.Units) AddUnit(name, text, signals);
    }

    /// <summary>Template of its topics.</summary>
    public TopicTemplate Template { get; }

    /// <summary>Device, if the topic does not name it.</summary>
    public string Device { get; }

    /// <summary>Signal, if the topic does not name it.</summary>
    public string? Signal { get; }

    /// <summary>Key whose text names the signal, in UTF-8.</summary>
    public byte[]? SignalKey { get; }

    /// <summary>The one key that contains the value, in UTF-8; null: every key is a signal.</summary>
    public byte[]? ValueKey { get; }

    /// <summary>A value converted to the unit in which its signal is kept.</summary>
    public double Scale(Signal signal, double value) => _units.TryGetValue(signal, out var unit) ? unit.Convert(value, signal.Unit) : value;

    /// <summary>True if the rule gives a signal's unit.</summary>
    public bool HasUnit(Signal signal) => _units.ContainsKey(signal);

    /// <summary>True if a topic level is valid as the name of a device.</summary>
    public static bool IsDevice(ReadOnlySpan<char> level) => level.Length is > 0 and <= Vehicle.MaxDeviceLength && !level.ContainsAnyInRange('\0', '\x1f') && !level.ContainsAnyInRange('\x7f', '\x9f');

    void CheckNames(TopicRule rule, SignalCatalog signals)
    {
        if (rule.Vehicle is not null && Template.NamesDevice) throw Wrong("Vehicle", rule.Vehicle, "requires a Topic without {device}");
        if (!IsDevice(Device) || Device.AsSpan().IndexOfAny("/+#") >= 0) throw Wrong("Vehicle", Device, "takes a device name of 1 to 64 characters without / + #");
        if (rule.Signal is null) return;
        if (Template.NamesSignal || rule.SignalKey is not null) throw Wrong("Signal", rule.Signal, "requires a Topic without {signal}, and without SignalKey");
        if (!IsSignal(rule.Signal, signals, out _)) throw Wrong("Signal", rule.Signal, "takes the name of a signal, such as vehicle_speed");
    }

    void CheckKeys(TopicRule rule)
    {
        if (rule.SignalKey is not null && (rule.ValueKey is null || Template.NamesSignal)) throw Wrong("SignalKey", rule.SignalKey, "requires ValueKey and a Topic without {signal}");
        if (rule.ValueKey is null) return;
        if (rule.SignalKey is null && rule.Signal is null && !Template.NamesSignal) throw Wrong("ValueKey", rule.ValueKey, "requires a signal: {signal} in Topic, Signal or SignalKey");
        if (rule.ValueKey is "") throw Wrong("ValueKey", "", "takes a key of the payload");
        if (rule.SignalKey is "" || rule.SignalKey == rule.ValueKey) throw Wrong("SignalKey", rule.SignalKey, "takes a key of the payload other than ValueKey");
    }

    void AddUnit(string name, string text, SignalCatalog signals)
    {
        if (!IsSignal(name, signals, out var signal)) throw Wrong("Units", name, "takes names of signals, such as vehicle_speed");
        var unit = Unit.Parse(text) ?? throw Wrong($"Units:{name}", text, $"takes {Unit.Takes}");
        if (!unit.Fits(signal.Unit)) throw Wrong($"Units:{name}", text, $"takes a unit that becomes {signal.Unit}");
        signal.Unit ??= unit.Into;
        if (!_units.TryAdd(signal, unit)) throw Wrong("Units", name, $"takes each signal once, and this is {signal} again");
    }

    static bool IsSignal(string name, SignalCatalog signals, out Signal signal)
    {
        signals.TryFind(name, out var found);
        signal = found!;
        return found is not null;
    }

    static FormatException Wrong(string property, string value, string takes) => new($"{property} is '{value}'; it {takes}.");
}
