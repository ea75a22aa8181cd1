using System.Text.Json;
using System.Text.Unicode;
using Telemetry.Core.Obd;
using Telemetry.Core.Signals;

namespace Telemetry.Core.Ingest;

/// <summary>Reads the values of a payload: a bare number, an object with one or more keys, numbers written as strings, raw CAN frames.</summary>
/// <remarks>One caller at a time; the returned list is reused for each message.</remarks>
public sealed class PayloadReader(SignalCatalog signals)
{
    /// <summary>Maximum length of a payload, in bytes. A dongle's longest is about 2 KB.</summary>
    public const int MaxLength = 64 * 1024;

    // A message with more names is rare; the larger set made for it is not kept.
    const int DefaultNameCapacity = 1024;

    // Keys are copied out of UTF-8 JSON, where a character may be written as \uXXXX, six bytes.
    const int KeyBufferLength = 6 * SignalCatalog.MaxKeyLength;

    readonly List<(Signal Signal, double Value)> _values = [];
    HashSet<string> _names = [];
    readonly FrameReader _frames = new(signals);

    /// <summary>OBD-II answers of the payload just read: index of each one's first value, and the identifier of its control unit.</summary>
    internal List<(int Start, uint Id)> Answers => _frames.Answers;

    /// <summary>Trouble codes and vehicle identification numbers of the payload just read.</summary>
    internal List<DiagnosticAnswer> Diagnostics => _frames.Diagnostics;

    /// <summary>Rejections of the payload just read.</summary>
    internal List<Rejection> Rejections { get; } = [];

    /// <summary>True if the payload just read is a group of readings, and none is of the signal that the topic may name.</summary>
    internal bool IsGroup { get; private set; }

    /// <summary>The values of a payload, in its order; rejections are in <see cref="Rejections"/>.</summary>
    /// <param name="payload">The message's bytes.</param>
    /// <param name="topic">The parsed topic.</param>
    /// <param name="now">Time of arrival.</param>
    /// <returns>Valid until the next call. Signals may be new: see <see cref="SignalCatalog.TryTake"/>.</returns>
    internal List<(Signal Signal, double Value)> Read(ReadOnlySpan<byte> payload, in TopicMatch topic, DateTime now)
    {
        _values.Clear();
        Rejections.Clear();
        _frames.Clear();
        _names.Clear();
        if (_names.Capacity > DefaultNameCapacity) _names = [];
        IsGroup = false;
        var text = PayloadText.Trim(payload);
        var rejection = RejectionOf(payload, text, topic.Kind) ?? (text is [(byte)'{', ..] ? ReadObject(text, topic, now) : ReadText(text, topic));
        if (rejection is { } reason) Rejections.Add(reason);
        return _values;
    }

    static Rejection? RejectionOf(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> text, TopicKind kind) =>
        kind == TopicKind.Command ? Rejection.Command
        : kind is TopicKind.Status or TopicKind.PartStatus ? Rejection.Status
        : kind == TopicKind.Discovery ? Rejection.Discovery
        : payload.Length > MaxLength ? Rejection.TooLarge
        : text.IsEmpty ? Rejection.EmptyPayload
        : !Utf8.IsValid(payload) ? Rejection.NotUtf8
        : null;

    Rejection? ReadText(ReadOnlySpan<byte> text, in TopicMatch topic) => topic switch
    {
        { Kind: TopicKind.CommandReply } => Rejection.Command,
        { Kind: TopicKind.KeyedReadings } or { Rule.ValueKey: not null } => Rejection.NoReading,
        _ => MeaningOf(topic) is { Signal: not null } meaning ? Add(meaning, topic.Signal, text.Trim(" \t\r\n\""u8), null, topic.Rule) : Rejection.NoReading,
    };

