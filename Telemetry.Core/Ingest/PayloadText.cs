using System.Buffers.Text;
using System.Text;

namespace Telemetry.Core.Ingest;

/// <summary>Parsers for the text of a payload.</summary>
static class PayloadText
{
    /// <summary>The payload without a leading byte order mark, surrounding white space, and the trailing NULs of C strings.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> payload)
    {
        payload = payload.TrimEnd(" \t\r\n\0"u8);
        if (payload.StartsWith("\uFEFF"u8)) payload = payload["\uFEFF"u8.Length..];
        return payload.TrimStart(" \t\r\n"u8);
    }

    /// <summary>Parses a number.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> text, out double value)
    {
        text = text.Trim(" \t\r\n"u8);
        return Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;
    }

    /// <summary>Parses a word for on or off as 1 or 0.</summary>
    public static bool TrySwitch(ReadOnlySpan<byte> text, out double value)
    {
        value = Is(text, "on") || Is(text, "true") || Is(text, "yes") ? 1 : 0;
        return value == 1 || Is(text, "off") || Is(text, "false") || Is(text, "no");

        static bool Is(ReadOnlySpan<byte> text, string word) => Ascii.EqualsIgnoreCase(text, word);
    }
}
