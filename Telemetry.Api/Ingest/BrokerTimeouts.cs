namespace Telemetry.Api.Ingest;

/// <summary>Time-outs of the embedded broker. Not settings: only tests change them.</summary>
sealed class BrokerTimeouts
{
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan Acknowledge { get; init; } = TimeSpan.FromSeconds(10);
}
