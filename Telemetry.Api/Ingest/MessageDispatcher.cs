using MQTTnet;
using Telemetry.Api.Diagnostics;
using Telemetry.Api.History;
using Telemetry.Api.Store;
using Telemetry.Core.Ingest;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Ingest;

/// <summary>Passes messages to the live pipeline, then to the history.</summary>
class MessageDispatcher(LiveInput live, HistoryQueue history, RecentMessages recent, ILogger<MessageDispatcher> log)
{
    public virtual void Take(MqttApplicationMessage message, bool retained, InFlight? inFlight, HistorySource? source = null) =>
        TakeArrived(message, retained, inFlight, source, arrived: null);

    /// <summary>Handles a message that another instance has received. <paramref name="arrived"/> is the time of that, UTC; null: now.</summary>
    public void TakeArrived(MqttApplicationMessage message, bool retained, InFlight? inFlight, HistorySource? source, DateTime? arrived)
    {
        using var span = Spans.Process(message.Topic);
        MessageLog.Received(log, message);
        IngestCounters.TakeLast();
        var vehicleEvent = live.Take(message.Topic, message.Payload, retained, message.Retain, arrived);
        recent.Add(message, vehicleEvent, IngestCounters.TakeLast());
        if (vehicleEvent is Arrival arrival) inFlight?.OnArrival(arrival.Readings[0].At);
        history.Add(vehicleEvent, inFlight, source, isNew: true);
    }

    /// <summary>Handles a message that the broker has dated, also if it was delivered before: its readings have that time in any case.</summary>
    public virtual void TakeDated(MqttApplicationMessage message, DateTime at, InFlight? inFlight)
    {
        using var span = Spans.Process(message.Topic);
        MessageLog.Received(log, message);
        IngestCounters.TakeLast();
        var vehicleEvent = live.TakeAgain(message.Topic, message.Payload, at, isDated: true);
        recent.Add(message, vehicleEvent, IngestCounters.TakeLast());
        inFlight?.OnArrival(at);
        history.Add(vehicleEvent, inFlight);
    }

    public virtual void TakeAgain(MqttApplicationMessage message, DateTime arrived, bool isTaken, InFlight inFlight)
    {
        MessageLog.Received(log, message);
        history.Add(live.TakeAgain(message.Topic, message.Payload, arrived, isTaken), inFlight);
    }
}
