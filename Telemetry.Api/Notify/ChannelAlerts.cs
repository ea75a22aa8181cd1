using Telemetry.Api.Alerts;
using Telemetry.Core.Notifications;

namespace Telemetry.Api.Notify;

/// <summary>Alerts about channels that cannot deliver, sent to the other channels. Thread-safe.</summary>
sealed class ChannelAlerts(AlertLog alerts)
{
    public void GivesUp(string channel, DateTime now) => alerts.Add(ServerRules.Fire(channel, now));

    public void Delivers(string channel, DateTime now) => alerts.EndOwn(ServerRules.OfChannel(channel), now);
}
