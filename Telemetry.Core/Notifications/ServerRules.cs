using Telemetry.Core.Alerts;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Notifications;

/// <summary>Alerts of the server itself, which have no rule.</summary>
public static class ServerRules
{
    /// <summary>The store is away.</summary>
    public const int Store = -1;

    /// <summary>The broker is away.</summary>
    public const int Broker = -2;

    const string StoreName = "The store is away";
    const string BrokerName = "The broker is away";
    const string ChannelStart = "Channel ";
    const string ChannelEnd = " cannot deliver";

    // Below it, one id a channel.
    const int FirstChannel = -1000;
    const uint MaxChannels = 1_000_000_000;

    /// <summary>A channel has given a message up.</summary>
    public static int OfChannel(string channel) => FirstChannel - (int)(Vehicle.HashOf(channel) % MaxChannels);

    /// <summary>An alert that fires.</summary>
    /// <param name="rule">What it is about.</param>
    /// <param name="since">Since when, UTC.</param>
    /// <param name="now">Now, UTC.</param>
    /// <param name="channel">The channel that it is about.</param>
    public static Alert Fire(int rule, DateTime since, DateTime now, string channel = "") => new(AlertIds.New(now), rule, null, Severity.Warning, since, now)
    {
        Rule = rule switch { Store => StoreName, Broker => BrokerName, _ => $"{ChannelStart}{channel}{ChannelEnd}" },
    };

    /// <summary>The name in French, of those that are known here.</summary>
    internal static string InFrench(string name) => name switch
    {
        StoreName => "La base de données est absente",
        BrokerName => "Le broker est absent",
        _ when name.StartsWith(ChannelStart, StringComparison.Ordinal) && name.EndsWith(ChannelEnd, StringComparison.Ordinal) => $"Le canal {name[ChannelStart.Length..^ChannelEnd.Length]} ne délivre pas",
        _ => name,
    };
}

/// <summary>Watches something that the server needs: an alert fires when it has been away for a while. One caller at a time.</summary>
/// <param name="rule">See <see cref="ServerRules"/>.</param>
public sealed class ServerWatch(int rule)
{
    /// <summary>How long it may be away.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    DateTime? _since;
    bool _isFired;

    /// <summary>Takes in how it is.</summary>
    /// <returns>The alert that fires now; null: none does.</returns>
    public Alert? Observe(bool isAway, DateTime now)
    {
        if (!isAway)
        {
            (_since, _isFired) = (null, false);
            return null;
        }

        if (now < _since) _since = now; // The clock was set back.
        _since ??= now;
        if (_isFired || now - _since < Patience) return null;
        _isFired = true;
        return ServerRules.Fire(rule, _since.Value, now);
    }
}
