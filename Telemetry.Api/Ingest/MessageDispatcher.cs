using MQTTnet;
using Telemetry.Api.Diagnostics;
using Telemetry.Api.History;
using Telemetry.Api.Store;
using Telemetry.Core.Ingest;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Ingest;

/// <summary>Where every message of either broker goes: to the live path at once, and to the history.</summary>
sealed class MessageDispatcher(LiveInput intake, HistoryQueue history, ILogger<MessageDispatcher> log)
{
    /// <summary>Takes a message in.</summary>
    /// <param name="message">The message.</param>
    /// <param name="retained">True if the broker had kept it from before.</param>
    /// <param name="delivery">Whom to tell when it is safe; null: nobody waits.</param>
    /// <param name="source">Its sender, for turns of its own; null: the senders are not known.</param>
    public void Take(MqttApplicationMessage message, bool retained, Delivery? delivery, HistorySource? source = null)
    {
        using var span = Spans.Process(message.Topic);
        MessageLog.Received(log, message);
        var vehicleEvent = intake.Take(message.Topic, message.Payload, retained, mayBeReplay: message.Retain);
        if (vehicleEvent is Arrival arrival) delivery?.OnArrival(arrival.Readings[0].At);
        history.Add(vehicleEvent, delivery, source, isNew: true);
    }

    /// <summary>Takes a message in that had arrived before.</summary>
    /// <param name="message">The message.</param>
    /// <param name="arrived">When its first reading had arrived, UTC.</param>
    /// <param name="isTaken">True if that was in this process.</param>
    /// <param name="delivery">Whom to tell when it is safe.</param>
    public void TakeAgain(MqttApplicationMessage message, DateTime arrived, bool isTaken, Delivery delivery)
    {
        MessageLog.Received(log, message);
        history.Add(intake.TakeAgain(message.Topic, message.Payload, arrived, isTaken), delivery);
    }
}
