using System.Text;

namespace Telemetry.Core.Obd;

/// <summary>Answer of a control unit about itself or its vehicle: services 03, 04, 07, 0A and 09 02 (SAE J1979, on CAN).</summary>
/// <param name="ControlUnit">CAN identifier of the answer.</param>
/// <param name="Kind">Kind of <paramref name="Codes"/>; null for other answers.</param>
/// <param name="Codes">All codes of that kind in the control unit; may be empty.</param>
/// <param name="IsCleared">True if it has cleared its stored and pending codes.</param>
/// <param name="Vin">Vehicle identification number; null for other answers.</param>
sealed record DiagnosticAnswer(uint ControlUnit, TroubleCodeKind? Kind, TroubleCode[] Codes, bool IsCleared, string? Vin)
{
    const byte Stored = 0x43;
    const byte Cleared = 0x44;
    const byte Pending = 0x47;
    const byte VehicleInformation = 0x49;
    const byte Permanent = 0x4A;
    const byte VinInformation = 0x02;
    const int VinLength = 17;

    /// <summary>True if a message, or its beginning, may be such an answer.</summary>
    public static bool IsAnswer(ReadOnlySpan<byte> message) => message is [Stored or Cleared or Pending or Permanent, ..] or [VehicleInformation, VinInformation, ..];

    /// <summary>Reads an answer.</summary>
    /// <param name="controlUnit">CAN identifier of the answer.</param>
    /// <param name="message">A complete message, without transport bytes.</param>
    /// <returns>Null if it is another answer, or malformed.</returns>
    public static DiagnosticAnswer? Read(uint controlUnit, ReadOnlySpan<byte> message) => message switch
    {
        [Stored, var count, .. var codes] => ReadCodes(controlUnit, TroubleCodeKind.Stored, count, codes),
        [Pending, var count, .. var codes] => ReadCodes(controlUnit, TroubleCodeKind.Pending, count, codes),
        [Permanent, var count, .. var codes] => ReadCodes(controlUnit, TroubleCodeKind.Permanent, count, codes),
        [Cleared, ..] => new DiagnosticAnswer(controlUnit, null, [], true, null),
        [VehicleInformation, VinInformation, 1, .. var text] when ReadVin(text) is { } vin => new DiagnosticAnswer(controlUnit, null, [], false, vin),
        _ => null,
    };

    // A truncated list is dropped: the codes after the break are unknown, and must not count as cleared. Data after the count is padding. The
    // code of zeros fills lists up; it is not a code.
    static DiagnosticAnswer? ReadCodes(uint controlUnit, TroubleCodeKind kind, int count, ReadOnlySpan<byte> data)
    {
        if (data.Length < 2 * count) return null;
        var codes = new HashSet<TroubleCode>();
        for (var i = 0; i < count; i++)
            if ((data[2 * i] << 8 | data[2 * i + 1]) is > 0 and var value) codes.Add(new TroubleCode((ushort)value));
        return new DiagnosticAnswer(controlUnit, kind, [.. codes], false, null);
    }

    // Leading zeros and trailing padding are allowed.
    static string? ReadVin(ReadOnlySpan<byte> text)
    {
        text = text.TrimStart((byte)0);
        if (text.Length < VinLength || (text.Length > VinLength && !CurrentData.IsPadding(text[VinLength..]))) return null;
        foreach (var letter in text[..VinLength])
            if (!IsVin(letter)) return null;
        return Encoding.ASCII.GetString(text[..VinLength]);
    }

    // ISO 3779: capital letters except I, O and Q, which look like digits.
    static bool IsVin(byte letter) => letter is >= (byte)'0' and <= (byte)'9' or (>= (byte)'A' and <= (byte)'Z' and not ((byte)'I' or (byte)'O' or (byte)'Q'));
}
