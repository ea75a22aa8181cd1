using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Telemetry.Core.Obd;
using Telemetry.Core.Signals;

namespace Telemetry.Core.Ingest;

/// <summary>Reads the values out of a payload: a bare number, one-key or grouped JSON, numbers written as strings, raw CAN frames.</summary>
/// <remarks>One instance serves one caller at a time; its list is used again for each message.</remarks>
public sealed class PayloadReader(SignalCatalog signals, IngestCounters counters)
{
    /// <summary>The longest payload that is read, in bytes. A dongle's longest is about 2 KB.</summary>
    public const int MaxLength = 64 * 1024;

    readonly List<(Signal Signal, double Value)> _values = [];
    readonly MessageAssembly _frames = new();
    readonly byte[] _frameData = new byte[CanFrame.MaxLength];

    /// <summary>OBD-II answers of the payload just read: where each one's values begin, and the identifier it came under.</summary>
    internal List<(int Start, uint Id)> Answers { get; } = [];

    /// <summary>Trouble codes and identification numbers of the payload just read.</summary>
    internal List<DiagnosticAnswer> Diagnostics { get; } = [];

    /// <summary>The values that a payload holds, in its order; what is none is counted.</summary>
    /// <param name="payload">The message's bytes.</param>
    /// <param name="topic">What the topic says of it.</param>
    /// <param name="now">Time of arrival.</param>
    /// <returns>Valid until the next call.</returns>
    internal List<(Signal Signal, double Value)> Read(ReadOnlySpan<byte> payload, in TopicMatch topic, DateTime now)
    {
        _values.Clear();
        Answers.Clear();
        Diagnostics.Clear();
        var rejection = Refusal(payload, topic.Kind) ?? (payload.Trim(" \t\r\n"u8) is [(byte)'{', ..] json
            ? ReadObject(json, topic, now)
            : ReadText(payload, topic));
        if (rejection is { } reason) counters.Count(reason);
        return _values;
    }

    /// <summary>Whether a status is a dongle's will: <c>{"status":"offline"}</c>.</summary>
    internal static bool SaysOffline(ReadOnlySpan<byte> payload) => Says("offline"u8, payload);

    /// <summary>True where a status is a dongle's birth: <c>{"status":"online"}</c>.</summary>
    internal static bool SaysOnline(ReadOnlySpan<byte> payload) => Says("online"u8, payload);

    static bool Says(ReadOnlySpan<byte> status, ReadOnlySpan<byte> payload)
    {
        try
        {
            var json = new Utf8JsonReader(payload);
            return json.Read() && json.TokenType == JsonTokenType.StartObject
                && json.Read() && json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("status"u8)
                && json.Read() && json.TokenType == JsonTokenType.String && json.ValueTextEquals(status);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static Rejection? Refusal(ReadOnlySpan<byte> payload, TopicKind kind) =>
        kind == TopicKind.Command ? Rejection.Command
        : kind == TopicKind.Status ? Rejection.Status
        : payload.IsEmpty ? Rejection.EmptyPayload
        : payload.Length > MaxLength ? Rejection.TooLarge
        : !Utf8.IsValid(payload) ? Rejection.NotUtf8
        : null;

    Rejection? ReadText(ReadOnlySpan<byte> text, in TopicMatch topic) => topic switch
    {
        { Kind: TopicKind.CommandReply } => Rejection.Command,
        { Kind: TopicKind.KeyedReadings } or { Rule.ValueKey: not null } => Rejection.NoReading,
        _ => !TryTopicSignal(topic, out var signal) ? null : signal is null ? Rejection.NoReading : Add(signal, text.Trim(" \t\r\n\""u8), topic.Rule),
    };

    // A message that breaks off is dropped whole: what stands before the break may be cut short as well.
    Rejection? ReadObject(ReadOnlySpan<byte> json, in TopicMatch topic, DateTime now)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            if (topic.Rule?.ValueKey is not null) return ReadValue(reader, topic, topic.Rule);
            return json.IndexOf("\"frame\""u8) >= 0 && FindFrames(ref reader)
                ? ReadFrames(ref reader, topic.Device, now)
                : ReadProperties(new Utf8JsonReader(json), topic);
        }
        catch (JsonException)
        {
            _values.Clear();
            Diagnostics.Clear();
            return Rejection.InvalidJson;
        }
    }

    Rejection? ReadProperties(Utf8JsonReader json, in TopicMatch topic)
    {
        var isReply = topic.Kind == TopicKind.CommandReply;
        var rejected = false;
        Rejection? whole = null;
        Span<char> text = stackalloc char[SignalCatalog.MaxKeyLength];
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = Text(json, text);
            if (key is "error") whole ??= Rejection.DeviceError;
            if (key is "status") whole ??= Rejection.Status;
            json.Read();
            if (json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                json.Skip();
                continue;
            }

            if (!TryKey(key, out var signal) || signal is null) continue;
            if (isReply && signal != signals.BatteryVoltage) continue;
            if (Add(signal, json.ValueIsEscaped ? default : json.ValueSpan, topic.Rule) is not { } reason) continue;
            rejected = true;
            counters.Count(reason);
        }

