using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Telemetry.Api.Sockets;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Broadcast;

/// <summary>Frames that no client may send (RFC 6455): each ends its socket with the code for it, and is an error of nobody else.</summary>
public class FrameFuzzTests
{
    const int Count = 400;
    const byte Final = 0x80;
    const byte Masked = 0x80;
    const int ProtocolError = 1002;
    const int InvalidPayload = 1007;
    const int TooMany = 1008;
    const int TooBig = 1009;

    readonly Random _random = new(4711);

    public static TheoryData<string, byte[], int> Bad => new()
    {
        { "a reserved bit", Frame(Final | 0x20 | 1, "x"u8), ProtocolError },
        { "compressed, which was not agreed on", Frame(Final | 0x40 | 1, "x"u8), ProtocolError },
        { "an opcode that means nothing", Frame(Final | 3, "x"u8), ProtocolError },
        { "a ping in parts", Frame(9, "x"u8), ProtocolError },
        { "a ping of 200 bytes", Frame(Final | 9, new byte[200]), ProtocolError },
        { "the end of a message without its beginning", Frame(Final | 0, "x"u8), ProtocolError },
        { "a second message within the first", [.. Frame(1, "x"u8), .. Frame(Final | 1, "y"u8)], ProtocolError },
        { "a length below zero", [Final | 1, Masked | 127, .. Enumerable.Repeat((byte)0xFF, 8), 0, 0, 0, 0], ProtocolError },
        { "all that a length can say", [Final | 2, Masked | 127, 0x7F, .. Enumerable.Repeat((byte)0xFF, 7), 0, 0, 0, 0, .. new byte[5000]], TooBig },
        { "a frame without a mask", [Final | 1, 1, (byte)'x'], ProtocolError },
        { "a ping without a mask", [Final | 9, 0], ProtocolError },
        { "a long frame with a mask and one without", [.. Frame(Final | 2, new byte[1000]), Final | 1, 1, (byte)'x'], ProtocolError },
        { "half a close code", Frame(Final | 8, "x"u8), ProtocolError },
        { "no UTF-8", Frame(Final | 1, [0xC3, 0x28]), InvalidPayload },
        { "a close whose text is no UTF-8", Frame(Final | 8, [0x03, 0xE8, 0xC3, 0x28]), ProtocolError },
        { "more than a client has to say", Frame(Final | 2, new byte[5000]), TooBig },
        { "the same in parts", [.. Frame(2, new byte[3000]), .. Frame(Final | 0, new byte[3000])], TooBig },
        { "more pings than messages would be allowed", Repeated(Frame(Final | 9, [])), TooMany },
        { "more pongs, to no ping", Repeated(Frame(Final | 10, "x"u8)), TooMany },
        { "one message in more parts, most of them empty", [.. Frame(1, "x"u8), .. Repeated(Frame(0, []))], TooMany },
        { "one message in more parts of a byte", [.. Frame(2, "x"u8), .. Repeated(Frame(0, "x"u8))], TooMany },
        { "a tebibyte to come", [Final | 2, Masked | 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. new byte[5000]], TooBig },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_frame_that_no_client_may_send_ends_its_socket(string what, byte[] frame, int code)
    {
        await using var server = await StartServer();
        var errors = ErrorLog.Of(server);
        await using var other = await server.Listen();
        await other.Next();
        using var peer = await Upgrade(server, "");
        await peer.WriteAsync(frame);
        CloseCode(await ReadToEnd(peer)).Should().Be(code, what);
        await server.Publish(("wican/rpm", "900"));
        await other.Next("the others go on", text => text.Contains("\"rpm\":900,"));
        errors.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task Frames_may_come_byte_by_byte_with_a_mask_and_not_without()
    {
        await using var server = await StartServer();
        using var peer = await Upgrade(server, "");
        byte[] good = [.. Frame(Final | 1, "hello"u8), .. Frame(Final | 9, "ping"u8), .. Frame(Final | 2, new byte[200]), .. Frame(Final | 10, [])];
        foreach (var one in good.Append<byte>(Final | 1))
        {
            await peer.WriteAsync(new[] { one });
            await Task.Delay(2);
        }

        await peer.WriteAsync(new byte[] { 1, (byte)'x' });
        var bytes = await ReadToEnd(peer);
        CloseCode(bytes).Should().Be(ProtocolError);
        bytes.AsSpan().IndexOf((byte[])[Final | 10, 4, .. "ping"u8]).Should().BePositive("all before it was understood");
    }

    [Fact]
    public async Task Sockets_full_of_noise_do_no_harm()
    {
        await using var server = await Server.Start();
        var errors = ErrorLog.Of(server);
        await using var other = await server.Listen();
        for (var i = 0; i < Count; i++)
        {
            using var peer = await Upgrade(server, i % 2 == 0 ? "" : "Sec-WebSocket-Extensions: permessage-deflate\r\n");
            await Send(peer, _random.Next(1, 5));
            await ReadToEnd(peer);
        }

        await server.HasClients(1); // The other one.
        await server.Publish(("wican/rpm", "900"));
        await other.Next("the others go on", text => text.Contains("\"rpm\":900,"));
        errors.Errors.Should().BeEmpty();
    }

    // Peers here do not answer the server's close.
    static Task<Server> StartServer() => Server.Start(services => services.AddSingleton(new SocketTimeouts { CloseTimeout = TimeSpan.FromMilliseconds(200) }));

    // The server may have ended it before the last frame. What it does not end is over then all the same.
    async Task Send(NetworkStream peer, int frames)
    {
        try
        {
            for (; frames > 0; frames--) await peer.WriteAsync(Noise());
            peer.Socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            // Ended.
        }
    }

    // Frames of any kind, most of them with a head that could be one.
    byte[] Noise()
    {
        var body = new byte[_random.Next(4) == 0 ? _random.Next(6000) : _random.Next(100)];
        _random.NextBytes(body);
        return _random.Next(5) == 0 ? body : Frame((byte)_random.Next(256), body);
    }

    static byte[] Frame(byte head, ReadOnlySpan<byte> body)
    {
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)body.Length);
        // Zero is a mask that changes nothing.
        return [head, .. body.Length < 126 ? [(byte)(Masked | body.Length)] : (byte[])[Masked | 126, .. length], 0, 0, 0, 0, .. body];
    }

    static byte[] Repeated(byte[] frame) => [.. Enumerable.Repeat(frame, 66).SelectMany(bytes => bytes)];

    static async Task<NetworkStream> Upgrade(Server server, string extra)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Address.Host, server.Address.Port);
        var peer = new NetworkStream(socket, ownsSocket: true);
        await peer.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /ws/telemetry HTTP/1.1\r\nHost: {server.Address.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{extra}\r\n"));
        return peer;
    }

    static async Task<byte[]> ReadToEnd(NetworkStream peer)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var all = new MemoryStream();
        try
        {
            await peer.CopyToAsync(all, patience.Token);
        }
        catch (IOException)
        {
            // Reset: what came before counts.
        }

        return all.ToArray();
    }

    // Null where the connection ended without a close frame.
    static int? CloseCode(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOf("\r\n\r\n"u8) + 4;
        while (at + 2 <= bytes.Length)
        {
            var (head, length) = (bytes[at] & 0x0F, (int)bytes[at + 1]);
            at += 2;
            if (length == 126)
            {
                length = BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
                at += 2;
            }

            if (head == 8) return length < 2 ? 1005 : BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
            at += length;
        }

        return null;
    }
}
