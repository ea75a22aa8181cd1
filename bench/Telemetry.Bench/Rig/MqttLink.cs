using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Telemetry.Bench.Rig;

/// <summary>The least of MQTT 3.1.1 that publishes: little of the machine goes into it, and acknowledgements are seen as they come.</summary>
/// <remarks>One caller at a time. Every member throws <see cref="IOException"/> or <see cref="SocketException"/> when the broker goes.</remarks>
sealed class MqttLink : IDisposable
{
    const byte Publication = 0x30;
    const byte AtLeastOnce = 0x02;
    const byte Again = 0x08;
    const byte Acknowledgement = 0x40;
    const int AcknowledgementLength = 4;

    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    readonly ArrayBufferWriter<byte> _unsent = new(64 * 1024);
    readonly byte[] _received = new byte[64 * 1024];
    int _filled;

    MqttLink()
    {
    }

    /// <summary>Connects with a clean session, never asked to be kept alive.</summary>
    public static async Task<MqttLink> Open(int port, string clientId, CancellationToken cancel)
    {
        var link = new MqttLink();
        try
        {
            await link._socket.ConnectAsync(IPAddress.Loopback, port, cancel);
            link._unsent.Write<byte>([0x10, (byte)(12 + clientId.Length), 0, 4, .. "MQTT"u8, 4, 0b10, 0, 0, 0, (byte)clientId.Length, .. Encoding.ASCII.GetBytes(clientId)]);
            await link.Send(cancel);
            while (link._filled < 4) await link.Receive(cancel);
            if (link._received[0] != 0x20 || link._received[3] != 0) throw new IOException("The broker refuses the connection.");
            link._filled = 0;
            return link;
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }

    /// <summary>True if acknowledgements have come.</summary>
    public bool HasAnswers => _filled >= AcknowledgementLength || _socket.Available > 0 || _socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Adds a message to what the next <see cref="Send"/> sends.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="payload">Its payload.</param>
    /// <param name="packetId">What its acknowledgement will name; 0: QoS 0, never acknowledged.</param>
    /// <param name="isAgain">True if it may have arrived before.</param>
    public void Add(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, ushort packetId, bool isAgain = false)
    {
        var length = 2 + topic.Length + (packetId == 0 ? 0 : 2) + payload.Length;
        var packet = _unsent.GetSpan(length + 5);
        packet[0] = (byte)(Publication | (packetId == 0 ? 0 : AtLeastOnce) | (isAgain ? Again : 0));
        var at = 1;
        for (var left = length; ; left >>= 7)
        {
            packet[at++] = (byte)((left & 0x7F) | (left > 0x7F ? 0x80 : 0));
            if (left <= 0x7F) break;
        }

        BinaryPrimitives.WriteUInt16BigEndian(packet[at..], (ushort)topic.Length);
        topic.CopyTo(packet[(at += 2)..]);
        at += topic.Length;
        if (packetId != 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[at..], packetId);
            at += 2;
        }

        payload.CopyTo(packet[at..]);
        _unsent.Advance(at + payload.Length);
    }

    public async Task Send(CancellationToken cancel)
    {
        for (var unsent = _unsent.WrittenMemory; !unsent.IsEmpty;) unsent = unsent[await _socket.SendAsync(unsent, cancel)..];
        _unsent.ResetWrittenCount();
    }

    /// <summary>Waits for acknowledgements.</summary>
    /// <returns>The messages that they name, in the order they came.</returns>
    public async Task<IReadOnlyList<ushort>> Answers(CancellationToken cancel)
    {
        await Receive(cancel);
        var answers = new List<ushort>();
        var read = 0;
        for (; _filled - read >= AcknowledgementLength; read += AcknowledgementLength)
        {
            if (_received[read] != Acknowledgement) throw new IOException($"The broker sends a packet of type {_received[read] >> 4}.");
            answers.Add(BinaryPrimitives.ReadUInt16BigEndian(_received.AsSpan(read + 2)));
        }

        _received.AsSpan(read, _filled - read).CopyTo(_received);
        _filled -= read;
        return answers;
    }

    /// <summary>Waits until the broker has read everything that was sent. Nothing may be unacknowledged.</summary>
    public async Task Drain(CancellationToken cancel)
    {
        _unsent.Write<byte>([0xC0, 0]); // A ping is answered in turn.
        await Send(cancel);
        while (_filled < 2) await Receive(cancel);
        _filled = 0;
    }

    public void Dispose() => _socket.Dispose();

    async Task Receive(CancellationToken cancel)
    {
        var count = await _socket.ReceiveAsync(_received.AsMemory(_filled), cancel);
        if (count == 0) throw new IOException("The broker has closed the connection.");
        _filled += count;
    }
}
