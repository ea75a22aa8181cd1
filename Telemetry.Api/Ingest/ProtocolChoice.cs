using MQTTnet.Formatter;

namespace Telemetry.Api.Ingest;

/// <summary>MQTT versions to try with an outside broker: 5 first, then 3.1.1.</summary>
/// <remarks>A version that the broker accepted comes first from then on. After a while 5 is tried first again: the broker may have been updated.</remarks>
sealed class ProtocolChoice(TimeProvider time)
{
    static readonly TimeSpan RetryNewestAfter = TimeSpan.FromMinutes(10);

    MqttProtocolVersion _accepted = MqttProtocolVersion.V500;
    long _newestTriedAt;

    /// <summary>Versions for the next connection, in order.</summary>
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
