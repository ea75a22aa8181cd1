using MQTTnet.Formatter;

namespace Telemetry.Api.Ingest;

/// <summary>MQTT versions to try with an outside broker. An accepted version comes first from then on; after a while it is 5 again, because the broker may have been updated. Thread-safe.</summary>
sealed class ProtocolChoice(TimeProvider time)
{
    static readonly TimeSpan RetryNewestAfter = TimeSpan.FromMinutes(10);

    readonly Lock _gate = new();
    MqttProtocolVersion _accepted = MqttProtocolVersion.V500;
    long _newestTriedAt;

    public MqttProtocolVersion[] InOrder()
    {
        lock (_gate)
        {
            var newestFirst = _accepted == MqttProtocolVersion.V500 || time.GetElapsedTime(_newestTriedAt) >= RetryNewestAfter;
            return newestFirst ? [MqttProtocolVersion.V500, MqttProtocolVersion.V311] : [MqttProtocolVersion.V311, MqttProtocolVersion.V500];
        }
    }

    public void Attempted(MqttProtocolVersion version)
    {
        if (version != MqttProtocolVersion.V500) return;
        lock (_gate) _newestTriedAt = time.GetTimestamp();
    }

    public void Accepted(MqttProtocolVersion version)
    {
        lock (_gate) _accepted = version;
    }
}
