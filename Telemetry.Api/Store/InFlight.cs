using Telemetry.Core.Alerts;

namespace Telemetry.Api.Store;

/// <summary>A message that its sender keeps until it is acknowledged (QoS 1).</summary>
abstract class InFlight
{
    /// <summary>Called with the arrival time of the message's readings, before they can become durable.</summary>
    public virtual void OnArrival(DateTime at)
    {
    }

    /// <summary>Called before the acknowledgement if the store has another alert.</summary>
    public virtual void OnStored(Alert instead)
    {
    }

    /// <summary>Called once the readings are durable, in order of arrival.</summary>
    public abstract Task AcknowledgeAsync();
}
