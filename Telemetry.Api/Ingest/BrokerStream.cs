using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MQTTnet.Channel;
using Telemetry.Api.Hosting;

namespace Telemetry.Api.Ingest;

/// <summary>A TCP connection to a broker that costs few system calls: it reads ahead, and what is written while the socket is busy goes out together.</summary>
/// <remarks>
/// MQTTnet reads two or three times a message and writes each acknowledgement by itself. Without that a single reading costs the server a third less (<c>scripts/bench ingest</c>).
/// For one caller that reads and one that writes.
/// </remarks>
sealed class BrokerStream(NetworkStream inner) : DuplexStream
{
    const int ReadBytes = 32 * 1024;

    /// <summary>After so many quick reads in a row, more than a car's burst, most of the work is waking up for each.</summary>
    const int Torrent = 16;

    /// <summary>Whoever writes waits while more than this has not gone out.</summary>
    const int MostWaiting = 64 * 1024;

    /// <summary>How long the last bytes, such as DISCONNECT, may take when the connection is closed.</summary>
    static readonly TimeSpan LastWrite = TimeSpan.FromSeconds(1);

    /// <summary>A read that waits no longer than this: thousands of messages come a second.</summary>
    static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(0.25);

    /// <summary>How long each read then lets more come together. The system makes it 1 to 2 ms.</summary>
    static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(1);

    readonly byte[] _read = new byte[ReadBytes];
    readonly Lock _gate = new();
    int _taken;
    int _quickReads;
    int _filled;
    ArrayBufferWriter<byte> _waiting = new();
    ArrayBufferWriter<byte> _leaving = new();
    Task _writing = Task.CompletedTask;
    bool _isWriting;
    IOException? _fault;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _taken < _filled ? ValueTask.FromResult(Take(buffer.Span)) : FillAndTakeAsync(buffer, cancellationToken);

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (_taken == _filled) (_taken, _filled) = (0, inner.Read(_read));
        return Take(buffer.AsSpan(offset, count));
    }

    /// <exception cref="IOException">The connection failed, now or in an earlier write.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Task writing;
        lock (_gate)
        {
            if (_fault is not null) throw new IOException(_fault.Message, _fault.InnerException);
            _waiting.Write(buffer.Span);
            // On another thread: on this one each would have gone out before the next one comes.
            if (!_isWriting) (_isWriting, _writing) = (true, Task.Run(WriteWaitingAsync, CancellationToken.None));
            if (_waiting.WrittenCount <= MostWaiting) return;
            writing = _writing;
        }

        await writing.WaitAsync(cancellationToken);
    }

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _writing.Wait(LastWrite);
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    async ValueTask<int> FillAndTakeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        (_taken, _filled) = (0, 0);
        if (_quickReads >= Torrent) await Task.Delay(Rest, cancellationToken);
        var asked = Stopwatch.GetTimestamp();
        _filled = await inner.ReadAsync(_read, cancellationToken);
        _quickReads = Stopwatch.GetElapsedTime(asked) < Quick ? _quickReads + 1 : 0;
        return Take(buffer.Span);
    }

    int Take(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _filled - _taken);
        _read.AsSpan(_taken, count).CopyTo(buffer);
        _taken += count;
        return count;
    }

    async Task WriteWaitingAsync()
    {
        while (true)
        {
            lock (_gate)
            {
                _leaving.ResetWrittenCount();
                _isWriting = _waiting.WrittenCount > 0;
                if (!_isWriting) return;
                (_waiting, _leaving) = (_leaving, _waiting);
            }

            try
            {
                await inner.WriteAsync(_leaving.WrittenMemory);
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException)
            {
                lock (_gate) _fault = error as IOException ?? new IOException(error.Message, error);
                return;
            }
        }
    }

    /// <summary>Connects; MQTTnet puts TLS on top where it is asked for.</summary>
    public sealed class Provider : IMqttClientStreamProvider
    {
        public static readonly Provider Instance = new();

        public async Task<System.IO.Stream> ConnectAsync(EndPoint brokerEndPoint, CancellationToken cancellationToken)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(brokerEndPoint, cancellationToken);
                return new BrokerStream(new NetworkStream(socket, ownsSocket: true));
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}
