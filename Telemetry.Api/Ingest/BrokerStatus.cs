using MQTTnet.Formatter;

namespace Telemetry.Api.Ingest;

/// <summary>State of the link to the broker, for <c>/health/ready</c>.</summary>
sealed class BrokerStatus
{
    volatile string? _problem = "not connected yet";

    /// <summary>What keeps messages from coming; null while they can.</summary>
    public string? Problem => _problem;

    /// <summary>Which broker it is, as <c>host:port</c>.</summary>
    public string Address { get; set; } = "";

    /// <summary>Version that an outside broker speaks, 5 until it is known better.</summary>
    public MqttProtocolVersion Protocol { get; set; } = MqttProtocolVersion.V500;

    /// <summary>Versions spoken, for people.</summary>
    public string ProtocolName { get; set; } = "5.0";

    /// <summary>Messages can come.</summary>
    public void Connected() => _problem = null;

    /// <summary>They cannot.</summary>
    public void Lost(string problem) => _problem = problem;
}
