using Telemetry.Core.Notifications;

namespace Telemetry.Api.Notify;

/// <summary>A message of a channel that is not delivered yet. It stands in the spool before its first try: after a kill the same goes out again.</summary>
/// <param name="FirstAt">The first try of the channel since it took something last, UTC.</param>
/// <param name="IsUnclear">True once the receiver may have it: then nothing that it tells may be sent under another key, whatever later tries have ended with.</param>
/// <param name="IsOrdered">True where the receiver has asked for the wait.</param>
/// <param name="Problem">Last error; null before the first attempt has ended.</param>
sealed record OutgoingMessage(
    string Id, IReadOnlyList<OutgoingPart> Parts, string Content, DateTime FirstAt, DateTime TriedAt, DateTime NextAt, bool IsUnclear = false, bool IsOrdered = false, string? Problem = null)
{
    /// <summary>The keys of its parts.</summary>
    public IReadOnlySet<string> Keys() => Parts.Select(part => part.Key).ToHashSet();
}

/// <summary>An alert in a message.</summary>
/// <param name="Reminder">Number of the reminder; 0: none.</param>
/// <param name="FirstAt">Its first try, UTC.</param>
sealed record OutgoingPart(Guid AlertId, int Version, int Reminder, string Key, DateTime FirstAt)
{
    public static OutgoingPart Of(Notice notice, DateTime now) => new(notice.Alert.Id, notice.Alert.Version, notice.Reminder, notice.Key, now);
}
