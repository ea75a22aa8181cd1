using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Telemetry.Tests.Support;

/// <summary>A broker that answers as the test says, byte for byte.</summary>
sealed class FakeBroker : IAsyncDisposable
{
    public static readonly byte[] Accepted311 = [0x20, 2, 0, 0];
    public static readonly byte[] Accepted5 = [0x20, 3, 0, 0, 0];

    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly Func<FakeBroker, Connection, Task> _serve;
    readonly CancellationTokenSource _stop = new();
    readonly Task _serving;

    FakeBroker(Func<FakeBroker, Connection, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        _serving = Serve();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections so far.</summary>
    public int Connections { get; private set; }

    /// <param name="serve">Serves a connection; it is closed at its end.</param>
    public static FakeBroker Start(Func<FakeBroker, Connection, Task> serve) => new(serve);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stop.Dispose();
    }

    async Task Serve()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Connections++;
                serving.Add(Serve(client));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    async Task Serve(TcpClient client)
    {
        using var closing = client;
        try
        {
            await _serve(this, new Connection(client.GetStream(), _stop.Token));
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // It went, or the test is over.
        }
    }

    public sealed class Connection(NetworkStream stream, CancellationToken stop)
    {
        /// <summary>The next packet: its first byte, and its body.</summary>
        public Task<(int Kind, byte[] Body)> Read() => MqttPacket.Read(stream, stop);

        /// <summary>The CONNECT, and the version that it asks for.</summary>
        public async Task<int> ReadConnect() => (await Read()).Body[6];

        public Task Send(params byte[] bytes) => stream.WriteAsync(bytes, stop).AsTask();

        /// <summary>Serves as a broker should, until the client goes: subscriptions, messages of QoS 1 and pings.</summary>
        /// <param name="version">5, or 4 for 3.1.1.</param>
        /// <param name="subscribed">Called when a subscription has been granted.</param>
        /// <param name="published">Called with the topic of a message.</param>
        public async Task Behave(int version, Func<Task>? subscribed = null, Action<string>? published = null)
        {
            await Send(version == 5 ? Accepted5 : Accepted311);
            while (true)
            {
                var (kind, body) = await Read();
                if (kind == 0xc0) await Send(0xd0, 0);
                if ((kind & 0xf6) == 0x32)
                {
                    var end = 2 + ((body[0] << 8) | body[1]);
                    published?.Invoke(Encoding.UTF8.GetString(body.AsSpan(2, end - 2)));
                    await Send(0x40, 2, body[end], body[end + 1]);
                }

                if (kind != 0x82) continue;
                await Send(version == 5 ? [0x90, 4, body[0], body[1], 0, 1] : [0x90, 3, body[0], body[1], 1]);
                if (subscribed is not null) await subscribed();
            }
        }
    }
}
