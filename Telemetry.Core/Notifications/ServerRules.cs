using Telemetry.Core.Alerts;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Notifications;

/// <summary>Alerts of the server itself, which have no rule.</summary>
public static class ServerRules
{
    /// <summary>The id of the rule of a test message.</summary>
    public const int Test = -999;

    const string ChannelStart = "Channel ";
    const string ChannelEnd = " cannot deliver";

    // Below it, one id a channel.
    const int FirstChannel = -1000;
    const uint MaxChannels = 1_000_000_000;

    static readonly Dictionary<string, string> French = new()
    {
        ["The store cannot be written"] = "La base de données ne peut pas être écrite",
        ["There is no link to the broker"] = "Pas de lien avec le broker",
        ["The server did not listen"] = "Le serveur n'écoutait pas",
    };

    /// <summary>The id of the rule about a channel.</summary>
    public static int OfChannel(string channel) => FirstChannel - (int)(Vehicle.HashOf(channel) % MaxChannels);

    /// <summary>True for the id of a rule about a channel, also one that is configured no more.</summary>
    public static bool IsOfChannel(int ruleId) => ruleId <= FirstChannel;

    /// <summary>The alert of a channel that has given a message up.</summary>
    public static Alert Fire(string channel, DateTime now) => new(AlertIds.New(now), OfChannel(channel), null, Severity.Warning, now, now) { Rule = $"{ChannelStart}{channel}{ChannelEnd}" };

    /// <summary>The name in French, where it is known here.</summary>
    internal static string InFrench(string name)
    {
        if (French.TryGetValue(name, out var known)) return known;
        return name.StartsWith(ChannelStart, StringComparison.Ordinal) && name.EndsWith(ChannelEnd, StringComparison.Ordinal) ? $"Le canal {name[ChannelStart.Length..^ChannelEnd.Length]} ne délivre pas" : name;
    }
}
