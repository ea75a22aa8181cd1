using System.Buffers;
using MQTTnet.Channel;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Telemetry.Api.History;

namespace Telemetry.Api.Ingest;

/// <summary>Messages and requests of one client that wait for their answers. While there are too many, its packets are read no further. Thread-safe.</summary>
/// <param name="channel">The connection.</param>
/// <param name="history">The queue that the messages' readings wait in.</param>
sealed class PublisherWindow(IMqttChannel channel, HistoryQueue history)
{
    /// <summary>Messages that may wait for their acknowledgement. MQTT 5 tells it as receive maximum.</summary>
    public const int MaxUnanswered = 1000;

    /// <summary>Bytes of their payloads.</summary>
    const int MaxUnansweredBytes = 512 * 1024;

    /// <summary>Requests, such as SUBSCRIBE, that may wait for their answers.</summary>
    const int MaxRequests = 100;

    /// <summary>Acknowledgements that go out in one write.</summary>
    const int MaxAnswersTogether = 250;

    const int AnswerBytes = 4;

    readonly Lock _gate = new();
    readonly Queue<PublisherDelivery> _unanswered = new();
    TaskCompletionSource? _room;
    int _unansweredBytes;
    int _requests;
    bool _isAnswering;
    bool _isClosed;

    /// <summary>Held while a packet is written.</summary>
    public SemaphoreSlim Write { get; } = new(1);

    /// <summary>The client's messages on their way to the store.</summary>
    public HistorySource Source { get; } = new();

    /// <summary>Waits until there is room for a message at QoS 1 or 2.</summary>
    /// <returns>Its delivery.</returns>
    public async Task<PublisherDelivery> AdmitAsync(MqttPublishPacket publish, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task? wait;
            lock (_gate)
            {
                var isFull = _unanswered.Count >= MaxUnanswered || _unansweredBytes >= MaxUnansweredBytes;
                wait = isFull ? RoomAsync() : history.WaitForRoomAsync(Source);
                if (wait is null)
                {
                    var delivery = new PublisherDelivery(this, publish.PacketIdentifier, publish.QualityOfServiceLevel, (int)publish.Payload.Length);
                    _unanswered.Enqueue(delivery);
                    _unansweredBytes += delivery.Bytes;
                    return delivery;
                }
            }

            await wait.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Waits until there is room for a request, and counts it.</summary>
    public async Task RequestAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task wait;
            lock (_gate)
            {
                if (_requests < MaxRequests)
                {
                    _requests++;
                    return;
                }

                wait = RoomAsync();
            }

            await wait.WaitAsync(cancellationToken);
        }
    }

    /// <summary>A request is being answered.</summary>
    public void Reply()
    {
        lock (_gate)
        {
            if (_requests > 0) _requests--;
            MakeRoom();
        }
    }

    /// <summary>Sends the acknowledgements that are due. Waits for nothing.</summary>
    public void Answer()
    {
        lock (_gate)
        {
            if (_isAnswering || _isClosed || !_unanswered.TryPeek(out var first) || !first.IsReady) return;
            _isAnswering = true;
        }

        _ = Task.Run(AnswerAllAsync);
    }

    /// <summary>The connection has ended: nothing is acknowledged over it any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (var delivery in _unanswered) delivery.Detach();
            _unanswered.Clear();
        }
    }

    // Under the lock, as the next.
    Task RoomAsync() => (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    void MakeRoom()
    {
        _room?.TrySetResult();
        _room = null;
    }

    // PUBACK and PUBREC that say no more than that all is well are the same in every version.
    async Task AnswerAllAsync()
    {
        var packets = new byte[MaxAnswersTogether * AnswerBytes];
        var ready = new List<PublisherDelivery>();
        try
        {
            while (true)
            {
                lock (_gate)
                {
                    foreach (var sent in ready)
                    {
                        if (_unanswered.TryDequeue(out _)) _unansweredBytes -= sent.Bytes;
                        sent.Detach();
                    }

                    if (ready.Count > 0) MakeRoom();
                    ready.Clear();
                    ready.AddRange(_unanswered.TakeWhile(delivery => delivery.IsReady).Take(MaxAnswersTogether));
                    _isAnswering = ready.Count > 0;
                    if (!_isAnswering) return;
                }

                for (var i = 0; i < ready.Count; i++)
                {
                    var kind = ready[i].Quality == MqttQualityOfServiceLevel.AtLeastOnce ? MqttControlPacketType.PubAck : MqttControlPacketType.PubRec;
                    ReadOnlySpan<byte> packet = [(byte)((int)kind << 4), 2, (byte)(ready[i].PacketId >> 8), (byte)ready[i].PacketId];
                    packet.CopyTo(packets.AsSpan(i * AnswerBytes));
                }

                await Write.WaitAsync();
                try
                {
                    await channel.WriteAsync(new ReadOnlySequence<byte>(packets, 0, ready.Count * AnswerBytes), true, CancellationToken.None);
                }
                finally
                {
                    Write.Release();
                }
            }
        }
        catch (Exception)
        {
            // The connection is gone. What was not acknowledged the client publishes again, and its session knows it.
            channel.Dispose();
        }
    }
}
