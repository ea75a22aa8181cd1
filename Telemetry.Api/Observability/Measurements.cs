using System.Diagnostics.Metrics;
using System.Text.Json;
using Telemetry.Api.Alerts;
using Telemetry.Api.Broadcast;
using Telemetry.Api.Diagnostics;
using Telemetry.Api.History;
using Telemetry.Api.Ingest;
using Telemetry.Api.Notify;
using Telemetry.Api.Push;
using Telemetry.Api.Replay;
using Telemetry.Api.Sockets;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Ingest;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Observability;

/// <summary>Metrics of the stages, from their own counters, read on demand: nothing is counted twice, and nothing here runs per message.</summary>
sealed class Measurements
{
    static readonly (Rejection Reason, KeyValuePair<string, object?> Label)[] Reasons =
        [.. Enum.GetValues<Rejection>().Select(reason => (reason, new KeyValuePair<string, object?>("reason", JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString()))))];

    static readonly KeyValuePair<string, object?> ToStore = new("destination", "store");
    static readonly KeyValuePair<string, object?> ToSpool = new("destination", "spool");

    static readonly (FlushReason Reason, KeyValuePair<string, object?> Label)[] FlushReasons =
        [.. Enum.GetValues<FlushReason>().Select(reason => (reason, new KeyValuePair<string, object?>("reason", JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString()))))];

    static readonly (BrokerRefusal Refusal, KeyValuePair<string, object?> Label)[] Refusals =
        [.. Enum.GetValues<BrokerRefusal>().Select(refusal => (refusal, new KeyValuePair<string, object?>("reason", JsonNamingPolicy.SnakeCaseLower.ConvertName(refusal.ToString()))))];

    public Measurements(
        IMeterFactory meters, IngestCounters ingest, BrokerStatus broker, BrokerRefusals refusals, VehicleRegistry vehicles, Clients clients, SenderPool senders,
        HistoryQueue queue, HistoryStatus history, StoreAndForward keeper, Spool spool, AlertLog alerts, AlertRules rules, ReplayOpener recordings, RecordingQueries recordingReader, ChannelWorkers channels, PushSubscribers push)
    {
        var meter = meters.Create(Latencies.Meter);
        Total("telemetry.mqtt.messages", "{message}", "MQTT messages received.", () => ingest.Messages);
        Total("telemetry.mqtt.readings", "{reading}", "Readings found in them.", () => ingest.Readings);
        meter.CreateObservableCounter("telemetry.mqtt.rejected", () => Reasons.Select(reason => new Measurement<long>(ingest.Rejected(reason.Reason), reason.Label)),
            "{rejection}", "Rejected messages and values, by reason.");
        meter.CreateObservableCounter("telemetry.mqtt.refused", () => Refusals.Select(refusal => new Measurement<long>(refusals.Of(refusal.Refusal), refusal.Label)),
            "{refusal}", "Refusals of the embedded broker, by reason.");
        Now("telemetry.mqtt.connected", "1", "1 while messages can arrive from the broker, otherwise 0.", () => broker.Problem is null ? 1 : 0);
        Now("telemetry.vehicles", "{vehicle}", "Known vehicles.", () => vehicles.Count);
        Now("telemetry.broadcast.clients", "{client}", "WebSocket clients connected.", () => clients.Count);
        Total("telemetry.broadcast.frames", "{frame}", "Messages written to clients.", () => (clients.SentAlone + senders.Sent).Frames);
        Total("telemetry.broadcast.replaced", "{frame}", "Messages skipped for a slow client because a newer one of the vehicle replaced them.", () => (clients.SentAlone + senders.Sent).Replaced);
        Total("telemetry.broadcast.io", "By", "Bytes written to clients.", () => (clients.SentAlone + senders.Sent).Bytes);
        meter.CreateObservableCounter("telemetry.broadcast.paused", () => senders.Paused.TotalSeconds, "s", "Time that senders paused after long rounds, so that more messages share a write.");
        Now("telemetry.playback.clients", "{client}", "Connected clients of a playback.", () => recordings.Playing);
        Total("telemetry.playback.readings", "{reading}", "Readings read from the store for playback.", () => recordingReader.Readings);
        meter.CreateObservableCounter("telemetry.history.batches", () => Batches(keeper), "{batch}", "Batches of readings made durable.");
        meter.CreateObservableCounter("telemetry.history.flushes", () => FlushReasons.Select(reason => new Measurement<long>(queue.Flushes(reason.Reason), reason.Label)),
            "{batch}", "Batches taken from the queue, by reason.");
        Total("telemetry.history.dropped", "{reading}", "Readings lost: the queue or the spool was full.", () => queue.Dropped + spool.Dropped);
        Now("telemetry.history.waiting", "{reading}", "Readings in memory that are not durable yet.", () => queue.Waiting);
        Now("telemetry.history.direct", "1", "1 while readings go to the store, 0 while they go to the spool.", () => history.IsDirect ? 1 : 0);
        Now("telemetry.spool.readings", "{reading}", "Readings and alerts in the spool.", () => spool.Readings);
        Now("telemetry.alerts.rules", "{rule}", "Rules in force.", () => rules.All.Count(rule => rule.Rule.IsEnabled));
        meter.CreateObservableUpDownCounter("telemetry.alerts.open", () => Open(alerts), "{alert}", "Alerts that are not over, by severity.");
        Total("telemetry.alerts.fired", "{alert}", "Alerts that have fired.", () => alerts.Fired);
        Total("telemetry.alerts.cleared", "{alert}", "Alerts that have ended.", () => alerts.Cleared);
        meter.CreateObservableCounter("telemetry.deliveries", () => channels.All.SelectMany(Deliveries), "{message}", "Messages about alerts, by channel and outcome.");
        meter.CreateObservableUpDownCounter("telemetry.deliveries.waiting", () => channels.All.Select(channel => new Measurement<long>(channel.Status.Now.Waiting, Label(channel))), "{alert}", "Alerts that wait to be told, by channel.");
        meter.CreateObservableGauge("telemetry.deliveries.oldest", () => channels.All.Select(channel => new Measurement<double>(channel.WaitingFor.TotalSeconds, Label(channel))), "s", "How long the oldest of them has waited since its first try, by channel.");
        Now("telemetry.push.subscriptions", "{browser}", "Browsers that alerts are sent to.", () => push.Valid.Count);

        void Total(string name, string unit, string description, Func<long> read) => meter.CreateObservableCounter(name, read, unit, description);
        void Now(string name, string unit, string description, Func<long> read) => meter.CreateObservableUpDownCounter(name, read, unit, description);
    }

    static IEnumerable<Measurement<long>> Open(AlertLog alerts)
    {
        var open = alerts.Open;
        return Enum.GetValues<Severity>().Select(severity => new Measurement<long>(open.Count(alert => alert.Severity == severity), new KeyValuePair<string, object?>("severity", AlertMessage.SeverityName(severity))));
    }

    static IEnumerable<Measurement<long>> Deliveries(ChannelWorker channel)
    {
        var now = channel.Status.Now;
        return [.. new[] { ("sent", now.Sent), ("failed", now.Failed), ("given_up", now.GivenUp) }.Select(count => new Measurement<long>(count.Item2, Label(channel), new KeyValuePair<string, object?>("outcome", count.Item1)))];
    }

    static KeyValuePair<string, object?> Label(ChannelWorker channel) => new("channel", channel.Channel.Name);

    static IEnumerable<Measurement<long>> Batches(StoreAndForward keeper) =>
        [new Measurement<long>(keeper.StoreBatches, ToStore), new Measurement<long>(keeper.SpoolBatches, ToSpool)];
}
