using MQTTnet;
using MQTTnet.Exceptions;
using Telemetry.Api.History;

namespace Telemetry.Api.Ingest;

/// <summary>A message that an outside broker keeps until it is acknowledged.</summary>
sealed class BrokerDelivery(MqttApplicationMessageReceivedEventArgs received, DeliveryLog deliveries) : Delivery
{
    public override void Arrived(DateTime at) => deliveries.Arrived(received.PacketIdentifier, received.ApplicationMessage, at);

    public override async Task Acknowledge()
    {
        try
        {
            deliveries.Acknowledged(received.PacketIdentifier);
            await received.AcknowledgeAsync(CancellationToken.None);
        }
        catch (Exception error) when (error is MqttCommunicationException or ObjectDisposedException or InvalidOperationException or OperationCanceledException or NullReferenceException)
        {
            // That connection is gone; the broker will deliver the message again over the next one.
        }
    }
}
