using MQTTnet.Formatter;

namespace Telemetry.Api.Ingest;

/// <summary>Versions of MQTT to try with an outside broker: 5 first, 3.1.1 where the broker speaks nothing newer.</summary>
/// <remarks>The version that a broker accepted comes first from then on. After a while 5 does again: the broker may have been updated.</remarks>
sealed class ProtocolChoice(TimeProvider time)
{
    static readonly TimeSpan OlderIsKeptFor = TimeSpan.FromMinutes(10);

    MqttProtocolVersion _accepted = MqttProtocolVersion.V500;
    long _newestTriedAt;

    /// <summary>The versions for the next connection, in order.</summary>
    public MqttProtocolVersion[] InOrder()
    {
        var newestFirst = _accepted == MqttProtocolVersion.V500 || time.GetElapsedTime(_newestTriedAt) >= OlderIsKeptFor;
        return newestFirst ? [MqttProtocolVersion.V500, MqttProtocolVersion.V311] : [MqttProtocolVersion.V311, MqttProtocolVersion.V500];
    }

    /// <summary>Notes a try.</summary>
    public void Tried(MqttProtocolVersion version)
    {
        if (version == MqttProtocolVersion.V500) _newestTriedAt = time.GetTimestamp();
    }

    /// <summary>Notes the version that the broker speaks.</summary>
    public void Accepted(MqttProtocolVersion version) => _accepted = version;
}
