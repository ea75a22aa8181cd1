using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Telemetry.Tests.Support;

/// <summary>The streams on which Chromium gets its messages: MCS, Google's protocol, over TLS.</summary>
sealed class MessageStreams : IAsyncDisposable
{
    const byte Version = 41;
    const byte Ping = 0;
    const byte Pong = 1;
    const byte LoginRequest = 2;
    const byte LoginResponse = 3;
    const byte DataMessage = 8;

    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stopping = new();
    readonly ConcurrentDictionary<SslStream, SemaphoreSlim> _streams = new();

    // A browser has its endpoint before its stream.
    readonly ConcurrentQueue<byte[]> _waiting = new();
    readonly X509Certificate2 _certificate;
    readonly Task _accepting;
    int _messages;

    public MessageStreams(X509Certificate2 certificate)
    {
        _certificate = certificate;
        _listener.Start();
        _accepting = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Sends a message to a page of each browser that is connected.</summary>
    public async Task Send(Registration to, string encoding, byte[] body)
    {
        var id = Interlocked.Increment(ref _messages);
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var message = new ProtoWriter().Text(2, $"m{id}").Text(3, to.Sender).Text(5, to.App)
            .Message(7, new ProtoWriter().Text(1, "subtype").Text(2, to.Subtype)).Message(7, new ProtoWriter().Text(1, "content-encoding").Text(2, encoding))
            .Text(9, $"0:{now}%{id}").Number(10, id + 1).Number(17, 3600).Number(18, now).Bytes(21, body).ToArray();
        if (_streams.IsEmpty) _waiting.Enqueue(message);
        foreach (var stream in _streams.Keys) await Write(stream, DataMessage, message);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        foreach (var stream in _streams.Keys) await stream.DisposeAsync();
        _stopping.Dispose();
    }

    async Task Accept()
    {
        try
        {
            while (true) _ = Serve(await _listener.AcceptTcpClientAsync(_stopping.Token));
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            // Stopped.
        }
    }

    async Task Serve(TcpClient client)
    {
        using (client)
        {
            var stream = new SslStream(client.GetStream());
            try
            {
                await stream.AuthenticateAsServerAsync(_certificate);
                _ = await ReadByte(stream); // The browser's version.
                await stream.WriteAsync(new[] { Version }, _stopping.Token);
                await Talk(stream);
            }
            catch (Exception error) when (error is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException or ObjectDisposedException)
            {
                // The browser is gone.
            }
            finally
            {
                _streams.TryRemove(stream, out _);
                await stream.DisposeAsync();
            }
        }
    }

    async Task Talk(SslStream stream)
    {
        for (var received = 1; ; received++)
        {
            var tag = await ReadByte(stream);
            await stream.ReadExactlyAsync(new byte[await ReadVarint(stream)], _stopping.Token);
            if (tag == Ping) await Write(stream, Pong, new ProtoWriter().Number(3, received).ToArray());
            if (tag != LoginRequest) continue;
            _streams[stream] = new SemaphoreSlim(1);
            await Write(stream, LoginResponse, new ProtoWriter().Text(1, "chrome-1").Number(5, 1).Number(8, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()).ToArray());
            while (_waiting.TryDequeue(out var message)) await Write(stream, DataMessage, message);
        }
    }

    async Task Write(SslStream stream, byte tag, byte[] message)
    {
        if (!_streams.TryGetValue(stream, out var turn)) return;
        await turn.WaitAsync(_stopping.Token);
        try
        {
            await stream.WriteAsync(new ProtoWriter().Tag(tag).Varint((ulong)message.Length).Raw(message).ToArray(), _stopping.Token);
        }
        catch (IOException)
        {
            // The browser is gone.
        }
        finally
        {
            turn.Release();
        }
    }

    async Task<byte> ReadByte(SslStream stream)
    {
        var one = new byte[1];
        await stream.ReadExactlyAsync(one, _stopping.Token);
        return one[0];
    }

    async Task<int> ReadVarint(SslStream stream)
    {
        var value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = await ReadByte(stream);
            value |= (part & 127) << shift;
            if (part < 128) return value;
        }
    }
}

/// <summary>Writes protocol buffers, as far as the tests need them.</summary>
sealed class ProtoWriter
{
    readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public ProtoWriter Number(int field, long value) => Varint((ulong)field << 3).Varint((ulong)value);

    public ProtoWriter Fixed64(int field, ulong value) => Varint(((ulong)field << 3) | 1).Raw(BitConverter.GetBytes(value));

    public ProtoWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtoWriter Message(int field, ProtoWriter value) => Bytes(field, value.ToArray());

    public ProtoWriter Bytes(int field, byte[] value) => Varint(((ulong)field << 3) | 2).Varint((ulong)value.Length).Raw(value);

    public ProtoWriter Tag(byte tag) => Raw([tag]);

    public ProtoWriter Raw(byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public ProtoWriter Varint(ulong value)
    {
        for (; value > 127; value >>= 7) _bytes.Add((byte)(value | 128));
        _bytes.Add((byte)value);
        return this;
    }
}
