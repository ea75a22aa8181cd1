using System.Data.Common;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;
using Telemetry.Api.Hosting;
using Telemetry.Api.Ingest;
using Telemetry.Core.Alerts;
using Telemetry.Core.Broadcast;
using Telemetry.Core.HomeAssistant;
using Telemetry.Core.Notifications;

namespace Telemetry.Api.Notify;

/// <summary>Retains the state of each rule on each vehicle on the server's broker: <c>&lt;prefix&gt;/&lt;vehicle id&gt;/&lt;rule id&gt;</c>.</summary>
/// <remarks>A broker may lose retained messages, so the spool has them too: after each connect everything is published again. An empty <paramref name="discovery"/> prefix means no discovery.</remarks>
sealed class MqttSender(string channel, string prefix, string discovery, BrokerDialer dialer, NoticeText words, RetainedStates states) : IChannelSender, IDisposable
{
    static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly string _clientId = $"telemetry-alerts-{Guid.NewGuid():N}";
    readonly SemaphoreSlim _turn = new(1);
    volatile bool _mayHaveUnwanted = true;
    readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();

    public WantedTopics? Wanted { get; init; }

    public bool ReplacesItself => true;

    // Ordered by time: a rule may fire again on a vehicle before the end of the last alert is sent, and the topic shall have the newest state.
    public string Write(Digest digest) => JsonSerializer.Serialize(digest.Notices.OrderBy(notice => notice.Alert.FiredAt).ThenBy(notice => notice.Alert.Id)
        .SelectMany(notice => MessagesOf(notice, digest.At)).GroupBy(message => message.Topic).Select(topic => topic.Last()).ToList(), NotifyJson.Default.ListRetainedState);

    public async Task<SendOutcome> SendAsync(string id, string content, CancellationToken stopping)
    {
        var messages = JsonSerializer.Deserialize(content, NotifyJson.Default.ListRetainedState)!;
        try
        {
            states.Save(channel, [.. messages.Where(message => message.IsRetained)]);
        }
        catch (DbException)
        {
            // It is published all the same. Only after a reconnect to a broker that lost its messages is it missing.
        }

        _mayHaveUnwanted = true;
        return await PublishAsync(messages, stopping);
    }

