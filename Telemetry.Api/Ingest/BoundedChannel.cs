using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Channel;
using MQTTnet.Exceptions;

namespace Telemetry.Api.Ingest;

/// <summary>A connection to the embedded broker that fails on a packet whose announced length is too big, before a buffer is allocated. <paramref name="connected"/> is called when the CONNECT is complete.</summary>
sealed class BoundedChannel(IMqttChannel inner, BrokerBounds bounds, Action connected) : IMqttChannel
{
    int _maxLength = bounds.ConnectBytes;
    int _headerBytes; // Bytes read of the fixed header: type, then up to four bytes of length, 7 bits each; the last one has no high bit.
    int _length;
    int _bodyBytes; // Remaining bytes of the packet's body.

    public X509Certificate2? ClientCertificate => inner.ClientCertificate;

    public EndPoint RemoteEndPoint => inner.RemoteEndPoint;

    public EndPoint LocalEndPoint => inner.LocalEndPoint;

    public bool IsSecureConnection => inner.IsSecureConnection;

    public Task ConnectAsync(CancellationToken cancellationToken) => inner.ConnectAsync(cancellationToken);

    public Task DisconnectAsync(CancellationToken cancellationToken) => inner.DisconnectAsync(cancellationToken);

    public Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        var reading = inner.ReadAsync(buffer, offset, count, cancellationToken);
        if (!reading.IsCompletedSuccessfully) return TrackAsync(reading, buffer, offset);

        // No async state machine: two or three reads per message, mostly synchronous, would cost 20 % more processor time.
        Track(buffer.AsSpan(offset, reading.Result));
        return reading;
    }

    public Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken) => inner.WriteAsync(buffer, isEndOfPacket, cancellationToken);

    public void Dispose() => inner.Dispose();

    async Task<int> TrackAsync(Task<int> reading, byte[] buffer, int offset)
    {
        var read = await reading;
        Track(buffer.AsSpan(offset, read));
        return read;
    }

    void Track(ReadOnlySpan<byte> bytes)
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

            TrackHeader(bytes[0]);
            bytes = bytes[1..];
        }
    }

    void TrackHeader(byte next)
    {
        if (_headerBytes++ == 0) return;
        _length |= (next & 0x7f) << (7 * (_headerBytes - 2));
        if (_length > _maxLength) throw new MqttProtocolViolationException($"A packet announces {_length} bytes; the maximum is {_maxLength}.");
        if ((next & 0x80) != 0) return;
        _bodyBytes = _length;
        if (_bodyBytes == 0) End();
    }

    void End()
    {
        (_headerBytes, _length) = (0, 0);
        if (_maxLength == bounds.PacketBytes) return;
        _maxLength = bounds.PacketBytes;
        connected();
    }
}
