using MQTTnet;
using MQTTnet.Protocol;

namespace Telemetry.Api.Ingest;

/// <param name="receive">Handles a message; the log is that of its delivery, null at QoS 0.</param>
/// <param name="deliveries">Deliveries of the session; locked while a message is handled.</param>
sealed class BrokerLink(Action<MqttApplicationMessageReceivedEventArgs, DeliveryLog?> receive, DeliveryLog deliveries) : IDisposable
{
    readonly TaskCompletionSource<MqttClientDisconnectedEventArgs> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IMqttClient Client { get; private set; } = null!;

    /// <summary>Completes when the connection is lost.</summary>
    public Task<MqttClientDisconnectedEventArgs> Lost => _lost.Task;

    /// <summary>A new client. Disposes the previous one, whose CONNECT was not accepted.</summary>
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
            // A message from a lost connection must not be handled: the broker delivers it again, and it would be stored twice.
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
