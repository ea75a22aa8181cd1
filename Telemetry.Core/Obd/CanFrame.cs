using System.Text.Json;

namespace Telemetry.Core.Obd;

/// <summary>A CAN frame, as a dongle forwards it in JSON.</summary>
readonly ref struct CanFrame
{
    /// <summary>Maximum data bytes of a classical CAN frame.</summary>
    public const int MaxLength = 8;

    public uint Id { get; private init; }

    /// <summary>True if the identifier has 29 bits, false for 11.</summary>
    public bool IsExtended { get; private init; }

    /// <summary>The data bytes.</summary>
    public ReadOnlySpan<byte> Data { get; private init; }

    /// <summary>True for an answer of an engine computer to a tester (ISO 15765-4): 0x7E8 to 0x7EF, with 29 bits 0x18DAF100 to 0x18DAF1FF.</summary>
    public bool IsObdAnswer => IsExtended ? Id is >= 0x18DAF100 and <= 0x18DAF1FF : Id is >= 0x7E8 and <= 0x7EF;

    /// <summary>Reads <c>{"id":2024,"dlc":8,"rtr":false,"extd":false,"data":[…]}</c>.</summary>
    /// <param name="json">At the start of the object; afterwards at its end.</param>
    /// <param name="buffer">Buffer for the data, <see cref="MaxLength"/> bytes.</param>
    /// <param name="frame">The frame.</param>
    /// <returns>False if the object is not a frame with data.</returns>
    public static bool TryRead(ref Utf8JsonReader json, byte[] buffer, out CanFrame frame)
    {
        uint? id = null;
        var (length, shown, extended, remote) = (-1, MaxLength, false, false);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = json;
            json.Read();
            if (key.ValueTextEquals("id"u8)) id = Number(json);
            else if (key.ValueTextEquals("dlc"u8)) shown = (int)Math.Min(Number(json) ?? 0, MaxLength);
            else if (key.ValueTextEquals("extd"u8)) extended = json.TokenType == JsonTokenType.True;
            else if (key.ValueTextEquals("rtr"u8)) remote = json.TokenType == JsonTokenType.True;
            else if (key.ValueTextEquals("data"u8) && json.TokenType == JsonTokenType.StartArray) length = ReadData(ref json, buffer);
            json.Skip();
        }

        frame = new CanFrame { Id = id ?? 0, IsExtended = extended, Data = buffer.AsSpan(0, Math.Max(0, Math.Min(length, shown))) };
        return id is not null && !remote && length > 0;
    }

    static uint? Number(Utf8JsonReader json) => json.TokenType == JsonTokenType.Number && json.TryGetUInt32(out var number) ? number : null;

    // Leaves the reader on the end of the array. -1 if it contains anything but bytes, or too many.
    static int ReadData(ref Utf8JsonReader json, byte[] buffer)
    {
        var length = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            var value = Number(json);
            if (value > byte.MaxValue || length >= buffer.Length) value = null;
            if (value is null || length < 0) length = -1;
            else buffer[length++] = (byte)value;
            json.Skip();
        }

        return length;
    }
}
