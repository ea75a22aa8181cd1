using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;
using Telemetry.Api.History;
using Telemetry.Api.Hosting;
using Telemetry.Core.Ingest;

namespace Telemetry.Api.Ingest;

/// <summary>Embedded MQTT broker, so that a dongle needs no other server.</summary>
/// <remarks>Messages are taken in the publish interceptor, because a client would be behind a bounded queue that drops silently. A publish with the retain flag is a new message: only subscribers receive old ones.</remarks>
sealed partial class EmbeddedBroker(
    BrokerSettings settings, TopicRules topics, MessageDispatcher dispatcher, HistoryQueue history, OwnTopics ownTopics, BrokerStatus status, BrokerRefusals refusals, BrokerTimeouts timeouts, ILogger<EmbeddedBroker> log)
    : IHostedLifecycleService, IDisposable
{
    const int MaxSubscriptions = 1000;

    const int MaxFilterLength = 1024;

    const int ChangesUntilRecount = 1000;

    readonly string[] _topicFilters = [.. topics.Filters.Select(TopicFilters.WithoutShare)];
    readonly BrokerConnections _connections = new(history, refusals, Bounds(settings), timeouts);
    readonly PasswordCheck _passwords = new(settings, refusals, TimeProvider.System, log);
    readonly RetainedLimit _retained = new(settings);
    readonly List<BoundedListener> _listeners = [];
    readonly CancellationTokenSource _stopping = new();
    MqttServer? _server;
    Task _watching = Task.CompletedTask;
    int _retainedChanges;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        Open(settings.Address, settings.Port, nameof(settings.Port), certificate: null);
        if (settings.Certificate != "")
            Open(settings.TlsAddress != "" ? settings.TlsAddress : settings.Address, settings.TlsPort, nameof(settings.TlsPort), new BrokerCertificate(settings, log));
        return Task.CompletedTask;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // SubscriberWindow limits the messages to subscribers: the library would keep dropped QoS 1 messages for ever.
        var options = new MqttServerOptionsBuilder().WithoutDefaultEndpoint().WithDefaultCommunicationTimeout(timeouts.Connect).WithMaxPendingMessagesPerClient(int.MaxValue).Build();
        _server = new MqttServerFactory().CreateMqttServer(options, [.. _listeners]);
        _server.ValidatingConnectionAsync += ValidateAsync;
        _server.InterceptingPublishAsync += TakeAsync;
        _server.InterceptingSubscriptionAsync += SubscribeAsync;
        _server.InterceptingUnsubscriptionAsync += UnsubscribeAsync;
        _server.InterceptingClientEnqueueAsync += QueueAsync;
        _watching = _connections.WatchAsync(_stopping.Token);
        await _server.StartAsync();

        status.Address = $"{settings.Address}:{settings.Port}";
        status.ProtocolName = "3.1.1 and 5.0";
        status.Connected();
        Log.Connected(log, status.Address);
        if (settings.Certificate != "") Log.Secure(log, settings.TlsPort);
        foreach (var filter in topics.Filters) Log.Subscribed(log, filter);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is null) return;
        status.Lost("stopped");
        await _stopping.CancelAsync();
        await _server.StopAsync(new MqttServerStopOptions());
        await _watching;
        _server.Dispose();
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var listener in _listeners) listener.Dispose();
        _stopping.Dispose();
    }

    // The TLS listener has the same limits and shares the file handles.
    static BrokerBounds Bounds(BrokerSettings settings) => new(Connections: Math.Min(20_000, FileHandles.BrokerConnections / (settings.Certificate != "" ? 2 : 1)));

    void Open(string address, int port, string setting, BrokerCertificate? certificate)
    {
        var listener = new BoundedListener(new IPEndPoint(IPAddress.Parse(address), port), _connections.Bounds, log, _connections, certificate);
        _listeners.Add(listener);
        try
        {
            listener.Open();
        }
        catch (SocketException error)
        {
            throw new SettingException($"Broker:{setting} {port} on {address} cannot be opened ({error.Message}): " +
                $"set Broker:{setting} to a free port, or Mqtt:Host to use the broker that already runs there.");
        }
    }

    async Task TakeAsync(InterceptingPublishEventArgs publish)
    {
        var message = publish.ApplicationMessage;
        var connection = BrokerConnection.Current;
        var arriving = connection?.TakeArriving();
        if (arriving is not null && connection!.Session?.Note(arriving, message, connection.Number) is { } earlier)
        {
            earlier.RepeatedBy(arriving);
            publish.ProcessPublish = false;
            return;
        }

        var isSubscribed = Array.Exists(_topicFilters, filter => MqttTopicFilterComparer.Compare(message.Topic, filter) == MqttTopicFilterCompareResult.IsMatch);
        if (isSubscribed) dispatcher.Take(message, retained: false, arriving, connection?.Source);
        else arriving?.AcknowledgeAsync();
        if (message.Retain) await RetainAsync(message, isSubscribed || ownTopics.Contains(message.Topic));
    }

    // Without the flag the message goes only to the current subscribers.
    async Task RetainAsync(MqttApplicationMessage message, bool isOurs)
    {
        if (Interlocked.Increment(ref _retainedChanges) % ChangesUntilRecount == 0) _retained.Recount(await _server!.GetRetainedMessagesAsync());
        if (_retained.TryRetain(message, isOurs)) return;
        refusals.Count(BrokerRefusal.Retained);
        message.Retain = false;
    }

    Task SubscribeAsync(InterceptingSubscriptionEventArgs subscription)
    {
        if (BrokerConnection.Current is not { } connection || subscription.TopicFilter.Topic is not { } filter) return Task.CompletedTask;
        if (filter.Length <= MaxFilterLength && (connection.Filters.Contains(filter) || connection.Filters.Count < MaxSubscriptions))
        {
            connection.Filters.Add(filter);
            return Task.CompletedTask;
        }

        refusals.Count(BrokerRefusal.Subscription);
        subscription.Response.ReasonCode = MqttSubscribeReasonCode.QuotaExceeded;
        return Task.CompletedTask;
    }

    static Task UnsubscribeAsync(InterceptingUnsubscriptionEventArgs subscription)
    {
        BrokerConnection.Current?.Filters.Remove(subscription.Topic);
        return Task.CompletedTask;
    }

    Task QueueAsync(InterceptingClientApplicationMessageEnqueueEventArgs message)
    {
        message.AcceptEnqueue = _connections.TryQueue(message.ReceiverClientId, message.ApplicationMessage.Payload.Length);
        return Task.CompletedTask;
    }

    async Task ValidateAsync(ValidatingConnectionEventArgs connection)
    {
        await _passwords.CheckAsync(connection);
        // MQTT 3.1.1 clients may leave the id to the broker, as mosquitto_pub does.
        if (string.IsNullOrEmpty(connection.ClientId))
            Packet(connection).ClientId = connection.AssignedClientIdentifier = $"anonymous-{Guid.NewGuid():N}";
    }

    // The library honours an assigned id only for MQTT 5, and refuses 3.1.1 clients without one.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_connectPacket")]
    static extern ref MqttConnectPacket Packet(ValidatingConnectionEventArgs connection);

    static partial class Log
    {
        [LoggerMessage(100, LogLevel.Information, "✅ Connecté au broker MQTT (embedded, listening on {Address})")]
        public static partial void Connected(ILogger log, string address);

        [LoggerMessage(105, LogLevel.Information, "The embedded broker listens with TLS on port {Port}")]
        public static partial void Secure(ILogger log, int port);

        [LoggerMessage(101, LogLevel.Information, "📡 Abonné au topic: {TopicFilter}")]
        public static partial void Subscribed(ILogger log, string topicFilter);
    }
}
