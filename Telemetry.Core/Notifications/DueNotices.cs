namespace Telemetry.Core.Notifications;

/// <summary>Quiet hours and pace of a channel.</summary>
/// <param name="Quiet">Hours in which it is silent; null: none.</param>
/// <param name="Every">Time between two messages: the first goes at once, what comes within this time together when it is over. Zero: each goes at once.</param>
/// <param name="IsMirror">True where it shows a state rather than rings: every end is sent.</param>
public sealed record ChannelTiming(QuietHours? Quiet, TimeSpan Every, bool IsMirror);

/// <summary>Due messages of a channel.</summary>
/// <param name="Notices">To be sent now, in one message; empty: nothing.</param>
/// <param name="Next">Next due time if nothing changes, UTC; null: never.</param>
public sealed record DueNotices(IReadOnlyList<Notice> Notices, DateTime? Next)
{
    // A reminder is overdue and its alert is not judged: its next time is unknown.
    static readonly TimeSpan JudgedPoll = TimeSpan.FromSeconds(10);

    /// <summary>Decides what is due.</summary>
    /// <param name="timing">Quiet hours and pace of the channel.</param>
    /// <param name="alerts">The alerts that may concern it, as they are now.</param>
    /// <param name="sentAt">Its last message, UTC; null: none.</param>
    /// <param name="now">Now, UTC.</param>
    public static DueNotices Of(ChannelTiming timing, IEnumerable<ChannelAlert> alerts, DateTime? sentAt, DateTime now)
    {
        List<Notice> due = [];
        DateTime? next = null;
        foreach (var alert in alerts)
        {
            if (TimeOf(alert, timing, now) is not { } at) continue;
            if (at <= now) due.Add(NoticeOf(alert));
            else if (!(next <= at)) next = at;
        }

        // A clock that was set back must not silence the channel.
        if (due.Count > 0 && sentAt <= now && sentAt + timing.Every is { } open && open > now) return new DueNotices([], open);
        return new DueNotices(due, next);
    }

    /// <summary>Message that is due about an alert now.</summary>
    public static Notice NoticeOf(ChannelAlert of) => of switch
    {
        { Alert.ClearedAt: not null } => new Notice(of.Alert, of.Rule, NoticeKind.Over, 0),
        { Cursor.SentVersion: 0 } => new Notice(of.Alert, of.Rule, NoticeKind.Fired, 0),
        _ => new Notice(of.Alert, of.Rule, NoticeKind.Reminder, of.Cursor.Reminders + 1),
    };

    /// <summary>True if no more messages about an alert will be sent.</summary>
    public static bool IsDone(ChannelAlert alert, ChannelTiming timing, DateTime now) => alert.Alert.ClearedAt is not null && TimeOf(alert, timing, now) is null;

    // When a notice of the alert is due; null: never, as things are.
    static DateTime? TimeOf(ChannelAlert of, ChannelTiming timing, DateTime now)
    {
        var (alert, cursor) = (of.Alert, of.Cursor);
        if (alert.EndedBy is not null && !timing.IsMirror) return null;
        if (alert.ClearedAt is not null)
        {
            if (cursor.SentVersion >= alert.Version || (cursor.SentVersion == 0 && !WasDue(of, timing))) return null;
            return Release(now, now);
        }

        if (alert.AckedAt is not null) return null;
        var wanted = cursor.SentVersion == 0 ? First(of) : NextReminder(of, now);
        return Release(wanted < alert.SnoozedUntil ? alert.SnoozedUntil : wanted, now);

        DateTime? Release(DateTime? time, DateTime since) => time is not { } given ? null
            : timing.Quiet is { } quiet ? quiet.Release(given > since ? given : since, alert.Severity) : given;
    }

    static DateTime? First(ChannelAlert of) => of.Steps.Count == 0 ? null : of.Alert.FiredAt + of.Steps.Min(step => step.After);

    // The alert is over and was never sent: send it only if the channel or its pace delayed it.
    static bool WasDue(ChannelAlert of, ChannelTiming timing)
    {
        if (timing.IsMirror || First(of) is not { } first || of.Alert.AckedAt <= first) return false;
        var released = timing.Quiet?.Release(first, of.Alert.Severity) ?? first;
        if (released < of.Alert.SnoozedUntil) released = of.Alert.SnoozedUntil.Value;
        return released <= of.Alert.ClearedAt;
    }

    // A later step, a repetition, or the end of a snooze.
    static DateTime? NextReminder(ChannelAlert of, DateTime now)
    {
        var sentAt = of.Cursor.SentAt ?? DateTime.MinValue;
        DateTime? next = of.Alert.SnoozedUntil > sentAt ? of.Alert.SnoozedUntil : null;
        foreach (var step in of.Steps)
        {
            var start = of.Alert.FiredAt + step.After;
            var moment = start > sentAt ? start : step.Repeat > TimeSpan.Zero ? start + step.Repeat * (Math.Floor((sentAt - start) / step.Repeat) + 1) : (DateTime?)null;
            if (moment > start && moment <= now && !of.IsJudged) moment = now + JudgedPoll;
            if (moment is not null && !(next <= moment)) next = moment;
        }

        return next;
    }
}
