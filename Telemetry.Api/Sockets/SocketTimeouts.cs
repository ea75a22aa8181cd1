namespace Telemetry.Api.Sockets;

/// <summary>Time-outs of WebSockets. Not settings: tests replace them with shorter ones.</summary>
sealed class SocketTimeouts
{
    /// <summary>Interval of the server's pings.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Time for the pong; without it the connection ends.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time for the client to answer the server's close frame.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(2);
}
