using System.Diagnostics;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Telemetry.Api.Ingest;

/// <summary>Messages from the embedded broker to one subscriber. Thread-safe. The time-out applies to a subscriber that acknowledges nothing while its window is full.</summary>
sealed class SubscriberWindow(TimeSpan acknowledgeTimeout)
{
    const int MaxUnacknowledged = 500;

    const int MaxWaiting = 1000;

    const int MaxWaitingBytes = 8 * 1024 * 1024;

    readonly Lock _gate = new();
    readonly HashSet<ushort> _unacknowledged = [];
    int _limit = MaxUnacknowledged;
    int _waiting;
    long _waitingBytes;
    long _fullSince;
    TaskCompletionSource? _room;

    public bool IsStuck => Volatile.Read(ref _fullSince) is var since and not 0 && Stopwatch.GetElapsedTime(since) > acknowledgeTimeout;

    public void LimitTo(ushort receiveMaximum)
    {
        if (receiveMaximum > 0) _limit = Math.Min((int)receiveMaximum, MaxUnacknowledged);
    }

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
                    // Messages that the library keeps from an earlier connection were not counted here.
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

    /// <summary>At QoS 2 the PUBREC is enough: the rest of the handshake must be able to pass.</summary>
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
