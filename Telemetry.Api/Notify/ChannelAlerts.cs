using Telemetry.Api.Alerts;
using Telemetry.Core.Notifications;

namespace Telemetry.Api.Notify;

/// <summary>Alerts about channels that cannot deliver; the other channels are told. Thread-safe.</summary>
sealed class ChannelAlerts(AlertLog alerts)
{
    /// <summary>A channel has given a message up.</summary>
    public void GivesUp(string channel, DateTime now) => alerts.Add(ServerRules.Fire(channel, now));

    /// <summary>A channel has delivered.</summary>
    public void Delivers(string channel, DateTime now) => alerts.EndOwn(ServerRules.OfChannel(channel), now);
}
