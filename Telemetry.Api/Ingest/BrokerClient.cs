using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Telemetry.Api.History;
using Telemetry.Api.Hosting;
using Telemetry.Core.Ingest;

namespace Telemetry.Api.Ingest;

/// <summary>Client of an outside broker (Mosquitto, EMQX …): connects, subscribes, and reconnects after every loss.</summary>
sealed partial class BrokerClient(
    MqttSettings settings, BrokerDialer dialer, HistorySettings history, TopicRules topics, MessageDispatcher dispatcher, BrokerStatus status, LoopWatch loops, ILogger<BrokerClient> log, SharedSession? shared = null) : BackgroundService
{
    const uint SessionExpirySeconds = 7 * 24 * 3600;

    static readonly TimeSpan ShortConnection = TimeSpan.FromMinutes(1);

    static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Below the keep-alive of 15 s. The library's own pings use the wall clock: they stop after it was set back.</summary>
    static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(10);

    /// <summary>Consecutive short connections closed without a reason, as by Mosquitto before 2.0.15 when another client takes over.</summary>
    int _silentEnds;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("the client of the broker", () => ListenUntilStoppedAsync(stoppingToken), stoppingToken);

    async Task ListenUntilStoppedAsync(CancellationToken stoppingToken)
    {
        status.Address = $"{settings.Host}:{settings.Port}";
        var backoff = new Backoff();
        using var deliveries = new DeliveryLog(Path.ChangeExtension(history.SpoolPath, ".deliveries"));
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (shared is not null) await shared.PrepareAsync(deliveries);
                using var link = new BrokerLink(Receive, deliveries);
                await ListenUntilLostAsync(link, deliveries, backoff, stoppingToken);
            }
            catch (Exception error)
            {
                // Any error of a broker or the library means a lost connection, not the end of the server.
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

    async Task ListenUntilLostAsync(BrokerLink link, DeliveryLog deliveries, Backoff backoff, CancellationToken stoppingToken)
    {
        var clientId = settings.ClientId != "" ? settings.ClientId : StableId(history.SpoolPath);
        var accepted = await ConnectAsync(link, clientId, stoppingToken);
        Log.Connected(log, status.Address);
        Log.Version(log, status.Address, status.ProtocolName);
        if (!accepted.IsSessionPresent)
        {
            deliveries.Clear();
            if (shared is not null) await shared.ClearAsync();
        }

        foreach (var filter in topics.Filters)
        {
            using var timeout = Timeout(stoppingToken);
            var subscribed = await link.Client.SubscribeAsync(filter, MqttQualityOfServiceLevel.AtLeastOnce, timeout.Token);
            var answer = subscribed.Items.Single().ResultCode;
            if (answer > MqttClientSubscribeResultCode.GrantedQoS2)
                throw new MqttCommunicationException($"the broker refuses the subscription to {filter}: {answer}");
            Log.Subscribed(log, filter);
        }

        status.Connected();
        var connectedAt = Stopwatch.GetTimestamp();
        try
        {
            var disconnected = await WaitUntilLostAsync(link, stoppingToken);
            var isSilent = disconnected is { Reason: MqttClientDisconnectReason.NormalDisconnection, Exception: null };
            _silentEnds = isSilent && Stopwatch.GetElapsedTime(connectedAt) < ShortConnection ? _silentEnds + 1 : 0;
            var isTakenOver = disconnected.Reason == MqttClientDisconnectReason.SessionTakenOver;
            if (isTakenOver || _silentEnds > 1)
            {
                // Two clients with one id disconnect each other after every connect. The growing backoff makes that rarer.
                status.Lost($"{(isTakenOver ? "" : "probably ")}another client uses the client id '{clientId}', so each disconnects the other: " +
                    "give each server its own Mqtt:ClientId");
                return;
            }

            backoff.Reset();
            status.Lost(disconnected.Exception?.Message ?? disconnected.ReasonString ?? (isSilent ? "the broker closed the connection" : disconnected.Reason.ToString()));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await link.Client.DisconnectAsync(new MqttClientDisconnectOptions(), CancellationToken.None);
        }
    }

    async Task<MqttClientConnectResult> ConnectAsync(BrokerLink link, string clientId, CancellationToken stoppingToken)
    {
        var (result, version) = await dialer.ConnectAsync(link.Open, (options, version) =>
        {
            options.WithClientId(clientId).WithCleanStart(false).WithStreamProvider(BrokerStream.Provider.Instance);
            // Without a receive maximum, Mosquitto queues a burst behind its window of 20, and drops what exceeds its queue of 1000.
            if (version == MqttProtocolVersion.V500) options.WithSessionExpiryInterval(SessionExpirySeconds).WithReceiveMaximum(DeliveryLog.MaxInFlight);
        }, stoppingToken);
        status.ProtocolName = version == MqttProtocolVersion.V500 ? "5.0" : "3.1.1";
        return result;
    }

    static async Task<MqttClientDisconnectedEventArgs> WaitUntilLostAsync(BrokerLink link, CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                return await link.Lost.WaitAsync(PingInterval, stoppingToken);
            }
            catch (TimeoutException)
            {
                using var timeout = Timeout(stoppingToken);
                await link.Client.PingAsync(timeout.Token);
            }
        }
    }

    static CancellationTokenSource Timeout(CancellationToken stoppingToken)
    {
        var timeout = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        timeout.CancelAfter(AnswerTimeout);
        return timeout;
    }

    void Receive(MqttApplicationMessageReceivedEventArgs received, DeliveryLog? deliveries)
    {
        var message = received.ApplicationMessage;
        var inFlight = deliveries is null ? null : new BrokerMessage(received, deliveries);
        if (!message.Retain && BrokerTime.Of(message, settings.ReceivedAtProperty, DateTime.UtcNow) is { } given)
            dispatcher.TakeDated(message, given, inFlight);
        else if (inFlight is not null && message.Dup && deliveries!.FirstArrival(received.PacketIdentifier, message) is { } arrived)
            dispatcher.TakeAgain(message, arrived, deliveries.IsOfThisProcess(received.PacketIdentifier), inFlight);
        else
            dispatcher.Take(message, message.Retain, inFlight);
    }

    // Two servers on a machine have different data folders; a server keeps its own across restarts.
    static string StableId(string spoolPath) => $"telemetry-{Environment.MachineName}-" +
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(spoolPath))).AsSpan(0, 4));

    static partial class Log
    {
        [LoggerMessage(110, LogLevel.Information, "✅ Connecté au broker MQTT ({Address})")]
        public static partial void Connected(ILogger log, string address);

        [LoggerMessage(111, LogLevel.Information, "📡 Abonné au topic: {TopicFilter}")]
        public static partial void Subscribed(ILogger log, string topicFilter);

        [LoggerMessage(113, LogLevel.Information, "The MQTT broker {Address} speaks version {Version}")]
        public static partial void Version(ILogger log, string address, string version);

        [LoggerMessage(112, LogLevel.Warning, "No connection to the MQTT broker {Address} ({Problem}); retrying in {Seconds:0.0} s")]
        public static partial void Lost(ILogger log, string address, string? problem, double seconds);
    }
}
