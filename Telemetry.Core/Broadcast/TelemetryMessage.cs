using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;

namespace Telemetry.Core.Broadcast;

/// <summary>The live message: always these keys, in this order.</summary>
public static class TelemetryMessage
{
    /// <summary>UTC with always six decimals and no zone suffix.</summary>
    public const string TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff";

    static readonly JsonWriterOptions Unchecked = new() { SkipValidation = true };
    static readonly JsonEncodedText[] Keys = [.. Signal.Six.Select(signal => JsonEncodedText.Encode(signal.Name))];

    [ThreadStatic]
    static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    static Utf8JsonWriter? _writer;

    /// <summary>The message of a snapshot, in UTF-8.</summary>
    /// <remarks>Numbers are the shortest decimals that parse to the same double; a signal without a value is null.</remarks>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="others">Signals after the six.</param>
    public static byte[] Serialize(VehicleSnapshot snapshot, SignalChoice others)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(512);
        var json = _writer ??= new Utf8JsonWriter(buffer, Unchecked);
        buffer.ResetWrittenCount();
        json.Reset();

        json.WriteStartObject();
        json.WriteString("type"u8, "telemetry_update"u8);
        json.WriteString("state"u8, StateName(snapshot.State));
        json.WriteStartObject("data"u8);
        json.WriteNumber("vehicle_id"u8, snapshot.Vehicle.Id);
        for (var slot = 0; slot < Keys.Length; slot++)
        {
            var reading = snapshot.Readings[slot];
            if (reading.IsKnown) json.WriteNumber(Keys[slot], reading.Value);
            else json.WriteNull(Keys[slot]);
        }

        foreach (var (name, reading) in others.Of(snapshot))
        {
            if (reading.IsKnown) json.WriteNumber(name, reading.Value);
            else json.WriteNull(name);
        }

        json.WriteEndObject();
        Span<byte> timestamp = stackalloc byte[32];
        snapshot.Timestamp.TryFormat(timestamp, out var length, TimestampFormat, CultureInfo.InvariantCulture);
        json.WriteString("timestamp"u8, timestamp[..length]);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Name of a state in messages.</summary>
    public static ReadOnlySpan<byte> StateName(VehicleState state) => state == VehicleState.Running ? "running"u8 : "offline"u8;
}
