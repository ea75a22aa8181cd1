using MQTTnet;
using Telemetry.Api.Store;

namespace Telemetry.Api.Ingest;

sealed class BrokerMessage(MqttApplicationMessageReceivedEventArgs received, DeliveryLog deliveries) : InFlight
{
    public ushort PacketId => received.PacketIdentifier;

    public override void OnArrival(DateTime at) => deliveries.Arrived(received.PacketIdentifier, received.ApplicationMessage, at);

    public override async Task AcknowledgeAsync()
    {
        try
        {
            deliveries.Acknowledged(received.PacketIdentifier);
            await received.AcknowledgeAsync(CancellationToken.None);
        }
        catch (Exception)
        {
            // The connection is lost, or the message has no identifier. The broker delivers it again over the next connection.
        }
    }
}
