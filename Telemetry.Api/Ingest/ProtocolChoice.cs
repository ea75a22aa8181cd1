using MQTTnet.Formatter;

namespace Telemetry.Api.Ingest;

/// <summary>MQTT versions to try with an outside broker. An accepted version comes first from then on; after a while it is 5 again, because the broker may have been updated.</summary>
sealed class ProtocolChoice(TimeProvider time)
{
    static readonly TimeSpan RetryNewestAfter = TimeSpan.FromMinutes(10);

    MqttProtocolVersion _accepted = MqttProtocolVersion.V500;
    long _newestTriedAt;

    public MqttProtocolVersion[] InOrder()
    {
        var newestFirst = _accepted == MqttProtocolVersion.V500 || time.GetElapsedTime(_newestTriedAt) >= RetryNewestAfter;
        return newestFirst ? [MqttProtocolVersion.V500, MqttProtocolVersion.V311] : [MqttProtocolVersion.V311, MqttProtocolVersion.V500];
    }

    public void Attempted(MqttProtocolVersion version)
    {
        if (version == MqttProtocolVersion.V500) _newestTriedAt = time.GetTimestamp();
    }

    public void Accepted(MqttProtocolVersion version) => _accepted = version;
}
