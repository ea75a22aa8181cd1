namespace Telemetry.Core.Logs;

/// <summary>Time zone of times without one.</summary>
public static class LogZone
{
    /// <summary>Valid zones, for error messages.</summary>
    public const string Takes = "an offset such as +02:00, or the name of a time zone such as Europe/Berlin";

    /// <summary>Parses an offset, or a name of the time zone database.</summary>
    public static bool TryParse(string text, out TimeZoneInfo zone)
    {
        zone = TimeZoneInfo.Utc;
        if (!TimeWords.TryZone(text, out var offset)) return text.Length is > 0 and < 64 && TimeZoneInfo.TryFindSystemTimeZoneById(text, out zone!);
        zone = TimeZoneInfo.CreateCustomTimeZone(text, offset, text, text);
        return true;
    }
}
