using System.Buffers.Text;
using System.Text;

namespace Telemetry.Core.Ingest;

/// <summary>The text in a payload.</summary>
static class PayloadText
{
    /// <summary>The payload without a byte order mark before it, and without white space and the NULs of C strings around it.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> payload)
    {
        payload = payload.TrimEnd(" \t\r\n\0"u8);
        if (payload.StartsWith("\uFEFF"u8)) payload = payload["\uFEFF"u8.Length..];
        return payload.TrimStart(" \t\r\n"u8);
    }

    /// <summary>Reads a number.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> text, out double value)
    {
        text = text.Trim(" \t\r\n"u8);
        return Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;
    }

    /// <summary>Reads a word for on or off as 1 or 0.</summary>
    public static bool TrySwitch(ReadOnlySpan<byte> text, out double value)
    {
        value = Is(text, "on") || Is(text, "true") || Is(text, "yes") ? 1 : 0;
        return value == 1 || Is(text, "off") || Is(text, "false") || Is(text, "no");

        static bool Is(ReadOnlySpan<byte> text, string word) => Ascii.EqualsIgnoreCase(text, word);
    }
}