    // A truncated message is dropped completely: the value before the break may be truncated too.
    Rejection? ReadObject(ReadOnlySpan<byte> json, in TopicMatch topic, DateTime now)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            if (topic.Rule?.ValueKey is not null) return ReadValue(reader, topic, topic.Rule);
            if (json.IndexOf("\"frame\""u8) >= 0 && FrameReader.Find(ref reader)) return _frames.Read(ref reader, topic.Device, now, _values);
            var shape = PayloadShape.Of(json);
            return shape.IsDiscovery ? Rejection.Discovery : ReadProperties(new Utf8JsonReader(json), shape, topic);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException) // InvalidOperationException: half a surrogate pair in an escape.
        {
            _values.Clear();
            Diagnostics.Clear();
            return Rejection.InvalidJson;
        }
    }

    Rejection? ReadProperties(Utf8JsonReader json, in PayloadShape shape, in TopicMatch topic)
    {
        var topicMeaning = topic.Kind == TopicKind.Readings && (shape.HasValue || !topic.GroupDevice.IsEmpty) ? MeaningOf(topic) : default;
        var found = new Found { Message = shape.IsStatus ? Rejection.Status : null };
        Span<char> buffer = stackalloc char[KeyBufferLength];
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName) ReadProperty(ref json, Key(json, buffer, topic.Prefix), shape, topic, topicMeaning, ref found);
        while (json.Read()) { } // Throws if anything follows the object.

        IsGroup = found.Count > 1 && !found.HasTopicSignal && topicMeaning.Signal?.IsUsual != true;
        return _values.Count > 0 ? null : found.Message ?? RejectionOf(found, topic.Kind);
    }

    // What was rejected by itself is counted already.
    static Rejection? RejectionOf(in Found found, TopicKind kind) => found.IsRejected ? null : kind == TopicKind.CommandReply ? Rejection.Command : Rejection.NoReading;

    static Rejection? MessageOf(ReadOnlySpan<char> key) => key is "error" ? Rejection.DeviceError : key is "status" ? Rejection.Status : null;

    void ReadProperty(ref Utf8JsonReader json, scoped ReadOnlySpan<char> key, in PayloadShape shape, in TopicMatch topic, in KeyMeaning topicMeaning, ref Found found)
    {
        found.Message ??= MessageOf(key);
        var (isValue, isUnit) = (PayloadShape.IsValueKey(json), PayloadShape.IsUnitKey(json));
        json.Read();
        if (!PayloadShape.TryReadQuantity(ref json, out var value, out var unit) || isUnit) return;

        var meaning = isValue ? topicMeaning : signals.Find(key);
        if (!isValue && IsDescription(meaning, shape)) return;
        if (meaning.IsNameless) found.IsRejected |= Count(Rejection.NoReading);
        if (meaning.Signal is not { } signal || !MayContain(topic, signal)) return;
        found.Count++;
        found.HasTopicSignal |= isValue || signal.Name == topicMeaning.Signal?.Name;
        if (isValue || shape.IsSingle) unit ??= shape.Unit;
        if (Add(meaning, isValue ? topic.Signal : key, value, unit, topic.Rule) is { } reason) found.IsRejected |= Count(reason);
    }

    // Other keys next to a value describe it: its bounds, its age. Only names that cars use are readings too.
    static bool IsDescription(in KeyMeaning meaning, in PayloadShape shape) => (shape.HasValue || shape.IsStatus) && meaning.Signal?.IsUsual != true;

    // The reply to a command has one reading: the voltage of the battery.
    bool MayContain(in TopicMatch topic, Signal signal) => topic.Kind != TopicKind.CommandReply || signal == signals.BatteryVoltage;

    // One key of the object contains the value; others may name its signal and its unit.
    Rejection? ReadValue(Utf8JsonReader json, in TopicMatch topic, ReadingRule rule)
    {
        ReadOnlySpan<byte> value = default;
        scoped ReadOnlySpan<char> name = topic.Signal;
        string? unit = null;
        Span<char> buffer = stackalloc char[KeyBufferLength];
        var meaning = rule.SignalKey is null ? MeaningOf(topic) : default;
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var (isValue, isSignal, isUnit) = (json.ValueTextEquals(rule.ValueKey), rule.SignalKey is not null && json.ValueTextEquals(rule.SignalKey), PayloadShape.IsUnitKey(json));
            json.Read();
            if (isValue && !json.ValueIsEscaped) value = json.ValueSpan;
            if (isSignal && json.TokenType == JsonTokenType.String) meaning = signals.Find(name = Key(json, buffer, topic.Prefix));
            if (isUnit && !isValue && IsShortText(json)) unit = json.GetString();
            json.Skip();
        }

        while (json.Read()) { }
        return meaning.Signal is not null && !value.IsEmpty ? Add(meaning, name, value, unit, rule) : Rejection.NoReading;
    }

    static bool IsShortText(in Utf8JsonReader json) => json.TokenType == JsonTokenType.String && json.ValueSpan.Length <= KeyBufferLength;

    // Several levels that together name one signal are joined: v/p/speed is v_p_speed.
    KeyMeaning MeaningOf(in TopicMatch topic)
    {
        if (topic.Rule is null || topic.Signal.Length > SignalCatalog.MaxKeyLength) return signals.Find(topic.Signal);
        Span<char> joined = stackalloc char[SignalCatalog.MaxKeyLength];
        topic.Signal.Replace(joined, '/', '_');
        return signals.Find(joined[..topic.Signal.Length]);
    }

    Rejection? Add(in KeyMeaning meaning, ReadOnlySpan<char> key, ReadOnlySpan<byte> text, string? unitText, ReadingRule? rule)
    {
        var signal = meaning.Signal!;
        if (!PayloadText.TryNumber(text, out var given) && !(signal.Slot < 0 && PayloadText.TrySwitch(text, out given))) return Rejection.NotANumber;
        var value = Scale(ref signal, meaning, key, given, unitText, rule);
        if (signal is null) return Rejection.NoReading;
        if (!signal.Accepts(value)) return double.IsFinite(value) ? Rejection.OutOfRange : Rejection.NotANumber;
        if (!_names.Add(signal.Name))
        {
            // Two keys for one signal: the second becomes the signal with its full name, if that is a different one.
            if (signals.FindWhole(key) is not { } other || !_names.Add(other.Name)) return Rejection.Duplicate;
            if (meaning.Unit is null) other.Unit ??= signal.Unit;
            else value = given;
            if (!other.Accepts(value)) return Rejection.OutOfRange;
            signal = other;
        }

        _values.Add((signal, value + 0.0)); // -0.0 + 0.0 is 0.0: normalizes negative zero.
        return null;
    }

    // A value in a unit that does not fit its signal becomes another signal, with the unit in its name.
    double Scale(ref Signal signal, in KeyMeaning meaning, ReadOnlySpan<char> key, double value, string? unitText, ReadingRule? rule)
    {
        if (rule is not null && rule.HasUnit(signal)) return rule.Scale(signal, value);
        var unit = string.IsNullOrWhiteSpace(unitText) ? meaning.Unit : Units.Find(unitText);
        if (unit is null && (string.IsNullOrWhiteSpace(unitText) || signal.Unit is null)) return value;
        if (unit is null || !unit.Fits(signal.Unit))
        {
            signal = signals.FindWhole(key, unitText)!;
            return value;
        }

        value = unit.Convert(value, signal.Unit);
        signal.Unit ??= unit.Into;
        return value;
    }

    bool Count(Rejection reason)
    {
        Rejections.Add(reason);
        return true;
    }

    // Of a key that starts with the prefix, wican/rpm, only the last level counts. Empty if longer than any signal's name.
    static ReadOnlySpan<char> Key(scoped in Utf8JsonReader json, Span<char> buffer, ReadOnlySpan<char> prefix)
    {
        if (json.ValueSpan.Length > buffer.Length) return default;
        ReadOnlySpan<char> key = buffer[..json.CopyString(buffer)];
        if (prefix.IsEmpty || !key.StartsWith(prefix)) return key;
        var unit = key.IndexOfAny('(', '[');
        return key[(key[..(unit < 0 ? key.Length : unit)].LastIndexOf('/') + 1)..];
    }

    /// <summary>Findings in the keys of an object.</summary>
    struct Found
    {
        /// <summary>Number of readings, also of rejected ones.</summary>
        public int Count;

        /// <summary>True if one of them is of the signal that the topic names.</summary>
        public bool HasTopicSignal;

        /// <summary>True if one of them was rejected.</summary>
        public bool IsRejected;

        /// <summary>Reason to reject the message if it has no reading; null: none.</summary>
        public Rejection? Message;
    }
}
