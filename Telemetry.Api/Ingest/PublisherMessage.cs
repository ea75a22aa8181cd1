using MQTTnet.Protocol;
using Telemetry.Api.Store;

namespace Telemetry.Api.Ingest;

/// <summary>A QoS 1 or 2 message of a client of the embedded broker, acknowledged over the connection that it arrived on.</summary>
sealed class PublisherMessage(PublisherWindow window, ushort packetId, MqttQualityOfServiceLevel quality, int bytes) : InFlight
{
    /// <summary>Beyond this number, repeats from closed connections are removed.</summary>
    const int MaxRepeats = 16;

    readonly Lock _gate = new();
    PublisherWindow? _window = window;
    List<PublisherMessage>? _repeats;
    volatile bool _isDurable;

    public ushort PacketId { get; } = packetId;

    public MqttQualityOfServiceLevel Quality { get; } = quality;

    public int Bytes { get; } = bytes;

    /// <summary>The broker has passed the message to its subscribers. Only used by the connection's own loop.</summary>
    public bool IsDispatched { get; set; }

    public bool IsReady => _isDurable && IsDispatched;

    public bool IsAttached => _window is not null;

    /// <summary>The connection is closed, or the acknowledgement has been sent.</summary>
    public void Detach() => _window = null;

    public void RepeatedBy(PublisherMessage repeat)
    {
        lock (_gate)
        {
            if (!_isDurable)
            {
                if (_repeats?.Count >= MaxRepeats) _repeats.RemoveAll(earlier => !earlier.IsAttached);
                (_repeats ??= []).Add(repeat);
                return;
            }
        }

        repeat.AcknowledgeAsync();
    }

    /// <summary>Never waits: a client that does not read must not block others.</summary>
    public override Task AcknowledgeAsync()
    {
        List<PublisherMessage>? repeats;
        lock (_gate)
        {
            _isDurable = true;
            (repeats, _repeats) = (_repeats, null);
        }

        _window?.Answer();
        foreach (var repeat in repeats ?? []) repeat.AcknowledgeAsync();
        return Task.CompletedTask;
    }
}
