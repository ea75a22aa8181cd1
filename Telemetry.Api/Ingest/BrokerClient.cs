using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using MQTTnet;
using MQTTnet.Adapter;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Telemetry.Api.History;
using Telemetry.Api.Hosting;
using Telemetry.Core.Ingest;

namespace Telemetry.Api.Ingest;

/// <summary>A client of an outside broker (Mosquitto, EMQX …): connects, subscribes, and does so again after every loss.</summary>
sealed partial class BrokerClient(
    MqttSettings settings, BrokerSettings embedded, HistorySettings history, TopicRules topics, MessageDispatcher inlet, BrokerStatus status, LoopWatch loops, ILogger<BrokerClient> log) : BackgroundService
{
    /// <summary>How long the broker keeps messages for a server that is away: a week.</summary>
    const uint SessionExpirySeconds = 7 * 24 * 3600;

    static readonly TimeSpan LastingConnection = TimeSpan.FromMinutes(1);

    /// <summary>How long the broker may take for each answer.</summary>
    static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Below the 15 s that are announced. The library's own pings come by the wall clock: after it was set back, they come no more.</summary>
    static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(10);

    readonly ProtocolChoice _protocol = new(TimeProvider.System);

    /// <summary>Connections in a row that the broker soon closed without a word, as Mosquitto before 2.0.15 does when another client takes over.</summary>
    int _silentEnds;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("the link to the broker", () => ListenUntilStoppedAsync(stoppingToken), stoppingToken);

    async Task ListenUntilStoppedAsync(CancellationToken stoppingToken)
    {
        status.Address = $"{settings.Host}:{settings.Port}";
        var backoff = new Backoff();
        using var deliveries = new DeliveryLog(Path.ChangeExtension(history.SpoolPath, ".deliveries"));
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                using var link = new BrokerLink(Receive, deliveries);
                await ListenUntilLostAsync(link, deliveries, backoff, stoppingToken);
            }
            catch (Exception error)
            {
                // Whatever a broker answers, and whatever the library makes of it, is a lost connection, not the end of the server.
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
        if (!accepted.IsSessionPresent) deliveries.Clear();

        foreach (var filter in topics.Filters)
        {
            using var patience = Patience(stoppingToken);
            var subscribed = await link.Client.SubscribeAsync(filter, MqttQualityOfServiceLevel.AtLeastOnce, patience.Token);
            var answer = subscribed.Items.Single().ResultCode;
            if (answer > MqttClientSubscribeResultCode.GrantedQoS2)
                throw new MqttCommunicationException($"the broker refuses the subscription to {filter}: {answer}");
            Log.Subscribed(log, filter);
        }

        status.Connected();
        var connectedAt = Stopwatch.GetTimestamp();
        try
        {
            var gone = await WaitUntilLostAsync(link, stoppingToken);
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
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await link.Client.DisconnectAsync(new MqttClientDisconnectOptions(), CancellationToken.None);
        }
    }

    // A broker of 3.1.1 answers a CONNECT of 5 with its own code for the version, with that of 5, or by hanging up.
    async Task<MqttClientConnectResult> ConnectAsync(BrokerLink link, string clientId, CancellationToken stoppingToken)
    {
        Exception? failure = null;
        foreach (var version in _protocol.InOrder())
        {
            try
            {
                using var patience = Patience(stoppingToken);
                _protocol.Tried(version);
                var result = await link.Open().ConnectAsync(Options(version, clientId), patience.Token);
                if (result.ResultCode == MqttClientConnectResultCode.Success)
                {
                    _protocol.Accepted(version);
                    status.Protocol = version;
                    status.ProtocolName = version == MqttProtocolVersion.V500 ? "5.0" : "3.1.1";
                    return result;
                }

                var refusal = new MqttCommunicationException($"the broker refuses the connection: {result.ResultCode} {result.ReasonString}".TrimEnd());
                if (!IsAboutVersion(result.ResultCode)) throw refusal;
                failure ??= refusal;
            }
            catch (MqttConnectingFailedException error) when (!stoppingToken.IsCancellationRequested)
            {
                failure ??= error;
            }
        }

        throw new MqttCommunicationException($"{failure!.InnerException?.Message ?? failure.Message} (neither MQTT 5.0 nor 3.1.1 is accepted)", failure);
    }

    // Codes below 0x80 are those of 3.1.1, whichever they are.
    static bool IsAboutVersion(MqttClientConnectResultCode code) => code is MqttClientConnectResultCode.UnsupportedProtocolVersion or < MqttClientConnectResultCode.UnspecifiedError;

    MqttClientOptions Options(MqttProtocolVersion version, string clientId)
    {
        var options = settings.ConnectionOptions(embedded)
            .WithProtocolVersion(version)
            .WithClientId(clientId)
            .WithCleanStart(false)
            .WithStreamProvider(BrokerStream.Provider.Instance);
        if (version == MqttProtocolVersion.V500)
        {
            // Without the maximum Mosquitto keeps a burst back behind its window of 20, and drops what exceeds its queue of 1000.
            options.WithSessionExpiryInterval(SessionExpirySeconds).WithReceiveMaximum(DeliveryLog.MostInFlight);
        }

        return options.Build();
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
                using var patience = Patience(stoppingToken);
                await link.Client.PingAsync(patience.Token);
            }
        }
    }

    static CancellationTokenSource Patience(CancellationToken stoppingToken)
    {
        var patience = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        patience.CancelAfter(AnswerTimeout);
        return patience;
    }

    void Receive(MqttApplicationMessageReceivedEventArgs received, DeliveryLog? deliveries)
    {
        var message = received.ApplicationMessage;
        var delivery = deliveries is null ? null : new BrokerDelivery(received, deliveries);
        if (delivery is not null && message.Dup && deliveries!.FirstArrival(received.PacketIdentifier, message) is { } arrived)
            inlet.TakeAgain(message, arrived, deliveries.IsOfThisProcess(received.PacketIdentifier), delivery);
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

        [LoggerMessage(113, LogLevel.Information, "The MQTT broker {Address} speaks version {Version}")]
        public static partial void Version(ILogger log, string address, string version);

        [LoggerMessage(112, LogLevel.Warning, "No connection to the MQTT broker {Address} ({Problem}); next try in {Seconds:0.0} s")]
        public static partial void Lost(ILogger log, string address, string? problem, double seconds);
    }
}
