using MQTTnet;
using MQTTnet.Protocol;

namespace Telemetry.Api.Ingest;

/// <summary>One connection to an outside broker.</summary>
/// <param name="receive">Takes a message in; the log is that of its delivery, null at QoS 0.</param>
/// <param name="deliveries">Deliveries of the session; locked while a message is taken in.</param>
sealed class BrokerLink(Action<MqttApplicationMessageReceivedEventArgs, DeliveryLog?> receive, DeliveryLog deliveries) : IDisposable
{
    readonly TaskCompletionSource<MqttClientDisconnectedEventArgs> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IMqttClient Client { get; private set; } = null!;

    /// <summary>Done when the connection is lost.</summary>
    public Task<MqttClientDisconnectedEventArgs> Lost => _lost.Task;

    /// <summary>A new client; the one before, whose CONNECT was not accepted, is closed.</summary>
    public IMqttClient Open()
    {
        Client?.Dispose();
        var client = Client = new MqttClientFactory().CreateMqttClient();
        client.DisconnectedAsync += gone =>
        {
            if (gone.ClientWasConnected) End(gone);
            return Task.CompletedTask;
        };
        client.ApplicationMessageReceivedAsync += received =>
        {
            received.AutoAcknowledge = false;
            // What the broker will deliver again must not be taken from a connection that is lost, or it would be taken twice.
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

    void End(MqttClientDisconnectedEventArgs? gone)
    {
        lock (deliveries)
        {
            if (gone is not null) _lost.TrySetResult(gone);
            else _lost.TrySetCanceled();
        }
    }
}
