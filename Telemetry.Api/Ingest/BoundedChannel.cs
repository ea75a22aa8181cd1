using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Channel;
using MQTTnet.Exceptions;

namespace Telemetry.Api.Ingest;

/// <summary>A connection to the embedded broker that ends where a packet announces more than it may: before room is made for it.</summary>
/// <param name="inner">The connection.</param>
/// <param name="bounds">How long packets may be.</param>
/// <param name="connected">Called when the first packet, the CONNECT, has come whole.</param>
sealed class BoundedChannel(IMqttChannel inner, BrokerBounds bounds, Action connected) : IMqttChannel
{
    int _longest = bounds.ConnectBytes;
    int _headerBytes; // Read of the packet's fixed header: type, then up to four of length, seven bits each, the last without the high bit.
    int _length;
    int _bodyBytes; // Still to come of the packet's body.

    public X509Certificate2? ClientCertificate => inner.ClientCertificate;

    public EndPoint RemoteEndPoint => inner.RemoteEndPoint;

    public EndPoint LocalEndPoint => inner.LocalEndPoint;

    public bool IsSecureConnection => inner.IsSecureConnection;

    public Task ConnectAsync(CancellationToken cancellationToken) => inner.ConnectAsync(cancellationToken);

    public Task DisconnectAsync(CancellationToken cancellationToken) => inner.DisconnectAsync(cancellationToken);

    public Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        var reading = inner.ReadAsync(buffer, offset, count, cancellationToken);
        if (!reading.IsCompletedSuccessfully) return FollowLaterAsync(reading, buffer, offset);

        // Two or three reads a message, most of them done at once: a state machine for each would be felt (20 % of the processor time).
        Follow(buffer.AsSpan(offset, reading.Result));
        return reading;
    }

    public Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken) => inner.WriteAsync(buffer, isEndOfPacket, cancellationToken);

    public void Dispose() => inner.Dispose();

    async Task<int> FollowLaterAsync(Task<int> reading, byte[] buffer, int offset)
    {
        var read = await reading;
        Follow(buffer.AsSpan(offset, read));
        return read;
    }

    void Follow(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_bodyBytes > 0)
            {
                var body = Math.Min(_bodyBytes, bytes.Length);
                bytes = bytes[body..];
                _bodyBytes -= body;
                if (_bodyBytes == 0) End();
                continue;
            }

            FollowHeader(bytes[0]);
            bytes = bytes[1..];
        }
    }

    void FollowHeader(byte next)
    {
        if (_headerBytes++ == 0) return;
        _length |= (next & 0x7f) << (7 * (_headerBytes - 2));
        if (_length > _longest) throw new MqttProtocolViolationException($"A packet of {_length} bytes is announced; {_longest} are allowed.");
        if ((next & 0x80) != 0) return;
        _bodyBytes = _length;
        if (_bodyBytes == 0) End();
    }

    void End()
    {
        (_headerBytes, _length) = (0, 0);
        if (_longest == bounds.PacketBytes) return;
        _longest = bounds.PacketBytes;
        connected();
    }
}
