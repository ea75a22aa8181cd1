using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;

namespace Telemetry.Bench.Fanout;

/// <summary>One browser, in as little work as counts every live message exactly.</summary>
/// <param name="wire">Its connection.</param>
/// <param name="protocol"><c>mqtt</c>: live messages come as MQTT packets, each in a WebSocket message of its own. <c>deflate</c>: they come compressed.</param>
/// <param name="query">Of the address; empty: none.</param>
/// <param name="latencies">Is given the time that each live message took, in milliseconds; null: only count.</param>
sealed class ReceivingClient(Wire wire, string protocol, string query, List<float>? latencies) : IDisposable
{
    const int Final = 0x80;
    const int Compressed = 0x40;
    const int Text = 1;
    const int Binary = 2;
    const int Close = 8;
    const int Ping = 9;
    const int MqttPublish = 3;
    const int MqttSubscribed = 9;
    const int MqttWelcome = 2;

    // One packet in each frame: connect with a clean session and a name chosen by the broker, subscribe to everything at QoS 0.
    static readonly byte[] MqttHello =
    [
        .. Masked(Binary, [0x10, 12, 0, 4, .. "MQTT"u8, 4, 0b10, 0, 0, 0, 0]),
        .. Masked(Binary, [0x82, 12, 0, 1, 0, 7, .. "wican/#"u8, 0]),
    ];

    readonly bool _isMqtt = protocol == "mqtt";
    readonly Inflation? _inflation = protocol == "deflate" && latencies is not null ? new Inflation() : null;
    readonly string _extra = protocol switch
    {
        "mqtt" => "Sec-WebSocket-Protocol: mqtt\r\n",
        "deflate" => "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n",
        _ => "",
    };

    bool _hasAsked;
    bool _isUpgraded;
    byte[] _rest = [];
    int _restLength;

    /// <summary>True if live messages can come.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Live messages so far.</summary>
    public long Frames { get; private set; }

    /// <summary>Bytes so far, heads included.</summary>
    public long Bytes { get; private set; }

    /// <summary>Calls of the system that brought them.</summary>
    public long Reads { get; private set; }

    /// <summary>Begins to count anew.</summary>
    public void Forget() => Frames = Bytes = Reads = 0;

    /// <summary>Takes what has come.</summary>
    /// <param name="buffer">Any content, much larger than a message.</param>
    public void Receive(byte[] buffer)
    {
        if (!_hasAsked && !(_hasAsked = wire.TryWrite(Request()))) return;
        do
        {
            var count = wire.Read(buffer, _restLength);
            if (count == 0) return;
            var at = Stopwatch.GetTimestamp();
            Reads++;
            Bytes += count;
            _rest.AsSpan(0, _restLength).CopyTo(buffer);
            var unread = buffer.AsSpan(0, _restLength + count);
            unread = unread[Take(unread, at)..];
            if (unread.Length > _rest.Length) _rest = new byte[unread.Length];
            unread.CopyTo(_rest);
            _restLength = unread.Length;
        }
        while (wire.HasMore);
    }

    public void Dispose()
    {
        wire.Dispose();
        _inflation?.Dispose();
    }

    byte[] Request() => Encoding.ASCII.GetBytes(
        $"GET {(_isMqtt ? "/mqtt" : $"/ws/telemetry?{query}")} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        $"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{_extra}\r\n");

    int Take(ReadOnlySpan<byte> unread, long at)
    {
        var read = 0;
        if (!_isUpgraded)
        {
            var end = unread.IndexOf("\r\n\r\n"u8);
            if (end < 0) return 0;
            if (!unread.StartsWith("HTTP/1.1 101 "u8)) throw new IOException($"A client is answered: {Encoding.ASCII.GetString(unread[..end])}");
            read = end + 4;
            _isUpgraded = true;
            if (_isMqtt) wire.TryWrite(MqttHello);
            else IsReady = true;
        }

        while (TryReadFrame(unread[read..], out var opcode, out var body, out var length))
        {
            read += length;
            Take(opcode, body, at);
        }

        return read;
    }

    void Take(int opcode, ReadOnlySpan<byte> body, long at)
    {
        switch (opcode)
        {
            case Compressed | Text when protocol == "deflate":
                Frames++;
                // Only those whose latency counts are read: what inflating costs a browser is not asked here.
                if (_inflation is not null && EmbeddedTime.Latency(_inflation.Next(body), at) is { } late) latencies!.Add(late);
                break;
            case Text when protocol == "telemetry":
                TakeMessage(body, at);
                break;
            case Binary when _isMqtt && TryTakePacket(body, at): break;
            case Ping: wire.TryWrite(Masked(Ping + 1, body)); break;
            case Close: throw new IOException($"A client was closed with {BinaryPrimitives.ReadUInt16BigEndian(body)}.");
            default: throw new IOException($"A client cannot tell what a frame of type {opcode} and {body.Length} bytes is.");
        }
    }

    bool TryTakePacket(ReadOnlySpan<byte> body, long at)
    {
        switch (body[0] >> 4)
        {
            case MqttPublish when IsOnePacket(body): TakeMessage(body, at); return true;
            case MqttSubscribed: IsReady = true; return true;
            default: return body[0] >> 4 == MqttWelcome;
        }
    }

    void TakeMessage(ReadOnlySpan<byte> body, long at)
    {
        Frames++;
        if (latencies is not null && EmbeddedTime.Latency(body, at) is { } latency) latencies.Add(latency);
    }

    static bool TryReadFrame(ReadOnlySpan<byte> bytes, out int opcode, out ReadOnlySpan<byte> body, out int length)
    {
        opcode = length = 0;
        body = default;
        if (bytes.Length < 4) return bytes.Length >= 2 && bytes[1] <= bytes.Length - 2 && TryCut(bytes, 2, bytes[1], out opcode, out body, out length);
        return bytes[1] switch
        {
            <= 125 => TryCut(bytes, 2, bytes[1], out opcode, out body, out length),
            126 => TryCut(bytes, 4, BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]), out opcode, out body, out length),
            _ => throw new IOException("A client is sent a masked frame, or more than 64 KiB in one."),
        };
    }

    static bool TryCut(ReadOnlySpan<byte> bytes, int head, int bodyLength, out int opcode, out ReadOnlySpan<byte> body, out int length)
    {
        // A message in several frames would be counted wrongly.
        if ((bytes[0] & 0xB0) != Final) throw new IOException($"A client is sent a frame that begins with 0x{bytes[0]:X2}.");
        opcode = bytes[0] & (Compressed | 0x0F);
        length = head + bodyLength;
        body = bytes.Length < length ? default : bytes[head..length];
        return bytes.Length >= length;
    }

    // The remaining length takes one byte, or two with the lower seven bits first.
    static bool IsOnePacket(ReadOnlySpan<byte> body) =>
        body.Length == (body[1] < 0x80 ? 2 + body[1] : 3 + (body[1] & 0x7F) + (body[2] << 7));

    // A client's frames are masked; zero is a mask that changes nothing.
    static byte[] Masked(int opcode, ReadOnlySpan<byte> body) => [(byte)(0x80 | opcode), (byte)(0x80 | body.Length), 0, 0, 0, 0, .. body];
}
