using Telemetry.Core.Alerts;

namespace Telemetry.Core.Notifications;

/// <summary>A notice in the words of a language.</summary>
/// <param name="Title">One line.</param>
/// <param name="Message">A sentence.</param>
/// <param name="Rule">Name of the rule.</param>
/// <param name="Vehicle">Name of the vehicle; empty: the server itself.</param>
public sealed record PushText(string Title, string Message, string Rule, string Vehicle)
{
    /// <summary>The words of a notice.</summary>
    /// <param name="notice">The notice.</param>
    /// <param name="at">Now, UTC.</param>
    /// <param name="words">The language.</param>
    public static PushText Of(Notice notice, DateTime at, NoticeText words)
    {
        var places = words.PlacesOf(notice, at);
        return new PushText(places["title"], places["message"], places["rule"], places["vehicle"]);
    }
}

/// <summary>A notice for browsers. Each shows what its owner may see, in the language of its pages.</summary>
/// <param name="Key">Key of the notice.</param>
/// <param name="AlertId">The alert.</param>
/// <param name="VehicleId">Its vehicle; null: the server itself.</param>
/// <param name="IsTest">True for a test message, which everybody may see.</param>
/// <param name="Severity">Its severity.</param>
/// <param name="IsOver">True if the alert is over.</param>
/// <param name="En">In English.</param>
/// <param name="Fr">In French.</param>
public sealed record PushNotice(string Key, Guid AlertId, int? VehicleId, bool IsTest, Severity Severity, bool IsOver, PushText En, PushText Fr)
{
    /// <summary>A notice in both languages.</summary>
    /// <param name="notice">The notice.</param>
    /// <param name="at">Now, UTC.</param>
    /// <param name="en">English words.</param>
    /// <param name="fr">French words.</param>
    public static PushNotice Of(Notice notice, DateTime at, NoticeText en, NoticeText fr) => new(
        notice.Key, notice.Alert.Id, notice.Alert.VehicleId, notice.Alert.RuleId == ServerRules.Test, notice.Alert.Severity, notice.Alert.ClearedAt is not null,
        PushText.Of(notice, at, en), PushText.Of(notice, at, fr));

    /// <summary>The words of a language.</summary>
    public PushText In(bool isFrench) => isFrench ? Fr : En;
}
