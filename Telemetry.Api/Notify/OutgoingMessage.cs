using Telemetry.Core.Notifications;

namespace Telemetry.Api.Notify;

/// <summary>An undelivered message. It is in the spool before its first attempt: after a kill the same is sent again. Once <c>IsUnclear</c>, the receiver may have it: its alerts may not be sent under another key, whatever later attempts ended with. <c>IsOrdered</c>: the receiver asked for the wait.</summary>
sealed record OutgoingMessage(
    string Id, IReadOnlyList<OutgoingPart> Parts, string Content, DateTime FirstAt, DateTime TriedAt, DateTime NextAt, bool IsUnclear = false, bool IsOrdered = false, string? Problem = null)
{
    public IReadOnlySet<string> Keys() => Parts.Select(part => part.Key).ToHashSet();
}

/// <summary>An alert in a message. <paramref name="Reminder"/> counts from 1; 0: none.</summary>
sealed record OutgoingPart(Guid AlertId, int Version, int Reminder, string Key, DateTime FirstAt)
{
    public static OutgoingPart Of(Notice notice, DateTime now) => new(notice.Alert.Id, notice.Alert.Version, notice.Reminder, notice.Key, now);
}
