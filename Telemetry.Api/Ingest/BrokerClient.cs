using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;
using Telemetry.Api.History;
using Telemetry.Api.Hosting;
using Telemetry.Core.Ingest;

namespace Telemetry.Api.Ingest;

/// <summary>A client of an outside broker (Mosquitto, EMQX …): connects, subscribes, and does so again after every loss.</summary>
sealed partial class BrokerClient(
    MqttSettings settings, BrokerSettings embedded, HistorySettings history, TopicRules topics, MessageInlet inlet, BrokerStatus status, ILogger<BrokerClient> log) : BackgroundService
{
    /// <summary>How long the broker keeps messages for a server that is away: a week.</summary>
    const uint SessionExpirySeconds = 7 * 24 * 3600;

    static readonly TimeSpan LastingConnection = TimeSpan.FromMinutes(1);

    /// <summary>Connections in a row that the broker soon closed without a word, as Mosquitto before 2.0.15 does when another client takes over.</summary>
    int _silentEnds;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        status.Address = $"{settings.Host}:{settings.Port}";
        var backoff = new Backoff();
        using var deliveries = new DeliveryLog(Path.ChangeExtension(history.SpoolPath, ".deliveries"));
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenUntilLost(deliveries, backoff, stoppingToken);
            }
            catch (Exception error) when (error is MqttCommunicationException or TimeoutException or OperationCanceledException or InvalidOperationException)
            {
                if (stoppingToken.IsCancellationRequested) return;
                _silentEnds = 0;
                status.Lost((error.InnerException ?? error).Message);
            }

            if (stoppingToken.IsCancellationRequested) return;
            var wait = backoff.Next();
            Log.Lost(log, status.Address, status.Problem, wait.TotalSeconds);
            await Task.Delay(wait, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task ListenUntilLost(DeliveryLog deliveries, Backoff backoff, CancellationToken stoppingToken)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        var clientId = settings.ClientId != "" ? settings.ClientId : StableId(history.SpoolPath);
        var options = settings.ConnectionOptions(embedded)
            .WithClientId(clientId)
            .WithCleanStart(false)
            .WithSessionExpiryInterval(SessionExpirySeconds)
            // Otherwise Mosquitto keeps a burst back behind its window of 20, and drops what exceeds its queue of 1000.
            .WithReceiveMaximum(DeliveryLog.MostInFlight)
            .WithStreamProvider(BrokerStream.Provider.Instance)
            .Build();
        var lost = new TaskCompletionSource<MqttClientDisconnectedEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.DisconnectedAsync += gone =>
        {
            lock (deliveries) lost.TrySetResult(gone);
            return Task.CompletedTask;
        };
        client.ApplicationMessageReceivedAsync += received =>
        {
            received.AutoAcknowledge = false;
            // What the broker will deliver again must not be taken from a connection that is lost, or it would be taken twice.
            lock (deliveries)
            {
                var isAtMostOnce = received.ApplicationMessage.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce;
                if (isAtMostOnce || !lost.Task.IsCompleted) Receive(received, isAtMostOnce ? null : deliveries);
            }

            return Task.CompletedTask;
        };

        var accepted = await client.ConnectAsync(options, stoppingToken);
        if (accepted.ResultCode != MqttClientConnectResultCode.Success)
            throw new MqttCommunicationException($"the broker refuses the connection: {accepted.ResultCode} {accepted.ReasonString}".TrimEnd());
        Log.Connected(log, status.Address);
        if (!accepted.IsSessionPresent) deliveries.Clear();

        foreach (var filter in topics.Filters)
        {
            var subscribed = await client.SubscribeAsync(filter, MqttQualityOfServiceLevel.AtLeastOnce, stoppingToken);
            var answer = subscribed.Items.Single().ResultCode;
            if (answer > MqttClientSubscribeResultCode.GrantedQoS2)
                throw new MqttCommunicationException($"the broker refuses the subscription to {filter}: {answer}");
            Log.Subscribed(log, filter);
        }

        status.Connected();
        var connectedAt = Stopwatch.GetTimestamp();
        try
        {
            var gone = await lost.Task.WaitAsync(stoppingToken);
            var isSilent = gone is { Reason: MqttClientDisconnectReason.NormalDisconnection, Exception: null };
            _silentEnds = isSilent && Stopwatch.GetElapsedTime(connectedAt) < LastingConnection ? _silentEnds + 1 : 0;
            var isTakenOver = gone.Reason == MqttClientDisconnectReason.SessionTakenOver;
            if (isTakenOver || _silentEnds > 1)
            {
                // Two clients of one id throw each other out as often as they connect. The wait goes on growing, so that it is ever more seldom.
                status.Lost($"{(isTakenOver ? "" : "probably ")}another client connects with the client id '{clientId}' and takes this one's place: " +
                    "give each server a Mqtt:ClientId of its own");
                return;
            }

            backoff.Reset();
            status.Lost(gone.Exception?.Message ?? gone.ReasonString ?? (isSilent ? "the broker closed the connection" : gone.Reason.ToString()));
        }
        catch (OperationCanceledException)
        {
            await client.DisconnectAsync(new MqttClientDisconnectOptions(), CancellationToken.None);
        }
    }

    void Receive(MqttApplicationMessageReceivedEventArgs received, DeliveryLog? deliveries)
    {
        var message = received.ApplicationMessage;
        var delivery = deliveries is null ? null : new BrokerDelivery(received, deliveries);
        if (delivery is not null && message.Dup && deliveries!.FirstArrival(received.PacketIdentifier, message) is { } arrived)
            inlet.TakeAgain(message, arrived, delivery);
        else
            inlet.Take(message, message.Retain, delivery);
    }

    // Two servers on one machine have two data folders; one server keeps its own across restarts.
    static string StableId(string spoolPath) => $"telemetry-{Environment.MachineName}-" +
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(spoolPath))).AsSpan(0, 4));

    static partial class Log
    {
        [LoggerMessage(110, LogLevel.Information, "✅ Connecté au broker MQTT ({Address})")]
        public static partial void Connected(ILogger log, string address);

        [LoggerMessage(111, LogLevel.Information, "📡 Abonné au topic: {TopicFilter}")]
        public static partial void Subscribed(ILogger log, string topicFilter);

        [LoggerMessage(112, LogLevel.Warning, "No connection to the MQTT broker {Address} ({Problem}); next try in {Seconds:0.0} s")]
        public static partial void Lost(ILogger log, string address, string? problem, double seconds);
    }
}
