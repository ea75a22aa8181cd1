using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Implementations;
using MQTTnet.Server;

namespace Telemetry.Api.Ingest;

/// <summary>Limits of the embedded broker. <paramref name="PendingConnections"/> have not sent their CONNECT.</summary>
sealed record BrokerBounds(int Connections = 20_000, int PendingConnections = 1000, int ConnectBytes = 16 * 1024, int PacketBytes = 256 * 1024);

/// <summary>Listener of the embedded broker with limits. The library's own accepts any number of connections, and allocates the length that a packet announces: up to 256 MiB before any login. Without a certificate it is plain TCP.</summary>
sealed partial class BoundedListener(IPEndPoint endPoint, BrokerBounds bounds, ILogger log, BrokerConnections? all = null, BrokerCertificate? certificate = null) : IMqttServerAdapter
{
    static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    Socket? _listener;
    int _connections;
    int _pending;
    bool _isFull;

    public Func<IMqttChannelAdapter, Task>? ClientHandler { get; set; }

    /// <summary>Connections wait until the broker starts. Throws <see cref="SocketException"/> if the address cannot be bound.</summary>
    public void Open()
    {
        _listener = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(endPoint);
        _listener.Listen();
    }

    public Task StartAsync(MqttServerOptions options, IMqttNetLogger logger)
    {
        _ = AcceptAsync(_listener!, options, logger);
        return Task.CompletedTask;
    }

    public Task StopAsync()
    {
        _listener?.Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _listener?.Dispose();

    async Task AcceptAsync(Socket listener, MqttServerOptions options, IMqttNetLogger logger)
    {
        while (true)
        {
            try
            {
                var socket = await listener.AcceptAsync();
                var isAccepted = Interlocked.Increment(ref _connections) <= bounds.Connections & Interlocked.Increment(ref _pending) <= bounds.PendingConnections;
                if (!isAccepted) all?.Refusals.Count(BrokerRefusal.Connections);
                if (!isAccepted && !_isFull) Log.Full(log, bounds.Connections, bounds.PendingConnections);
                _isFull = !isAccepted;
                _ = Task.Run(() => ServeAsync(socket, isAccepted, options, logger));
            }
            catch (Exception error) when (error is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return;
            }
            catch (Exception)
            {
                // The connection is closed already, or file handles or memory are used up: wait until that may have passed.
                await Task.Delay(RetryDelay);
            }
        }
    }

    async Task ServeAsync(Socket socket, bool isAccepted, MqttServerOptions options, IMqttNetLogger logger)
    {
        using var closing = socket;
        var isPending = true;
        try
        {
            if (!isAccepted) return;
            socket.NoDelay = true;
            await using var stream = await OpenAsync(socket);
            using var channel = new BoundedChannel(new MqttTcpChannel(stream, socket.LocalEndPoint, socket.RemoteEndPoint, null), bounds, MarkConnected);
            using var adapter = new MqttChannelAdapter(
                channel, new MqttPacketFormatterAdapter(new MqttBufferWriter(options.WriterBufferSize, options.WriterBufferSizeMax)), logger);
            using var connection = all is null ? null : BrokerConnection.Current = new BrokerConnection(adapter, channel, all);
            if (ClientHandler is { } handle) await handle(connection as IMqttChannelAdapter ?? adapter);
        }
        catch (Exception error) when (error is SocketException or IOException or ObjectDisposedException or OperationCanceledException or AuthenticationException)
        {
            // The client has disconnected, or its TLS handshake failed.
        }
        finally
        {
            MarkConnected();
            Interlocked.Decrement(ref _connections);
        }

        void MarkConnected()
        {
            if (isPending) Interlocked.Decrement(ref _pending);
            isPending = false;
        }
    }

    async Task<System.IO.Stream> OpenAsync(Socket socket)
    {
        var stream = new NetworkStream(socket, ownsSocket: true);
        if (certificate is null) return stream;
        var secure = new SslStream(stream);
        try
        {
            using var timeout = new CancellationTokenSource(HandshakeTimeout);
            await secure.AuthenticateAsServerAsync(certificate.Options, timeout.Token);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }

    static partial class Log
    {
        [LoggerMessage(103, LogLevel.Warning, "The embedded broker refuses connections: the maximum is {Connections}, and {PendingConnections} of them before login")]
        public static partial void Full(ILogger log, int connections, int pendingConnections);
    }
}
