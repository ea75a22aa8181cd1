using System.Text.Json;
using Telemetry.Core.Obd;
using Telemetry.Core.Signals;

namespace Telemetry.Core.Ingest;

/// <summary>Reads the OBD-II answers in a payload of raw CAN frames. One caller at a time.</summary>
sealed class FrameReader(SignalCatalog signals)
{
    readonly MessageAssembly _messages = new();
    readonly byte[] _data = new byte[CanFrame.MaxLength];

    /// <summary>Answers of the payload just read: index of each one's first value, and the identifier of its control unit.</summary>
    public List<(int Start, uint Id)> Answers { get; } = [];

    /// <summary>Trouble codes and vehicle identification numbers of the payload just read.</summary>
    public List<DiagnosticAnswer> Diagnostics { get; } = [];

    /// <summary>Forgets the last payload.</summary>
    public void Clear()
    {
        Answers.Clear();
        Diagnostics.Clear();
    }

    /// <summary>Finds the array of frames in an object.</summary>
    /// <param name="json">At the start of the object; afterwards at that of the array.</param>
    public static bool Find(ref Utf8JsonReader json)
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

    /// <summary>Reads the array, and the rest of the object. Of all frames on a bus only answers to OBD-II requests are readings.</summary>
    public Rejection? Read(ref Utf8JsonReader json, ReadOnlySpan<char> device, DateTime now, List<(Signal Signal, double Value)> values)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject) json.Skip();
            else if (CanFrame.TryRead(ref json, _data, out var frame)) ReadAnswer(frame.Id, _messages.Take(device, frame, now), values);
        }

        while (json.Read()) { }
        return values.Count > 0 || Diagnostics.Count > 0 ? null : Rejection.RawFrame;
    }

    void ReadAnswer(uint id, ReadOnlySpan<byte> message, List<(Signal Signal, double Value)> values)
    {
        var start = values.Count;
        CurrentData.Read(message, signals, values);
        if (values.Count > start) Answers.Add((start, id));
        if (DiagnosticAnswer.Read(id, message) is { } diagnostic) Diagnostics.Add(diagnostic);
    }
}
