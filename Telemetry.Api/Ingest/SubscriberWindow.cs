using System.Diagnostics;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Telemetry.Api.Ingest;

/// <summary>Messages on their way from the embedded broker to one subscriber. Thread-safe.</summary>
/// <param name="acknowledgeTimeout">Time-out of a subscriber that acknowledges nothing while its window is full.</param>
sealed class SubscriberWindow(TimeSpan acknowledgeTimeout)
{
    /// <summary>Maximum unacknowledged messages, unless the subscriber wants fewer.</summary>
    const int MaxUnacknowledged = 500;

    /// <summary>Maximum messages waiting to be sent; further ones are dropped.</summary>
    const int MaxWaiting = 1000;

    /// <summary>Maximum bytes of their payloads.</summary>
    const int MaxWaitingBytes = 8 * 1024 * 1024;

    readonly Lock _gate = new();
    readonly HashSet<ushort> _unacknowledged = [];
    int _limit = MaxUnacknowledged;
    int _waiting;
    long _waitingBytes;
    long _fullSince;
    TaskCompletionSource? _room;

    /// <summary>True if that time-out has passed.</summary>
    public bool IsStuck => Volatile.Read(ref _fullSince) is var since and not 0 && Stopwatch.GetElapsedTime(since) > acknowledgeTimeout;

    /// <param name="receiveMaximum">Zero: none.</param>
    public void LimitTo(ushort receiveMaximum)
    {
        if (receiveMaximum > 0) _limit = Math.Min((int)receiveMaximum, MaxUnacknowledged);
    }

    /// <summary>Counts a message to send.</summary>
    /// <returns>False if too many wait: drop it.</returns>
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
                    // Messages that the library carries over from an earlier connection were not counted here.
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

    /// <summary>Counts a message as acknowledged. At QoS 2 its PUBREC is enough: the rest of the handshake must be able to pass.</summary>
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