    /// <summary>Keeps the connection, publishes everything after each connect, and empties topics of removed rules and vehicles.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var backoff = new Backoff();
        using var changes = Wanted?.Changes.Subscribe(_ => _mayHaveUnwanted = true);
        using var poll = new PeriodicTimer(TimeSpan.FromSeconds(1));
        do
        {
            // Another server is active; the states known here may be old.
            if (Wanted is { IsStandby: true }) continue;
            if (_client.IsConnected && !_mayHaveUnwanted) continue;
            if ((await EmptyUnwantedAsync(stopping)).Result == SendResult.Sent) backoff.Reset();
            else await Task.Delay(backoff.Next(), stopping);
        }
        while (await poll.WaitForNextTickAsync(stopping));
    }

    public void Dispose()
    {
        _client.Dispose();
        _turn.Dispose();
    }

    async Task<SendOutcome> EmptyUnwantedAsync(CancellationToken stopping)
    {
        try
        {
            _mayHaveUnwanted = Wanted is { IsKnown: false };
            List<RetainedState> emptied = [.. Unwanted(states.Read(channel)).Select(topic => new RetainedState(topic, ""))];
            var outcome = await PublishAsync(emptied, stopping);
            if (outcome.Result == SendResult.Sent && emptied.Count > 0) states.Save(channel, emptied);
            else if (outcome.Result != SendResult.Sent) _mayHaveUnwanted = true;
            return outcome;
        }
        catch (DbException)
        {
            return await PublishAsync([], stopping); // The spool cannot be used; what is retained stays.
        }
    }

    HashSet<string> Unwanted(IReadOnlyList<RetainedState> known) => Wanted?.Unwanted(channel, prefix, discovery, [.. known.Select(state => state.Topic)]) ?? [];

    async Task<SendOutcome> PublishAsync(IReadOnlyList<RetainedState> messages, CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(Channel.SendTimeout);
        try
        {
            await _turn.WaitAsync(patience.Token);
            try
            {
                if (!_client.IsConnected)
                {
                    await dialer.ConnectAsync(() => _client, (options, _) => options.WithClientId(_clientId), patience.Token);
                    var known = states.Read(channel);
                    var told = messages.Select(message => message.Topic).Concat(Unwanted(known)).ToHashSet();
                    messages = [.. known.Where(state => !told.Contains(state.Topic)), .. messages];
                }

                foreach (var message in messages) await PublishAsync(message, patience.Token);
                return SendOutcome.Sent;
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception error) when (error is MqttCommunicationException or MqttClientDisconnectedException or OperationCanceledException or MqttProtocolViolationException or InvalidOperationException or DbException)
        {
            // Retained states may be sent twice, so the result is never unclear.
            return new SendOutcome(SendResult.Failed, $"the broker cannot be reached ({(error.InnerException ?? error).Message.TrimEnd('.')})");
        }
    }

    async Task PublishAsync(RetainedState message, CancellationToken cancelled)
    {
        var answer = await _client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic(message.Topic).WithPayload(message.Payload).WithRetainFlag(message.IsRetained).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), cancelled);
        if (!answer.IsSuccess) throw new MqttCommunicationException($"it refuses {message.Topic}: {answer.ReasonCode}");
    }

    IEnumerable<RetainedState> MessagesOf(Notice notice, DateTime at)
    {
        var alert = notice.Alert;
        // Not the current vehicle: an alert of a merged one keeps the topic that it was published on.
        var vehicle = alert.Vehicle is { } of ? of.Id.ToString(CultureInfo.InvariantCulture) : "server";
        var isGone = alert.EndedBy == "vehicle" || (alert.EndedBy == "rule" && notice.Rule is null);
        var topic = string.Create(CultureInfo.InvariantCulture, $"{prefix}/{vehicle}/{alert.RuleId}");
        // A test is not a state: nothing is retained.
        var isTest = alert.RuleId == ServerRules.Test;
        yield return new RetainedState(topic, isGone ? "" : StateOf(notice, at), IsRetained: !isTest);
        if (discovery == "" || isTest) yield break;
        var id = WantedTopics.SensorId(vehicle, alert.RuleId);
        yield return new RetainedState(WantedTopics.DiscoveryTopic(discovery, vehicle, alert.RuleId), isGone ? "" : DiscoveryOf(alert, id, topic, vehicle));
    }

    string StateOf(Notice notice, DateTime at)
    {
        var state = JsonNode.Parse(AlertMessage.Serialize(notice.Alert, at))!["data"]!.AsObject();
        state.Insert(0, "state", notice.Alert.ClearedAt is null ? "firing" : "cleared");
        state["vehicle"] = words.VehicleName(notice.Alert);
        state["message"] = words.PlacesOf(notice, at)["message"];
        return state.ToJsonString(Relaxed);
    }

    // https://www.home-assistant.io/integrations/binary_sensor.mqtt/
    static string DiscoveryOf(Alert alert, string id, string topic, string vehicle) => new JsonObject
    {
        ["name"] = alert.Rule,
        ["unique_id"] = id,
        ["device_class"] = "problem",
        ["state_topic"] = topic,
        ["value_template"] = "{{ 'OFF' if value_json.state == 'cleared' else 'ON' }}",
        ["json_attributes_topic"] = topic,
        ["device"] = new JsonObject { ["identifiers"] = new JsonArray($"telemetry_{vehicle}"), ["name"] = alert.Vehicle is null ? "Telemetry" : DeviceParts.NameOf(alert.Vehicle.Current), ["manufacturer"] = "Telemetry" },
        ["origin"] = new JsonObject { ["name"] = "Telemetry", ["sw_version"] = ProductVersion.Text },
    }.ToJsonString(Relaxed);
}

/// <summary>A retained message; an empty payload removes it. Without <paramref name="IsRetained"/>, a test message that later subscribers do not get.</summary>
sealed record RetainedState(string Topic, string Payload, bool IsRetained = true);
