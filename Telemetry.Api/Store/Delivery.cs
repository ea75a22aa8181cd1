namespace Telemetry.Api.Store;

/// <summary>A message that its sender keeps until it is told that the message is safe (QoS 1).</summary>
abstract class Delivery
{
    /// <summary>Notes when the message's readings are said to have arrived. Called before they can become durable.</summary>
    public virtual void OnArrival(DateTime at)
    {
    }

    /// <summary>Tells the sender. Called once the message's readings are durable, in the order of arrival.</summary>
    public abstract Task AcknowledgeAsync();
}
