namespace Telemetry.Api.Sockets;

/// <summary>Time-outs of WebSockets. Not settings: only tests change them.</summary>
sealed class SocketTimeouts
{
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(2);
}
