using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Adapter;
using MQTTnet.Channel;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Telemetry.Api.History;

namespace Telemetry.Api.Ingest;

/// <summary>A client's connection to the embedded broker: enforces limits, and acknowledges its messages when they are durable.</summary>
/// <remarks>A layer between the library and its packets. The library acknowledges a message as soon as it is handled; those packets are dropped here. Ours follow in order of arrival, over the connection of the message.</remarks>
sealed class BrokerConnection(IMqttChannelAdapter inner, IMqttChannel channel, BrokerConnections all) : IMqttChannelAdapter
{
    const int MaxTopicAliases = 16;

    static readonly AsyncLocal<BrokerConnection?> CurrentFlow = new();
    static long _count;

    readonly PublisherWindow _incoming = new(channel, all.History);
    MqttConnectPacket? _connect;
    PublisherMessage? _arriving;
    PublisherMessage? _dispatched;
    TimeSpan _keepAlive;
    long _waitingSince;

    public static BrokerConnection? Current
    {
        get => CurrentFlow.Value;
        set => CurrentFlow.Value = value;
    }

    public long Number { get; } = Interlocked.Increment(ref _count);

    public string ClientId => _connect?.ClientId ?? "";

    public HistorySource Source => _incoming.Source;

    public SubscriberWindow Outgoing { get; } = new(all.Timeouts.Acknowledge);

    public PublisherSession? Session { get; private set; }

    /// <summary>Only used while the library handles the client's packets, so without a lock.</summary>
    public HashSet<string> Filters { get; } = [];

    public long BytesReceived => inner.BytesReceived;

    public long BytesSent => inner.BytesSent;

    public X509Certificate2 ClientCertificate => inner.ClientCertificate;

    public EndPoint RemoteEndPoint => inner.RemoteEndPoint;

    public EndPoint LocalEndPoint => inner.LocalEndPoint;

    public bool IsSecureConnection => inner.IsSecureConnection;

    public MqttPacketFormatterAdapter PacketFormatterAdapter => inner.PacketFormatterAdapter;

    bool IsVersion5 => inner.PacketFormatterAdapter.ProtocolVersion == MqttProtocolVersion.V500;

    public Task ConnectAsync(CancellationToken cancellationToken) => inner.ConnectAsync(cancellationToken);

    public Task DisconnectAsync(CancellationToken cancellationToken) => inner.DisconnectAsync(cancellationToken);

    public void ResetStatistics() => inner.ResetStatistics();

    /// <summary>Of the message being handled; null at QoS 0, and for a will.</summary>
    public PublisherMessage? TakeArriving()
    {
        var arriving = _arriving;
        _arriving = null;
        return arriving;
    }

    /// <summary>The client has exceeded its keep-alive, by a monotonic clock, not counting pauses in reading from it.</summary>
    public bool IsSilent => _keepAlive > TimeSpan.Zero && Volatile.Read(ref _waitingSince) is var since and not 0 && Stopwatch.GetElapsedTime(since) > _keepAlive * 1.5;

    public Task<MqttPacket?> ReceivePacketAsync(CancellationToken cancellationToken)
    {
        // The previous packet has been handled.
        if (_dispatched is { } dispatched)
        {
            _dispatched = null;
            dispatched.IsDispatched = true;
            _incoming.Answer();
        }

        var receiving = ReceiveAsync(cancellationToken);
        if (!receiving.IsCompletedSuccessfully || receiving.Result is not MqttPublishPacket { QualityOfServiceLevel: MqttQualityOfServiceLevel.AtMostOnce } publish)
            return HandleAsync(receiving, cancellationToken);

        // No async state machine for each: thousands arrive every second.
        Volatile.Write(ref _waitingSince, 0);
        return IsAllowed(publish) ? receiving : HandleAsync(receiving, cancellationToken);
    }

    public async Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        switch (packet)
        {
            case MqttPubAckPacket or MqttPubRecPacket:
                return;
            case MqttConnAckPacket accepted:
                Announce(accepted);
                break;
            case MqttPublishPacket publish:
                await Outgoing.EnterAsync(publish, cancellationToken);
                break;
            case MqttSubAckPacket or MqttUnsubAckPacket or MqttPubCompPacket or MqttPubRelPacket:
                _incoming.Reply();
                break;
        }

