using MQTTnet;
using MQTTnet.Protocol;

namespace Telemetry.Api.Ingest;

/// <param name="receive">The log is that of the message's delivery, null at QoS 0; it is locked meanwhile.</param>
sealed class BrokerLink(Action<MqttApplicationMessageReceivedEventArgs, DeliveryLog?> receive, DeliveryLog deliveries) : IDisposable
{
    readonly TaskCompletionSource<MqttClientDisconnectedEventArgs> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IMqttClient Client { get; private set; } = null!;

    public Task<MqttClientDisconnectedEventArgs> Lost => _lost.Task;

    /// <summary>Disposes the previous client, whose CONNECT was not accepted.</summary>
    public IMqttClient Open()
    {
        Client?.Dispose();
        var client = Client = new MqttClientFactory().CreateMqttClient();
        client.DisconnectedAsync += disconnected =>
        {
            if (disconnected.ClientWasConnected) End(disconnected);
            return Task.CompletedTask;
        };
        client.ApplicationMessageReceivedAsync += received =>
        {
            received.AutoAcknowledge = false;
            // Ignore messages of a lost connection: the broker delivers them again, and they would be stored twice.
            lock (deliveries)
            {
                var isAtMostOnce = received.ApplicationMessage.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce;
                if (isAtMostOnce || !_lost.Task.IsCompleted) receive(received, isAtMostOnce ? null : deliveries);
            }

            return Task.CompletedTask;
        };
        return client;
    }

    public void Dispose()
    {
        End(null);
        Client?.Dispose();
    }

    void End(MqttClientDisconnectedEventArgs? disconnected)
    {
        lock (deliveries)
        {
            if (disconnected is not null) _lost.TrySetResult(disconnected);
            else _lost.TrySetCanceled();
        }
    }
}
