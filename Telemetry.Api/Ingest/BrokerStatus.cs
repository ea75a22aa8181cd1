namespace Telemetry.Api.Ingest;

/// <summary>How the link to the broker stands, for <c>/health/ready</c>.</summary>
sealed class BrokerStatus
{
    volatile string? _problem = "not connected yet";

    /// <summary>What keeps messages from coming; null while they can.</summary>
    public string? Problem => _problem;

    /// <summary>Which broker it is, as <c>host:port</c>.</summary>
    public string Address { get; set; } = "";

    /// <summary>Messages can come.</summary>
    public void Connected() => _problem = null;

    /// <summary>They cannot.</summary>
    public void Lost(string problem) => _problem = problem;
}