        while (json.Read()) { } // Throws where something follows the object.

        if (_values.Count > 0 || (rejected && whole is null)) return null;
        return whole ?? (isReply ? Rejection.Command : Rejection.NoReading);
    }

    // One key of the object holds the value; another may name its signal.
    Rejection? ReadValue(Utf8JsonReader json, in TopicMatch topic, ReadingRule rule)
    {
        ReadOnlySpan<byte> value = default;
        Signal? signal = null;
        var isNamed = rule.SignalKey is null && TryTopicSignal(topic, out signal);
        Span<char> text = stackalloc char[SignalCatalog.MaxKeyLength];
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var (isValue, isSignal) = (json.ValueTextEquals(rule.ValueKey), rule.SignalKey is not null && json.ValueTextEquals(rule.SignalKey));
            json.Read();
            if (isValue && !json.ValueIsEscaped) value = json.ValueSpan;
            if (isSignal && json.TokenType == JsonTokenType.String) isNamed = TryKey(Text(json, text), out signal);
            json.Skip();
        }

        while (json.Read()) { }
        return signal is not null && !value.IsEmpty ? Add(signal, value, rule) : isNamed || rule.SignalKey is not null ? Rejection.NoReading : null;
    }

    // Leaves the reader on the array's start.
    static bool FindFrames(ref Utf8JsonReader json)
    {
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isFrame = json.ValueTextEquals("frame"u8);
            json.Read();
            if (isFrame && json.TokenType == JsonTokenType.StartArray) return true;
            json.Skip();
        }

        return false;
    }

    // Of all that is said on a bus only the answers to OBD-II requests are readings.
    Rejection? ReadFrames(ref Utf8JsonReader json, ReadOnlySpan<char> device, DateTime now)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject) json.Skip();
            else if (CanFrame.TryRead(ref json, _frameData, out var frame)) ReadAnswer(frame.Id, _frames.Take(device, frame, now));
        }

        while (json.Read()) { }
        return _values.Count > 0 || Diagnostics.Count > 0 ? null : Rejection.RawFrame;
    }

    void ReadAnswer(uint id, ReadOnlySpan<byte> message)
    {
        var start = _values.Count;
        CurrentData.Read(message, signals, _values);
        if (_values.Count > start) Answers.Add((start, id));
        if (DiagnosticAnswer.Read(id, message) is { } diagnostic) Diagnostics.Add(diagnostic);
    }

    // Several levels that name one signal together are joined: v/p/speed is v_p_speed.
    bool TryTopicSignal(in TopicMatch topic, out Signal? signal)
    {
        if (topic.Rule is null || topic.Signal.Length > SignalCatalog.MaxKeyLength) return TryKey(topic.Signal, out signal);
        Span<char> joined = stackalloc char[SignalCatalog.MaxKeyLength];
        topic.Signal.Replace(joined, '/', '_');
        return TryKey(joined[..topic.Signal.Length], out signal);
    }

    bool TryKey(ReadOnlySpan<char> key, out Signal? signal)
    {
        if (signals.TryFind(key, out signal)) return true;
        counters.Count(Rejection.TooManySignals);
        return false;
    }

    Rejection? Add(Signal signal, ReadOnlySpan<byte> text, ReadingRule? rule)
    {
        if (!TryNumber(text, out var value) && !(signal.Slot < 0 && TrySwitch(text, out value))) return Rejection.NotANumber;
        if (rule is not null) value = rule.Scale(signal, value);
        if (!signal.Accepts(value)) return double.IsFinite(value) ? Rejection.OutOfRange : Rejection.NotANumber;
        _values.Add((signal, value + 0.0)); // -0.0 + 0.0 is 0.0: a minus sign before zero says nothing.
        return null;
    }

    // Too long for any signal: empty.
    static ReadOnlySpan<char> Text(scoped in Utf8JsonReader json, Span<char> room) => json.ValueSpan.Length <= room.Length ? room[..json.CopyString(room)] : default;

    static bool TryNumber(ReadOnlySpan<byte> text, out double value)
    {
        text = text.Trim(" \t\r\n"u8);
        return Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;
    }

    static bool TrySwitch(ReadOnlySpan<byte> text, out double value)
    {
        value = Is(text, "on") || Is(text, "true") || Is(text, "yes") ? 1 : 0;
        return value == 1 || Is(text, "off") || Is(text, "false") || Is(text, "no");

        static bool Is(ReadOnlySpan<byte> text, string word) => Ascii.EqualsIgnoreCase(text, word);
    }
}
