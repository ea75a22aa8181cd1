using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Telemetry.Bench.Fairness;

/// <summary>Ways to be a burden. Each listens to all vehicles over a connection like that of a far-away phone, until it is told to leave.</summary>
static class BadClient
{
    const int MaximumSegment = 2; // TCP_MAXSEG
    const int EthernetSegment = 1460;

    /// <summary>Maximum time until the server ends a client that sends garbage.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Frames that no client may send (RFC 6455, sections 5 and 8.1), and bytes that begin no frame.</summary>
    static readonly byte[][] Garbage =
    [
        [0xF1, 0x80, 0, 0, 0, 0], // reserved bits
        [0x83, 0x80, 0, 0, 0, 0], // an opcode that means nothing
        [0x09, 0x80, 0, 0, 0, 0], // a ping in parts
        [0x89, 0xFE, 0, 200, 0, 0, 0, 0, .. new byte[200]], // a ping of 200 bytes
        [0x80, 0x81, 0, 0, 0, 0, 0], // the end of a message without its beginning
        [0x81, 0x82, 0, 0, 0, 0, 0xC3, 0x28], // no UTF-8
        [0x81, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0], // a length below zero
        [0x82, 0xFE, 0x20, 0x00, 0, 0, 0, 0, .. new byte[0x2000]], // 8 KiB to a socket that only listens
        [0x88, 0x81, 0, 0, 0, 0, 1], // a close with half a code
        [0xC1, 0x85, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], // compressed, which was not agreed on
    ];

    public static async Task ReadNothing(int port, Deeds deeds, CancellationToken leaving)
    {
        using var socket = await Connect(port, leaving);
        await Rest(Timeout.InfiniteTimeSpan, leaving);
        if (HasEnded(socket)) deeds.CutOffDeaf();
    }

    public static async Task ReadSlowly(int port, Deeds deeds, CancellationToken leaving)
    {
        using var socket = await Connect(port, leaving);
        var one = new byte[1];
        while (!leaving.IsCancellationRequested)
        {
            await Rest(TimeSpan.FromSeconds(1), leaving);
            if (socket.Available > 0) socket.Receive(one);
        }

        if (HasEnded(socket)) deeds.CutOffSlow();
    }

    /// <summary>Connects and is gone without a word: every other time with what it was sent unread, which the server is told by a reset.</summary>
    public static async Task Vanish(int port, TimeSpan pause, int index, Deeds deeds, CancellationToken leaving)
    {
        for (; !leaving.IsCancellationRequested; index++)
        {
            await Rest(pause * Random.Shared.NextDouble() * 2, leaving);
            using var socket = await Connect(port, leaving);
            if (index % 2 == 0) socket.LingerState = new LingerOption(enable: true, seconds: 0);
            deeds.Vanish();
        }
    }

    public static async Task SendGarbage(int port, TimeSpan pause, int index, Deeds deeds, CancellationToken leaving)
    {
        for (; !leaving.IsCancellationRequested; index++)
        {
            await Rest(pause * Random.Shared.NextDouble() * 2, leaving);
            using var socket = await Connect(port, leaving);
            if (leaving.IsCancellationRequested) return;
            deeds.SendGarbage();
            try
            {
                await socket.SendAsync(Garbage[index % Garbage.Length]);
                using var patience = new CancellationTokenSource(Patience);
                var buffer = new byte[4096];
                while (await socket.ReceiveAsync(buffer, patience.Token) > 0)
                {
                }

                deeds.Refuse();
            }
            catch (SocketException)
            {
                deeds.Refuse();
            }
            catch (OperationCanceledException)
            {
                // It is still served: not counted as ended.
            }
        }
    }

    // Small buffers and segments: on loopback megabytes would be on their way before anybody notices that nothing is read.
    static async Task<Socket> Connect(int port, CancellationToken leaving)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096, NoDelay = true };
        socket.SetRawSocketOption((int)ProtocolType.Tcp, MaximumSegment, BitConverter.GetBytes(EthernetSegment));
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, leaving);
            await socket.SendAsync(Encoding.ASCII.GetBytes(
                "GET /ws/telemetry HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"), leaving);
            await socket.ReceiveAsync(new byte[64], leaving); // The answer has begun: the server knows the client.
        }
        catch (OperationCanceledException)
        {
            // Whoever asked for it sees that too.
        }

        return socket;
    }

    static Task Rest(TimeSpan time, CancellationToken leaving) => Task.Delay(time, leaving).ContinueWith(_ => { }, TaskScheduler.Default);

    // Reads what there is, to see whether an end comes behind it.
    static bool HasEnded(Socket socket)
    {
        socket.ReceiveTimeout = 1000;
        var buffer = new byte[64 * 1024];
        try
        {
            while (socket.Receive(buffer) > 0)
            {
            }

            return true;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode != SocketError.TimedOut;
        }
    }
}
