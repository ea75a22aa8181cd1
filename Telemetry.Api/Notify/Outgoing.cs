using Telemetry.Core.Notifications;

namespace Telemetry.Api.Notify;

enum SendResult
{
    Sent,

    Failed,

    /// <summary>The receiver may have the message: the connection ended, or the time was over, before the answer.</summary>
    Unclear,

    /// <summary>The receiver will never accept the message.</summary>
    Refused,
}

/// <summary>Result of an attempt. <paramref name="Problem"/> has no secrets and is empty if there is none; for a sent message, it says why some recipients did not get it.</summary>
sealed record SendOutcome(SendResult Result, string Problem = "", TimeSpan? RetryAfter = null)
{
    public static readonly SendOutcome Sent = new(SendResult.Sent);
}

interface IChannelSender
{
    /// <summary>True if a repeated message replaces the first one, so that another key does no harm.</summary>
    bool ReplacesItself { get; }

    /// <summary>The message in the channel's form. It is kept until delivered, so that each attempt sends the same.</summary>
    string Write(Digest digest);

    /// <summary>Sends within <see cref="Channel.SendTimeout"/>, with the same <paramref name="id"/> (idempotency key) in each attempt. Throws nothing except when <paramref name="stopping"/> is cancelled.</summary>
    Task<SendOutcome> SendAsync(string id, string content, CancellationToken stopping);
}

sealed record Channel(string Name, string Kind, ChannelTiming Timing, IChannelSender Sender)
{
    public static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
}

/// <summary>Creates the sender of Web Push, whose room is above this one. <paramref name="isFrench"/> is for browsers that sent no language.</summary>
delegate IChannelSender CreatePushSender(TimeZoneInfo zone, bool isFrench);

/// <summary>The channels of the settings, in their order.</summary>
sealed class Channels(IReadOnlyList<Channel> all)
{
    public IReadOnlyList<Channel> All => all;

    public Channel? Find(string name) => all.FirstOrDefault(channel => channel.Name == name);
}
