using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;
using Telemetry.Api.Hosting;
using Telemetry.Core.Ingest;

namespace Telemetry.Api.Ingest;

/// <summary>A broker of our own, so that a dongle needs no other server.</summary>
/// <remarks>
/// Messages are taken where the broker intercepts a publish: a client of its own would sit behind a bounded queue that drops
/// silently. A publish that asks to be retained is fresh all the same: only a subscriber can be handed an old one.
/// </remarks>
sealed partial class EmbeddedBroker(
    BrokerSettings settings, TopicRules topics, MessageInlet inlet, BrokerStatus status, ILogger<EmbeddedBroker> log) : IHostedLifecycleService, IDisposable
{
    /// <summary>How long a connection may take to send its CONNECT.</summary>
    static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    static readonly BrokerBounds Bounds = new(Connections: Math.Min(20_000, FileHandles.BrokerConnections));

    readonly string[] _topicFilters = [.. topics.Filters.Select(TopicFilters.WithoutShare)];
    readonly BoundedListener _listener = new(new IPEndPoint(IPAddress.Parse(settings.Address), settings.Port), Bounds, log);
    MqttServer? _server;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            _listener.Open();
            return Task.CompletedTask;
        }
        catch (SocketException error)
        {
            throw new SettingException($"Broker:Port {settings.Port} on {settings.Address} cannot be listened on ({error.Message}): " +
                "set Broker:Port to a free one, or Mqtt:Host to use the broker that is there.");
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var options = new MqttServerOptionsBuilder().WithoutDefaultEndpoint().WithDefaultCommunicationTimeout(ConnectTimeout).Build();
        _server = new MqttServerFactory().CreateMqttServer(options, [_listener]);
        _server.ValidatingConnectionAsync += Validate;
        _server.InterceptingPublishAsync += Take;
        _server.InterceptingOutboundPacketAsync += GoOut;
        await _server.StartAsync();

        status.Address = $"{settings.Address}:{settings.Port}";
        status.ProtocolName = "3.1.1 and 5.0";
        status.Connected();
        Log.Connected(log, status.Address);
        foreach (var filter in topics.Filters) Log.Subscribed(log, filter);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is null) return;
        status.Lost("stopped");
        await _server.StopAsync(new MqttServerStopOptions());
        _server.Dispose();
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _listener.Dispose();

    Task Take(InterceptingPublishEventArgs publish)
    {
        var message = publish.ApplicationMessage;
        var delivery = PublisherDelivery.Of(publish);
        if (Array.Exists(_topicFilters, filter => MqttTopicFilterComparer.Compare(message.Topic, filter) == MqttTopicFilterCompareResult.IsMatch))
            inlet.Take(message, retained: false, delivery);
        else
            delivery?.Acknowledge();
        return Task.CompletedTask;
    }

    static Task GoOut(InterceptingPacketEventArgs packet)
    {
        if (packet.Packet is MqttConnAckPacket welcome) welcome.MaximumPacketSize = (uint)Bounds.PacketBytes;

        // The library acknowledges as soon as it has been told; the packet is held back here until the readings are durable. Packets
        // to one client go out in turn, so acknowledgements stay in order, and more of its messages come in meanwhile.
        return packet.Packet is MqttPubAckPacket or MqttPubRecPacket ? PublisherDelivery.Next(packet.SessionItems) : Task.CompletedTask;
    }

    Task Validate(ValidatingConnectionEventArgs connection)
    {
        if (settings.Username != "" && !(Same(connection.UserName, settings.Username) & Same(connection.Password, settings.Password)))
            connection.ReasonCode = MqttConnectReasonCode.BadUserNameOrPassword;
        // MQTT 3.1.1 lets a client leave its name to the broker; mosquitto_pub does.
        if (string.IsNullOrEmpty(connection.ClientId))
            Packet(connection).ClientId = connection.AssignedClientIdentifier = $"anonymous-{Guid.NewGuid():N}";
        return Task.CompletedTask;
    }

    // The library honours an assigned name for MQTT 5 alone and turns away every nameless client of 3.1.1.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_connectPacket")]
    static extern ref MqttConnectPacket Packet(ValidatingConnectionEventArgs connection);

    static bool Same(string? given, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given ?? ""), Encoding.UTF8.GetBytes(expected));

    static partial class Log
    {
        [LoggerMessage(100, LogLevel.Information, "✅ Connecté au broker MQTT (embedded, listening on {Address})")]
        public static partial void Connected(ILogger log, string address);

        [LoggerMessage(101, LogLevel.Information, "📡 Abonné au topic: {TopicFilter}")]
        public static partial void Subscribed(ILogger log, string topicFilter);
    }
}
