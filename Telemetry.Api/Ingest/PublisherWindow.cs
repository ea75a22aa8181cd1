using System.Buffers;
using MQTTnet.Channel;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Telemetry.Api.History;

namespace Telemetry.Api.Ingest;

/// <summary>Messages and requests of one client that wait for their answers. At the limit, reading from the client pauses. Thread-safe.</summary>
sealed class PublisherWindow(IMqttChannel channel, HistoryQueue history)
{
    /// <summary>MQTT 5's receive maximum.</summary>
    public const int MaxUnanswered = 1000;

    const int MaxUnansweredBytes = 512 * 1024;

    const int MaxRequests = 100;

    const int MaxAnswersPerWrite = 250;

    const int AnswerBytes = 4;

    readonly Lock _gate = new();
    readonly Queue<PublisherMessage> _unanswered = new();
    TaskCompletionSource? _room;
    int _unansweredBytes;
    int _requests;
    bool _isAnswering;
    bool _isClosed;

    public SemaphoreSlim Write { get; } = new(1);

    public HistorySource Source { get; } = new();

    /// <summary>Waits until there is room for a message at QoS 1 or 2.</summary>
    public async Task<PublisherMessage> AdmitAsync(MqttPublishPacket publish, CancellationToken cancellationToken)
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
                    var message = new PublisherMessage(this, publish.PacketIdentifier, publish.QualityOfServiceLevel, (int)publish.Payload.Length);
                    _unanswered.Enqueue(message);
                    _unansweredBytes += message.Bytes;
                    return message;
                }
            }

            await wait.WaitAsync(cancellationToken);
        }
    }

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

    public void Reply()
    {
        lock (_gate)
        {
            if (_requests > 0) _requests--;
            MakeRoom();
        }
    }

    public void Answer()
    {
        lock (_gate)
        {
            if (_isAnswering || _isClosed || !_unanswered.TryPeek(out var first) || !first.IsReady) return;
            _isAnswering = true;
        }

        _ = Task.Run(AnswerAllAsync);
    }

    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (var message in _unanswered) message.Detach();
            _unanswered.Clear();
        }
    }

    // Call with the lock held; MakeRoom too.
    Task RoomAsync() => (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    void MakeRoom()
    {
        _room?.TrySetResult();
        _room = null;
    }

    // PUBACK and PUBREC without a reason code are the same bytes in every version.
    async Task AnswerAllAsync()
    {
        var packets = new byte[MaxAnswersPerWrite * AnswerBytes];
        var ready = new List<PublisherMessage>();
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
                    ready.AddRange(_unanswered.TakeWhile(message => message.IsReady).Take(MaxAnswersPerWrite));
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
            // The connection is lost. The client repeats unacknowledged messages, and its session recognises them.
            channel.Dispose();
        }
    }
}
