namespace Telemetry.Api.Ingest;

/// <summary>Time-outs of the embedded broker. Not settings: only tests change them.</summary>
sealed class BrokerTimeouts
{
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For a subscriber that acknowledges nothing while its window is full.</summary>
    public TimeSpan Acknowledge { get; init; } = TimeSpan.FromSeconds(10);
}