        await _incoming.Write.WaitAsync(cancellationToken);
        try
        {
            await inner.SendPacketAsync(packet, cancellationToken);
        }
        finally
        {
            _incoming.Write.Release();
        }
    }

    public async Task CloseAsync(MqttDisconnectReasonCode reason)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            if (IsVersion5) await SendPacketAsync(new MqttDisconnectPacket { ReasonCode = reason }, timeout.Token);
        }
        catch (Exception error) when (error is MqttCommunicationException or OperationCanceledException or ObjectDisposedException)
        {
            // The client does not read, or has disconnected.
        }

        channel.Dispose();
    }

    public void Dispose()
    {
        _incoming.Close();
        if (Session is not null) all.Leave(this, Session, isKept: IsVersion5 ? _connect!.SessionExpiryInterval > 0 : !_connect!.CleanSession);
        inner.Dispose();
    }

    Task<MqttPacket?> ReceiveAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _waitingSince, Stopwatch.GetTimestamp());
        return inner.ReceivePacketAsync(cancellationToken)!;
    }

    async Task<MqttPacket?> HandleAsync(Task<MqttPacket?> receiving, CancellationToken cancellationToken)
    {
        while (true)
        {
            var packet = await receiving;
            Volatile.Write(ref _waitingSince, 0);
            if (packet is not MqttPingReqPacket)
            {
                await HandleAsync(packet, cancellationToken);
                return packet;
            }

            // Answered here, not after the messages to a subscriber: a client that does not read them keeps its connection.
            await SendPacketAsync(MqttPingRespPacket.Instance, cancellationToken);
            receiving = ReceiveAsync(cancellationToken);
        }
    }

    async Task HandleAsync(MqttPacket? packet, CancellationToken cancellationToken)
    {
        switch (packet)
        {
            case MqttConnectPacket connect:
                _connect = connect;
                _keepAlive = TimeSpan.FromSeconds(connect.KeepAlivePeriod);
                connect.KeepAlivePeriod = 0; // The library's monitor follows the wall clock; without a period it is off.
                Outgoing.LimitTo(connect.ReceiveMaximum);
                if (connect.WillFlag && !IsTopic(connect.WillTopic)) throw new MqttProtocolViolationException("The topic of the will is not valid.");
                break;
            case MqttPublishPacket publish:
                if (!IsAllowed(publish))
                {
                    all.Refusals.Count(BrokerRefusal.Topic);
                    await CloseAsync(MqttDisconnectReasonCode.TopicNameInvalid);
                    throw new MqttProtocolViolationException("The topic of a message is not valid, or its identifier is missing.");
                }

                if (publish.QualityOfServiceLevel > MqttQualityOfServiceLevel.AtMostOnce) _arriving = _dispatched = await _incoming.AdmitAsync(publish, cancellationToken);
                break;
            case MqttPubAckPacket or MqttPubRecPacket or MqttPubCompPacket:
                Outgoing.Leave(((MqttPacketWithIdentifier)packet).PacketIdentifier);
                if (packet is MqttPubRecPacket) await _incoming.RequestAsync(cancellationToken);
                break;
            case MqttPubRelPacket release:
                Session?.Release(release.PacketIdentifier);
                await _incoming.RequestAsync(cancellationToken);
                break;
            case MqttSubscribePacket or MqttUnsubscribePacket:
                await _incoming.RequestAsync(cancellationToken);
                break;
        }
    }

    static bool IsAllowed(MqttPublishPacket publish) =>
        (publish.TopicAlias > 0 && string.IsNullOrEmpty(publish.Topic) || IsTopic(publish.Topic)) && publish.TopicAlias <= MaxTopicAliases
        && (publish.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce || publish is { QualityOfServiceLevel: <= MqttQualityOfServiceLevel.ExactlyOnce, PacketIdentifier: > 0 });

    static bool IsTopic(string? topic) => !string.IsNullOrEmpty(topic) && topic.AsSpan().IndexOfAny('#', '+', '\0') < 0;

    void Announce(MqttConnAckPacket accepted)
    {
        accepted.MaximumPacketSize = (uint)all.Bounds.PacketBytes;
        accepted.ReceiveMaximum = PublisherWindow.MaxUnanswered;
        accepted.TopicAliasMaximum = MaxTopicAliases;
        if (accepted.ReasonCode == MqttConnectReasonCode.Success) Session = all.Enter(this, _connect!.CleanSession);
    }
}
