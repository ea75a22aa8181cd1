using System.Collections;
using System.Collections.Concurrent;
using MQTTnet.Protocol;
using MQTTnet.Server;
using Telemetry.Api.Store;

namespace Telemetry.Api.Ingest;

/// <summary>A message that a client of the embedded broker published at QoS 1 or 2.</summary>
sealed class PublisherDelivery : Delivery
{
    static readonly object Key = new();

    readonly TaskCompletionSource _durable = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The delivery of a message, put behind the client's others; null at QoS 0.</summary>
    public static PublisherDelivery? Of(InterceptingPublishEventArgs publish)
    {
        if (publish.ApplicationMessage.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce) return null;
        if (publish.SessionItems[Key] is not ConcurrentQueue<PublisherDelivery> unanswered)
            publish.SessionItems[Key] = unanswered = new ConcurrentQueue<PublisherDelivery>();
        var delivery = new PublisherDelivery();
        unanswered.Enqueue(delivery);
        return delivery;
    }

    /// <summary>Done when the oldest unanswered message of a client is durable.</summary>
    public static Task Next(IDictionary sessionItems) =>
        sessionItems[Key] is ConcurrentQueue<PublisherDelivery> unanswered && unanswered.TryDequeue(out var delivery) ? delivery._durable.Task : Task.CompletedTask;

    public override Task Acknowledge()
    {
        _durable.TrySetResult();
        return Task.CompletedTask;
    }
}
