using System.Text;
using System.Text.Json;

namespace Telemetry.Core.Ingest;

/// <summary>Meaning of a status message.</summary>
enum DongleStatus
{
    /// <summary>Not readable.</summary>
    Unknown,

    /// <summary>The dongle has connected.</summary>
    Online,

    /// <summary>The dongle is offline: its last will, or its own message.</summary>
    Offline,
}

/// <summary>Reads status messages: a bare word, or an object with the word under one of its keys, in any case and order.</summary>
static class StatusReader
{
    static readonly string[] WordKeys = ["status", "state", "availability", "connection", "connectivity", "lwt", "value"];
    static readonly string[] SwitchKeys = ["online", "connected", "available", "alive"];
    static readonly string[] OnlineWords = ["online", "connected", "available", "alive", "up", "on", "true", "1"];
    static readonly string[] OfflineWords = ["offline", "disconnected", "unavailable", "lost", "dead", "down", "off", "false", "0"];

    /// <summary>Reads the payload of a status topic.</summary>
    public static DongleStatus Read(ReadOnlySpan<byte> payload)
    {
        var text = PayloadText.Trim(payload);
        if (text is not [(byte)'{', ..]) return Word(text.Trim("\""u8));
        try
        {
            var json = new Utf8JsonReader(text);
            var status = ReadObject(ref json);
            while (json.Read()) { } // Throws if anything follows the object.
            return status;
        }
        catch (JsonException)
        {
            return DongleStatus.Unknown;
        }
    }

    /// <summary>True for a word that means online or offline and has no other meaning.</summary>
    public static bool IsWord(ReadOnlySpan<byte> text) => text.Length > 5 && Word(text) != DongleStatus.Unknown;

    static DongleStatus ReadObject(ref Utf8JsonReader json)
    {
        var status = DongleStatus.Unknown;
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isWord = IsAny(json.ValueSpan, WordKeys);
            var isSwitch = IsAny(json.ValueSpan, SwitchKeys);
            json.Read();
            if ((isWord || isSwitch) && json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray) && Word(json.ValueSpan) is var said and not DongleStatus.Unknown)
                status = said;
            json.Skip();
        }

        return status;
    }

    static DongleStatus Word(ReadOnlySpan<byte> text)
    {
        text = text.Trim(" \t\r\n"u8);
        return IsAny(text, OfflineWords) ? DongleStatus.Offline : IsAny(text, OnlineWords) ? DongleStatus.Online : DongleStatus.Unknown;
    }

    static bool IsAny(ReadOnlySpan<byte> text, string[] words)
    {
        foreach (var word in words)
            if (Ascii.EqualsIgnoreCase(text, word)) return true;
        return false;
    }
}
