using MQTTnet;
using Telemetry.Api.Diagnostics;
using Telemetry.Api.History;
using Telemetry.Api.Store;
using Telemetry.Core.Ingest;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Ingest;

sealed class MessageDispatcher(LiveInput live, HistoryQueue history, RecentMessages recent, ILogger<MessageDispatcher> log)
{
    public void Take(MqttApplicationMessage message, bool retained, InFlight? inFlight, HistorySource? source = null)
    {
        using var span = Spans.Process(message.Topic);
        MessageLog.Received(log, message);
        IngestCounters.TakeLast();
        var vehicleEvent = live.Take(message.Topic, message.Payload, retained, mayBeReplay: message.Retain);
        recent.Add(message, vehicleEvent, IngestCounters.TakeLast());
        if (vehicleEvent is Arrival arrival) inFlight?.OnArrival(arrival.Readings[0].At);
        history.Add(vehicleEvent, inFlight, source, isNew: true);
    }

    public void TakeAgain(MqttApplicationMessage message, DateTime arrived, bool isTaken, InFlight inFlight)
    {
        MessageLog.Received(log, message);
        history.Add(live.TakeAgain(message.Topic, message.Payload, arrived, isTaken), inFlight);
    }
}
