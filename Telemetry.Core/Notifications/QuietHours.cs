using Telemetry.Core.Alerts;

namespace Telemetry.Core.Notifications;

/// <summary>Hours of the day in which a channel is silent. Critical alerts pass unless it says <c>all</c>.</summary>
public sealed class QuietHours
{
    readonly TimeOfDay _hours;

    QuietHours(TimeOfDay hours, bool includesCritical) => (_hours, IncludesCritical) = (hours, includesCritical);

    /// <summary>Valid values of the setting, for errors.</summary>
    public static string Takes => "takes hours, a time zone and perhaps all, such as 22:00-07:00 Europe/Paris or 22:00-07:00 Europe/Paris,all";

    /// <summary>True where critical alerts wait too.</summary>
    public bool IncludesCritical { get; }

    /// <summary>The zone that the hours are in.</summary>
    public TimeZoneInfo Zone => _hours.Zone;

    /// <summary>Reads <c>22:00-07:00 Europe/Paris,all</c>: hours, a zone (UTC without one), and <c>all</c> where critical alerts wait too.</summary>
    /// <returns>Null if the text is not valid.</returns>
    public static QuietHours? Parse(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var includesCritical = parts is [_, "all"];
        if (parts.Length > 1 && !includesCritical) return null;
        var words = parts[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is 0 or > 2 || !TimeOfDay.TryParse(words[0], out var from, out var to)) return null;
        var zone = TimeZoneInfo.Utc;
        if (words.Length == 2 && !TimeZoneInfo.TryFindSystemTimeZoneById(words[1], out zone)) return null;
        return new QuietHours(new TimeOfDay(from, to, Days: null, zone!), includesCritical);
    }

    /// <summary>The instant at which an alert may be sent that could be sent at a time, UTC: that time, or the end of the quiet hours around it.</summary>
    public DateTime Release(DateTime time, Severity severity)
    {
        if (severity == Severity.Critical && !IncludesCritical) return time;
        return _hours.HoldsAt(time) ? _hours.NextBorder(time) ?? DateTime.MaxValue : time;
    }
}
