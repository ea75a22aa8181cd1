namespace Telemetry.Api.Ingest;

/// <summary>Time-outs of the embedded broker. Not settings: tests replace them with shorter ones.</summary>
sealed class BrokerTimeouts
{
    /// <summary>Time for a connection to send its CONNECT.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time-out of a subscriber that acknowledges nothing while its window is full.</summary>
    public TimeSpan Acknowledge { get; init; } = TimeSpan.FromSeconds(10);
}
