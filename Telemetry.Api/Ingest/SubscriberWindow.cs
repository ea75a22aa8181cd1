using System.Diagnostics;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Telemetry.Api.Ingest;

/// <summary>Messages on their way from the embedded broker to one subscriber. Thread-safe.</summary>
sealed class SubscriberWindow
{
    /// <summary>Messages sent that the subscriber may leave without acknowledgement, unless it wants fewer.</summary>
    const int MaxUnacknowledged = 500;

    /// <summary>Messages that wait to be sent; one more is dropped.</summary>
    const int MaxWaiting = 1000;

    /// <summary>Bytes of their payloads.</summary>
    const int MaxWaitingBytes = 8 * 1024 * 1024;

    /// <summary>A subscriber that acknowledges nothing for so long, with its window full, is disconnected.</summary>
    static readonly TimeSpan AcknowledgeTimeout = TimeSpan.FromSeconds(10);

    readonly Lock _gate = new();
    readonly HashSet<ushort> _unacknowledged = [];
    int _limit = MaxUnacknowledged;
    int _waiting;
    long _waitingBytes;
    long _fullSince;
    TaskCompletionSource? _room;

    /// <summary>True if the subscriber does not acknowledge what it gets.</summary>
    public bool IsStuck => Volatile.Read(ref _fullSince) is var since and not 0 && Stopwatch.GetElapsedTime(since) > AcknowledgeTimeout;

    /// <summary>Takes the subscriber's own limit.</summary>
    /// <param name="receiveMaximum">Zero: none.</param>
    public void LimitTo(ushort receiveMaximum)
    {
        if (receiveMaximum > 0) _limit = Math.Min((int)receiveMaximum, MaxUnacknowledged);
    }

    /// <summary>Counts a message that is to be sent.</summary>
    /// <returns>False where too much waits: it is to be dropped.</returns>
    public bool TryQueue(long bytes)
    {
        lock (_gate)
        {
            if (_waiting >= MaxWaiting || _waitingBytes + bytes > MaxWaitingBytes) return false;
            _waiting++;
            _waitingBytes += bytes;
            return true;
        }
    }

    /// <summary>Waits until a message may be sent.</summary>
    public async Task EnterAsync(MqttPublishPacket publish, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task wait;
            lock (_gate)
            {
                var isUnacknowledged = publish.QualityOfServiceLevel > MqttQualityOfServiceLevel.AtMostOnce;
                if (!isUnacknowledged || _unacknowledged.Count < _limit)
                {
                    if (isUnacknowledged) _unacknowledged.Add(publish.PacketIdentifier);
                    // What the library takes over from an earlier connection was not counted here.
                    _waiting = Math.Max(0, _waiting - 1);
                    _waitingBytes = Math.Max(0, _waitingBytes - publish.Payload.Length);
                    return;
                }

                if (_fullSince == 0) _fullSince = Stopwatch.GetTimestamp();
                wait = (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await wait.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The subscriber has acknowledged a message. At QoS 2 its PUBREC is enough: what follows must be able to pass.</summary>
    public void Leave(ushort packetId)
    {
        lock (_gate)
        {
            if (!_unacknowledged.Remove(packetId)) return;
            _fullSince = 0;
            _room?.TrySetResult();
            _room = null;
        }
    }
}
