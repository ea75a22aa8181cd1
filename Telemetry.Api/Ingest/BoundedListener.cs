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

/// <summary>What connections may take of the embedded broker.</summary>
/// <param name="Connections">How many there may be.</param>
/// <param name="Strangers">How many of them may not have sent their CONNECT yet.</param>
/// <param name="ConnectBytes">Longest CONNECT packet.</param>
/// <param name="PacketBytes">Longest packet after it.</param>
sealed record BrokerBounds(int Connections = 20_000, int Strangers = 1000, int ConnectBytes = 16 * 1024, int PacketBytes = 256 * 1024);

/// <summary>The embedded broker's listener.</summary>
/// <remarks>The library's own takes any number of connections, and makes room for whatever length a packet announces: up to 256 MiB before anybody has logged in.</remarks>
/// <param name="endPoint">Where to listen.</param>
/// <param name="bounds">What connections may take.</param>
/// <param name="log">The log.</param>
/// <param name="all">The broker's connections; null: they are not followed.</param>
/// <param name="certificate">For TLS; null: none.</param>
sealed partial class BoundedListener(IPEndPoint endPoint, BrokerBounds bounds, ILogger log, BrokerConnections? all = null, BrokerCertificate? certificate = null) : IMqttServerAdapter
{
    static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    static readonly TimeSpan RestAfterFailure = TimeSpan.FromSeconds(1);

    Socket? _listener;
    int _connections;
    int _strangers;
    bool _isFull;

    /// <summary>Takes a connection over until it ends. Set by the broker.</summary>
    public Func<IMqttChannelAdapter, Task>? ClientHandler { get; set; }

    /// <summary>Opens the port; connections wait until the broker starts.</summary>
    /// <exception cref="SocketException">The address cannot be had.</exception>
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
                var isWelcome = Interlocked.Increment(ref _connections) <= bounds.Connections & Interlocked.Increment(ref _strangers) <= bounds.Strangers;
                if (!isWelcome) all?.Refusals.Count(BrokerRefusal.Connections);
                if (!isWelcome && !_isFull) Log.Full(log, bounds.Connections, bounds.Strangers);
                _isFull = !isWelcome;
                _ = Task.Run(() => ServeAsync(socket, isWelcome, options, logger));
            }
            catch (Exception error) when (error is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return;
            }
            catch (Exception)
            {
                // A connection that is gone already, no file handle, no memory: the loop goes on when that may have passed.
                await Task.Delay(RestAfterFailure);
            }
        }
    }

    async Task ServeAsync(Socket socket, bool isWelcome, MqttServerOptions options, IMqttNetLogger logger)
    {
        using var closing = socket;
        var isStranger = true;
        try
        {
            if (!isWelcome) return;
            socket.NoDelay = true;
            await using var stream = await OpenAsync(socket);
            using var channel = new BoundedChannel(new MqttTcpChannel(stream, socket.LocalEndPoint, socket.RemoteEndPoint, null), bounds, Greet);
            using var adapter = new MqttChannelAdapter(
                channel, new MqttPacketFormatterAdapter(new MqttBufferWriter(options.WriterBufferSize, options.WriterBufferSizeMax)), logger);
            using var connection = all is null ? null : BrokerConnection.Current = new BrokerConnection(adapter, channel, all);
            if (ClientHandler is { } handle) await handle(connection as IMqttChannelAdapter ?? adapter);
        }
        catch (Exception error) when (error is SocketException or IOException or ObjectDisposedException or OperationCanceledException or AuthenticationException)
        {
            // It is gone, or speaks no TLS.
        }
        finally
        {
            Greet();
            Interlocked.Decrement(ref _connections);
        }

        void Greet()
        {
            if (isStranger) Interlocked.Decrement(ref _strangers);
            isStranger = false;
        }
    }

    async Task<System.IO.Stream> OpenAsync(Socket socket)
    {
        var stream = new NetworkStream(socket, ownsSocket: true);
        if (certificate is null) return stream;
        var secure = new SslStream(stream);
        try
        {
            using var patience = new CancellationTokenSource(HandshakeTimeout);
            await secure.AuthenticateAsServerAsync(certificate.Options, patience.Token);
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
        [LoggerMessage(103, LogLevel.Warning, "The embedded broker turns connections away: it takes {Connections}, of which {Strangers} may not have logged in yet")]
        public static partial void Full(ILogger log, int connections, int strangers);
    }
}
