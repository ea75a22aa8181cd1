using Telemetry.Core.Alerts;

namespace Telemetry.Core.Notifications;

/// <summary>Reason of a notice.</summary>
public enum NoticeKind
{
    /// <summary>The alert has fired and was not sent to the channel yet.</summary>
    Fired,

    /// <summary>It lasts: a reminder, a further step, or the end of a snooze.</summary>
    Reminder,

    /// <summary>It is over.</summary>
    Over,
}

/// <summary>Delivery cursor of an alert on a channel.</summary>
/// <param name="SentVersion">The version of the alert that was sent last; 0: none.</param>
/// <param name="SentAt">When, UTC.</param>
/// <param name="Reminders">Reminders sent so far.</param>
public sealed record DeliveryCursor(int SentVersion, DateTime? SentAt, int Reminders)
{
    /// <summary>Nothing has been sent.</summary>
    public static readonly DeliveryCursor None = new(0, null, 0);

    /// <summary>After a notice was sent.</summary>
    public DeliveryCursor After(Notice notice, DateTime at) => new(notice.Alert.Version, at, Math.Max(Reminders, notice.Reminder));
}

/// <summary>An alert as it concerns a channel.</summary>
/// <param name="Alert">The alert as it is now.</param>
/// <param name="Rule">Its rule; null: the server's own, or a deleted one.</param>
/// <param name="Steps">The steps that name the channel.</param>
/// <param name="IsJudged">True while it is seen to be true; reminders wait for that.</param>
/// <param name="Cursor">Delivery cursor.</param>
public sealed record ChannelAlert(Alert Alert, AlertRule? Rule, IReadOnlyList<NotifyStep> Steps, bool IsJudged, DeliveryCursor Cursor);

/// <summary>Message of a channel about an alert.</summary>
/// <param name="Alert">The alert as it is now.</param>
/// <param name="Rule">Its rule; null: the server's own, or a deleted one.</param>
/// <param name="Kind">The reason.</param>
/// <param name="Reminder">Number of the reminder, from 1; 0: none.</param>
public sealed record Notice(Alert Alert, AlertRule? Rule, NoticeKind Kind, int Reminder)
{
    /// <summary>The idempotency key: <c>alert_id.version</c>, and for a reminder its number behind that.</summary>
    public string Key => Reminder == 0 ? $"{Alert.Id}.{Alert.Version}" : $"{Alert.Id}.{Alert.Version}.{Reminder}";
}

/// <summary>One message of a channel.</summary>
/// <param name="Id">The key of one of its notices, which no other message of the channel has for an id.</param>
/// <param name="Notices">The newest first, at least one.</param>
/// <param name="At">Time it was composed, UTC.</param>
public sealed record Digest(string Id, IReadOnlyList<Notice> Notices, DateTime At)
{
    /// <summary>Puts notices together.</summary>
    /// <param name="notices">At least one, each alert once.</param>
    /// <param name="told">Keys that an earlier message may have used; not used again.</param>
    /// <param name="now">Now, UTC.</param>
    public static Digest Of(IEnumerable<Notice> notices, IReadOnlySet<string> told, DateTime now)
    {
        var sorted = notices.OrderByDescending(notice => notice.Alert.ClearedAt ?? notice.Alert.FiredAt).ThenByDescending(notice => notice.Alert.Id).ToList();
        return new Digest((sorted.Find(notice => !told.Contains(notice.Key)) ?? sorted[0]).Key, sorted, now);
    }

    /// <summary>The notice that stands for all of them: of the most severe alert that lasts, otherwise the newest.</summary>
    public Notice Head => Notices.Where(notice => notice.Alert.ClearedAt is null).OrderByDescending(notice => notice.Alert.Severity).FirstOrDefault() ?? Notices[0];
}
