using Telemetry.Core.Notifications;

namespace Telemetry.Api.Notify;

/// <summary>End of a try to send a message.</summary>
enum SendResult
{
    /// <summary>The receiver has it.</summary>
    Sent,

    /// <summary>It has not.</summary>
    Failed,

    /// <summary>It may have it: the connection ended, or the time was over, before it answered.</summary>
    Unclear,

    /// <summary>It will never take it.</summary>
    Refused,
}

/// <summary>Result of an attempt.</summary>
/// <param name="Result">The end.</param>
/// <param name="Problem">Error without secrets; empty if there is none. For a sent message: the reason why some recipients did not get it.</param>
/// <param name="RetryAfter">The time that the receiver asks for; null: it does not.</param>
sealed record SendOutcome(SendResult Result, string Problem = "", TimeSpan? RetryAfter = null)
{
    /// <summary>The receiver has it.</summary>
    public static readonly SendOutcome Sent = new(SendResult.Sent);
}

/// <summary>A way to send messages.</summary>
interface IChannelSender
{
    /// <summary>True where a message that comes twice replaces itself, so that it does no harm under another key either.</summary>
    bool ReplacesItself { get; }

    /// <summary>The message in the channel's form. Kept until it is delivered: each try sends the same.</summary>
    string Write(Digest digest);

    /// <summary>Sends a message, in <see cref="Channel.SendTimeout"/> at most.</summary>
    /// <param name="id">The idempotency key, the same in each try.</param>
    /// <param name="content">Result of <see cref="Write"/>.</param>
    /// <param name="stopping">The server stops.</param>
    /// <returns>Never faulted but by <paramref name="stopping"/>.</returns>
    Task<SendOutcome> SendAsync(string id, string content, CancellationToken stopping);
}

/// <summary>A channel that the settings name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind"><c>webhook</c>, <c>smtp</c>, <c>mqtt</c> or <c>push</c>.</param>
/// <param name="Timing">Quiet hours and pace.</param>
/// <param name="Sender">Its transport.</param>
sealed record Channel(string Name, string Kind, ChannelTiming Timing, IChannelSender Sender)
{
    /// <summary>Time of a try in all.</summary>
    public static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Time to connect.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
}

/// <summary>Makes what sends messages to browsers; its stage stands above this one.</summary>
/// <param name="zone">The zone of the times in messages.</param>
/// <param name="isFrench">The language of browsers that have not told one.</param>
delegate IChannelSender CreatePushSender(TimeZoneInfo zone, bool isFrench);

/// <summary>The channels that the settings name, in their order.</summary>
sealed class Channels(IReadOnlyList<Channel> all)
{
    public IReadOnlyList<Channel> All => all;

    /// <summary>The channel of a name; null where there is none.</summary>
    public Channel? Find(string name) => all.FirstOrDefault(channel => channel.Name == name);
}
